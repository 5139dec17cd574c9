//! The table of layers in the README: what the registries have, with what the runtime's documentation
//! says of each. `UPDATE_README=1 cargo test -p layerwise-macros --lib readme` writes it.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use syn::{Attribute, Expr, ExprLit, Fields, Item, ItemStruct, Lit, Meta, MetaNameValue};

use crate::{
    combine::COMBINATORS,
    layers::{self, Kind, Spec},
    text::text,
};

const START: &str = "<!-- layers: UPDATE_README=1 cargo test -p layerwise-macros --lib readme -->";
const END: &str = "<!-- end of layers -->";

#[test]
fn the_readme_has_every_layer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join("README.md");
    let kept = fs::read_to_string(&path).unwrap();
    let (before, rest) = kept.split_once(START).expect("the mark before the table");
    let (_, after) = rest.split_once(END).expect("the mark behind the table");
    let table = table(&structs(&root.join("runtime/src")));
    let written = format!("{before}{START}\n\n{table}\n{END}{after}");
    if env::var_os("UPDATE_README").is_some() {
        fs::write(&path, &written).unwrap();
        return;
    }
    assert!(
        written == kept,
        "the table of layers is old: the comment before it has the command that writes it"
    );
}

/// The structs that are declared in the folders of what can be declared.
fn structs(sources: &Path) -> Vec<ItemStruct> {
    let mut structs = Vec::new();
    for folder in ["activation", "layers", "combine"] {
        for path in files(&sources.join(folder)) {
            let source = fs::read_to_string(path).unwrap();
            structs.extend(
                syn::parse_file(&source)
                    .unwrap()
                    .items
                    .into_iter()
                    .filter_map(|item| match item {
                        Item::Struct(item) => Some(item),
                        Item::Type(alias) => Some(named(&alias)),
                        Item::Macro(item) if item.mac.path.is_ident("gated") => {
                            item.mac.parse_body_with(gated).ok()
                        }
                        _ => None,
                    }),
            );
        }
    }
    structs
}

/// The sources in a folder and in those inside it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let inside = entries.flat_map(|path| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    });
    inside
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

/// Another name of a layer, which has no fields here.
fn named(alias: &syn::ItemType) -> ItemStruct {
    let (attributes, name) = (&alias.attrs, &alias.ident);
    syn::parse_quote!(#(#attributes)* pub struct #name;)
}

/// A layer that the runtime's `gated!` declares: its documentation, its name, and its options' fields.
fn gated(input: syn::parse::ParseStream<'_>) -> syn::Result<ItemStruct> {
    let attributes = input.call(Attribute::parse_outer)?;
    let name: syn::Ident = input.parse()?;
    let rest: Vec<proc_macro2::TokenTree> = input
        .parse::<proc_macro2::TokenStream>()?
        .into_iter()
        .collect();
    let fields = rest.last();
    Ok(syn::parse_quote!(#(#attributes)* pub struct #name #fields))
}

fn table(structs: &[ItemStruct]) -> String {
    let find = |name: &str| {
        let found = structs.iter().find(|item| item.ident == name);
        found.unwrap_or_else(|| panic!("no struct `{name}` in the runtime"))
    };
    let mut table =
        "| layer | computes | options | PyTorch |\n| --- | --- | --- | --- |\n".to_owned();
    for spec in layers::names().filter_map(layers::find) {
        let mut item = find(spec.name).clone();
        if item.ident == "BatchNorm2d" {
            item.fields = find("BatchNorm1d").fields.clone();
        }
        let item = &item;
        let (computes, torch) = computes(item);
        let cells = [
            form(spec),
            computes,
            options(spec, item),
            format!("`{torch}`"),
        ];
        table += &row(&cells);
    }
    for spec in COMBINATORS {
        let docs = docs(&find(spec.name).attrs);
        let (form, computes) = docs
            .split_once("`: ")
            .expect("`Form(chain)`: what it computes.");
        let (computes, _) = computes.split_once('.').expect("a sentence");
        table += &row(&[
            format!("{form}`"),
            computes.to_owned(),
            String::new(),
            String::new(),
        ]);
    }
    table
}

fn row(cells: &[String; 4]) -> String {
    // A bar would end its cell.
    let cells = cells.each_ref().map(|cell| cell.replace('|', "\\|"));
    format!("| {} |\n", cells.join(" | "))
        .replace("|  |", "| |")
        .replace("|  |", "| |")
}

/// `` `Linear(in_features, out_features)` ``, without the options that can be left out.
fn form(spec: &Spec) -> String {
    match spec.sizes {
        _ if spec.needs_options => format!("`{}`", spec.signature()),
        [] => format!("`{}`", spec.name),
        sizes => format!("`{}({})`", spec.name, sizes.join(", ")),
    }
}

/// What stands before ``as [`torch.nn.ELU`]`` in the documentation, and `nn.ELU`.
fn computes(item: &ItemStruct) -> (String, String) {
    let docs = docs(&item.attrs);
    let parts = docs.split_once("[`torch.").and_then(|(before, behind)| {
        let (computes, _) = before.rsplit_once(", as")?;
        let (torch, _) = behind.split_once('`')?;
        let computes = computes.replace("`y = ", "`");
        let computes = computes.replacen("The ", "the ", usize::from(computes.starts_with("The ")));
        let computes = computes.replacen("A ", "a ", usize::from(computes.starts_with("A ")));
        Some((without_links(&computes), torch.to_owned()))
    });
    parts.unwrap_or_else(|| {
        let name = &item.ident;
        panic!("the documentation of `{name}` begins `…, as [`torch.nn.{name}`]`: {docs}")
    })
}

/// The names and defaults of the options: a default is the constant of the field of that name, and a
/// flag, which may be no field, is `true`. An option that can't be anything else is left out.
fn options(spec: &Spec, item: &ItemStruct) -> String {
    if spec.needs_options {
        return String::new();
    }
    let changes = |kind: &Kind| !matches!(kind, Kind::True(_) | Kind::False(_) | Kind::Only(..));
    let options = spec
        .options
        .iter()
        .filter(|(_, kind)| changes(kind))
        .map(|(name, kind)| {
            let default = constant(name, &item.fields);
            match (kind, default) {
                (Kind::Flag, _) => format!("`{name} = true`"),
                (Kind::Switch, _) => format!("`{name} = false`"),
                (Kind::UpTo(_), _) | (Kind::Whole(1, _), None) => format!("`{name} = 1`"),
                (Kind::Padding(_), _) => format!("`{name} = 0` (or `\"same\"`, `\"valid\"`)"),
                (Kind::Whole(..) | Kind::OrNone(_), Some(default)) => {
                    let default = match default.trim_matches('[').split(';').next() {
                        Some(default) if !default.contains("KERNEL") => default,
                        _ => "kernel_size",
                    };
                    format!("`{name} = {default}`")
                }
                (Kind::Count, _) => format!("`{name} = 1` or the number of features, also as `_`"),
                (Kind::Choice(words), Some(default)) => {
                    let (there, others): (Vec<_>, Vec<_>) =
                        words.iter().partition(|(_, path)| *path == default);
                    let words = there.into_iter().chain(others);
                    let words: Vec<String> =
                        words.map(|(word, _)| format!("`\"{word}\"`")).collect();
                    format!("`{name} = {}", &words.join(" or ")[1..])
                }
                (_, Some(default)) if !default.contains("::") => format!("`{name} = {default}`"),
                _ => format!("`{name}` = the scalar's machine epsilon"),
            }
        });
    options.collect::<Vec<_>>().join(", ")
}

/// What `#[parameters(constant = …)]` says of the field; or the first `#[parameters(init = …)]`, for what
/// a layer's tensors begin with.
fn constant(name: &str, fields: &Fields) -> Option<String> {
    let (key, field) = if name == "init" {
        ("init", fields.iter().next()?)
    } else {
        let is_it = |field: &&syn::Field| field.ident.as_ref().is_some_and(|ident| ident == name);
        ("constant", fields.iter().find(is_it)?)
    };
    field.attrs.iter().find_map(|attribute| {
        let value: MetaNameValue = attribute.parse_args().ok()?;
        value.path.is_ident(key).then(|| text(&value.value))
    })
}

/// The first paragraph of the documentation.
fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(MetaNameValue {
                path,
                value:
                    Expr::Lit(ExprLit {
                        lit: Lit::Str(line),
                        ..
                    }),
                ..
            }) if path.is_ident("doc") => Some(line.value().trim().to_owned()),
            _ => None,
        });
    let paragraph: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    paragraph.join(" ")
}

/// `` `Softmax` `` for ``[`Softmax`](super::Softmax)``.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("[`") {
        let (name, behind) = link.split_once("`]").expect("a link's text ends");
        let target = behind
            .strip_prefix('(')
            .and_then(|behind| behind.split_once(')'));
        plain.extend([before, "`", name, "`"]);
        rest = target.map_or(behind, |(_, behind)| behind);
    }
    plain + rest
}
