//! Every declaration of the README and the examples, with one token deleted, doubled or swapped
//! with its neighbour: still a valid program, or one error or two at what the user wrote. By default
//! every 29th of these, and with `MUTATIONS=all` each.

use std::{
    env,
    fmt::Write as _,
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use proc_macro2::{Spacing, TokenStream, TokenTree};

use crate::compiler::Compiler;

/// A whole program, and where in it a `network!` has its input.
struct Program {
    name: String,
    source: String,
    input: Range<usize>,
}

/// The programs of the README: its Rust blocks, made whole as rustdoc makes them.
fn readme(root: &Path) -> Vec<Program> {
    let page = fs::read_to_string(root.join("README.md")).unwrap();
    let blocks = page.split("```rust").skip(1);
    let sources = blocks.map(|block| {
        let code = block.split("```").next().unwrap();
        let (_, code) = code.split_once('\n').unwrap();
        let lines: Vec<&str> = code
            .lines()
            .map(|line| line.strip_prefix("# ").unwrap_or(line))
            .collect();
        let returns = if code.contains("Ok::<(), layerwise::WeightsError>(())") {
            " -> Result<(), layerwise::WeightsError>"
        } else {
            ""
        };
        let code = lines
            .join("\n")
            .replace("Ok::<(), layerwise::WeightsError>(())", "Ok(())");
        format!("fn main(){returns} {{\n{code}\n}}\n")
    });
    sources
        .enumerate()
        .flat_map(|(index, source)| programs(&format!("readme{index}"), &source))
        .collect()
}

/// The programs of the examples.
fn examples(root: &Path) -> Vec<Program> {
    ["digits", "simple", "custom_layer", "diagram"]
        .into_iter()
        .flat_map(|name| {
            let path = root.join("examples").join(name).join("main.rs");
            programs(name, &fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// The program once for each `network!` in it.
fn programs(name: &str, source: &str) -> Vec<Program> {
    source
        .match_indices("network!")
        .filter_map(|(at, call)| {
            let rest = source[at + call.len()..].trim_start();
            let open = source.len() - rest.len();
            let (start, end) = match rest.chars().next()? {
                '{' => ('{', '}'),
                '(' => ('(', ')'),
                _ => return None,
            };
            let mut depth = 0;
            let close = rest.char_indices().find(|(_, c)| {
                depth += i32::from(*c == start) - i32::from(*c == end);
                depth == 0
            })?;
            Some(Program {
                name: format!("{name}-{at}"),
                source: source.to_owned(),
                input: open + 1..open + close.0,
            })
        })
        .collect()
}

/// The tokens as ranges of `text`, each list being neighbours; a group is a token too, and `->` one.
fn neighbours(tokens: TokenStream, lists: &mut Vec<Vec<Range<usize>>>) {
    let mut list: Vec<Range<usize>> = Vec::new();
    let mut joined = false;
    for token in tokens {
        let range = token.span().byte_range();
        match list.last_mut() {
            Some(first_half) if joined => first_half.end = range.end,
            _ => list.push(range),
        }
        joined = matches!(&token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
        if let TokenTree::Group(group) = token {
            neighbours(group.stream(), lists);
        }
    }
    lists.push(list);
}

/// The text with each token deleted, doubled, and swapped with the next.
fn mutants(text: &str) -> Vec<String> {
    let mut lists = Vec::new();
    neighbours(text.parse().unwrap(), &mut lists);
    let mut mutants = Vec::new();
    for list in lists {
        for (index, token) in list.iter().enumerate() {
            let (before, at, after) = (
                &text[..token.start],
                &text[token.clone()],
                &text[token.end..],
            );
            // A doc comment would swallow what follows it on its line.
            if at.starts_with("//") {
                continue;
            }
            mutants.push(format!("{before}{after}"));
            mutants.push(format!("{before}{at} {at}{after}"));
            if let Some(next) = list.get(index + 1) {
                let (between, second) = (&text[token.end..next.start], &text[next.clone()]);
                let after = &text[next.end..];
                mutants.push(format!("{before}{second} {between}{at} {after}"));
            }
        }
    }
    mutants
}

#[test]
fn a_slip_is_at_most_two_errors_at_what_was_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutants");
    // Some are found from the source, and weights from the manifest.
    fs::create_dir_all(folder.join("digits")).unwrap();
    fs::create_dir_all(folder.join("weights")).unwrap();
    let weights = "weights/net.safetensors";
    fs::copy(root.join("runtime").join(weights), folder.join(weights)).unwrap();
    for data in [
        "digits.safetensors",
        "digits_check.safetensors",
        "digits.csv.gz",
        "pytorch.txt",
        "samples.rs",
        "score.rs",
        "time.rs",
    ] {
        for folder in [&folder, &folder.join("digits")] {
            fs::copy(root.join("examples/digits").join(data), folder.join(data)).unwrap();
        }
    }

    // A few by default, of which every program has some: together they take minutes.
    let step = if env::var_os("MUTATIONS").is_some_and(|which| which == "all") {
        1
    } else {
        29
    };
    let mut number = 0;
    let mut paths: Vec<PathBuf> = Vec::new();
    for program in readme(&root).into_iter().chain(examples(&root)) {
        let Program {
            name,
            source,
            input,
        } = program;
        let (before, after) = (&source[..input.start], &source[input.end..]);
        let right = [source[input.clone()].to_owned()];
        let mutants = mutants(&source[input.clone()]);
        for (index, text) in right.into_iter().chain(mutants).enumerate() {
            number += 1;
            if index > 0 && number % step != 0 {
                continue;
            }
            let path = folder.join(format!("{name}-{index}.rs"));
            fs::write(&path, format!("{before}{text}{after}")).unwrap();
            paths.push(path);
        }
    }
    let mut report = String::new();
    for (path, errors) in paths.iter().zip(Compiler::new().all_errors(&paths)) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        // The first of each program is the program as it is.
        let allowed = if name.ends_with("-0") { 0 } else { 2 };
        let hidden = errors.iter().any(|error| !error.is_in_the_program);
        if errors.len() > allowed || hidden {
            writeln!(report, "\n{name}: {} errors", errors.len()).unwrap();
            for error in errors {
                let place = if error.is_in_the_program {
                    ""
                } else {
                    "hidden "
                };
                writeln!(report, "  {place}{:?} {}", error.lines, error.message).unwrap();
            }
        }
    }
    println!("{} programs", paths.len());
    assert!(report.is_empty(), "{report}");
}
