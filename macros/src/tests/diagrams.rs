//! Pictures are XML, and show what was written.

use std::{env, fs, path::Path};

use proc_macro2::TokenTree;
use quote::quote;

use super::{TokenStream, expand};

/// The picture of the first struct in the expansion.
fn diagram(declaration: &TokenStream) -> String {
    let mut found = None;
    find(expand(declaration), &mut found);
    let literal: syn::LitStr = syn::parse_str(&found.expect("a picture")).unwrap();
    literal.value()
}

fn find(tokens: TokenStream, found: &mut Option<String>) {
    for token in tokens {
        match token {
            TokenTree::Literal(literal) if literal.to_string().starts_with("\"<svg") => {
                found.get_or_insert(literal.to_string());
            }
            TokenTree::Group(group) => find(group.stream(), found),
            _ => {}
        }
    }
}

/// The texts of an XML document of elements, attributes and text, whose tags are balanced.
fn texts(xml: &str) -> String {
    let mut open = Vec::new();
    let mut texts = Vec::new();
    let mut rest = xml;
    while let Some((text, behind)) = rest.split_once('<') {
        let (tag, behind) = behind.split_once('>').expect("a tag ends");
        texts.push(unescaped(text));
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "in {xml}");
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert_eq!(attributes.matches('"').count() % 2, 0, "in {tag}");
        assert!(!tag.contains('&'), "in {tag}");
        if !attributes.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.is_empty(), "in {xml}");
    texts.concat()
}

fn unescaped(text: &str) -> String {
    let plain = text.replace("&lt;", "<").replace("&gt;", ">");
    assert_eq!(plain.matches('&').count(), plain.matches("&amp;").count());
    assert!(!text.contains('>') && !text.chars().any(char::is_control));
    plain.replace("&amp;", "&")
}

#[test]
fn a_picture_shows_what_was_written() {
    for (declaration, shown) in [
        (
            quote!(
                struct Net = fc1: Linear(10, 5) -> ReLU -> fc2: Linear(_, 1);
            ),
            &["Net", "fc1: Linear(10, 5)", "ReLU", "fc2: Linear(_, 1)"][..],
        ),
        (
            quote!(struct Net = body: (Linear(4, 4) -> Tanh) -> three: [Linear(_, 4) -> ReLU; 3] -> [Own; N];),
            &["body", "three × 3", "Own", "× N"],
        ),
        (
            quote!(struct Net = [Residual(Linear(8, 8) -> GELU); 2] -> Concat(a: Linear(_, 3), (Multiply(ReLU, Tanh)));),
            &[
                "Residual × 2",
                "Concat",
                "a: Linear(_, 3)",
                "+",
                "×",
                "‖",
                "11",
            ],
        ),
        (
            quote!(struct Net = Linear(1 << N, N & M) -> Scale<{ A & B }>;),
            &["1 <<N", "N & M", "Scale<{ A & B }>"],
        ),
        (
            quote!(struct Net = Linear("\u{1}
                <svg>&amp;".len(), 5);),
            &["<svg>&amp;"],
        ),
        (
            quote!(struct Net = Add(Linear(3, 4)) -> Linear(6);),
            &["Net", "?"],
        ),
    ] {
        let texts = texts(&diagram(&declaration));
        for text in shown {
            assert!(texts.contains(text), "{text} in {texts}");
        }
    }
}

#[test]
fn a_long_network_has_a_short_picture() {
    let layers = |count| {
        let layer = quote!(Linear(8, 8) -> ReLU);
        let layers = vec![layer; count];
        diagram(&quote!(struct Net = #(#layers)->*;))
    };
    assert!(!texts(&layers(12)).contains("more"));
    let texts = texts(&layers(1000));
    assert!(texts.contains("… 1977 more …"), "{texts}");
    assert!(layers(1000).len() < 10_000);
}

/// `DIAGRAMS=folder` keeps pictures there, to be looked at.
#[test]
fn pictures_to_look_at() {
    let Some(folder) = env::var_os("DIAGRAMS") else {
        return;
    };
    let declarations = [
        quote!(
            struct Plain = fc1: Linear(784, 128) -> ReLU -> fc2: Linear(_, 10) -> Softmax(dim = 1);
        ),
        quote!(
            struct Policy = Linear(48, 64) -> ELU
                -> blocks: [Residual(norm: LayerNorm(_) -> fc1: Linear(64, 4 * HIDDEN) -> GELU -> fc2: Linear(_, 64)); 2]
                -> Concat(mean: Linear(64, 12), gate: (Linear(64, 12) -> Sigmoid), Scale<64>);
        ),
        quote!(
            struct Nested = Input(6) -> Add(
                Multiply(Linear(_, 8), Linear(_, 8) -> Sigmoid), Linear(_, 8) -> Tanh, my::Own<{ A < B }>)
                -> Encoder -> [Linear(8, 8); DEPTH] -> Residual(Residual(Linear(_, 8)) -> Concat(Linear(8, 4), Linear(8, 4)));
        ),
        quote!(
            struct Wide = Concat(
                Linear(5, 3), ReLU, Tanh, [Residual(Linear(_, 5)); 4], Linear(_, 10) -> ReLU -> Linear(_, 1));
        ),
    ];
    let long = quote!(struct Long = Linear(Config::INPUTS + EXTRA_INPUTS, N) -> Concat(Linear(_, 2 * Config::A), (ReLU)) -> Residual(ReLU););
    for declaration in declarations.into_iter().chain([long]) {
        let svg = diagram(&declaration);
        let name = declaration
            .to_string()
            .split_whitespace()
            .nth(1)
            .unwrap()
            .to_owned();
        fs::write(Path::new(&folder).join(name + ".svg"), svg).unwrap();
    }
}
