//! Whatever the input, the macro answers with an expansion or an error, and never panics.

use std::str::FromStr;

use proc_macro2::{Group, TokenStream, TokenTree};
use proptest::{prelude::*, test_runner::RngSeed};

use super::expand;

/// Declarations that are right, to be broken.
const DECLARATIONS: &[&str] = &[
    "pub struct Net = fc1: Linear(10, 5) -> ReLU -> fc2: Linear(5, 1);",
    "struct Net = < Linear(N, 2 * N) -> LeakyReLU(negative_slope = 0.2) -> Linear(_, 3) >;",
    "struct Net = Input(4) -> body: (Tanh -> my::Scale<4>) -> [Linear(4, 4) -> Sigmoid; 3];",
    "Linear(10, 5) -> ReLU -> Linear(5, 1)",
];

/// The same with attributes.
const WITH_ATTRIBUTES: &[&str] = &[
    "#[network(scalar = f64)] struct A = Linear(1, 2, bias = false); struct B = A -> Softmax(dim = 1);",
    "#[network(weights = \"../tests/ui/weights/net.safetensors\", \
      check = \"../tests/ui/weights/net_check.safetensors\", tolerance = 1e-5)] \
      struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);",
    "#[derive(PartialEq)] #[cfg(unix)] pub(crate) struct Net = a: [[Linear(2, 2); N]; 2];",
];

/// Structs that derive `Parameters`, to be broken. Derives only get what Rust itself can read.
const STRUCTS: &[&str] = &[
    "struct Scale { factor: SVector<f32, 5>, #[parameters(constant = 2.0)] gain: f32 }",
    "#[parameters(crate = crate)] pub struct Pair<A, const N: usize>(A, [SMatrix<f32, N, 2>; 3]);",
    "struct Norm where { #[parameters(buffer)] #[parameters(init = 1.0)] mean: my::Tensor<5> }",
    "pub struct Nothing;",
];

/// What the language is made of, and some of what it isn't.
const VOCABULARY: &[&str] = &[
    "struct",
    "pub",
    "Net",
    "Net2",
    "fc1",
    "Linear",
    "ReLU",
    "Softmax",
    "LeakyReLU",
    "Input",
    "Relu",
    "self",
    "Self",
    "crate",
    "super",
    "_",
    "=",
    "->",
    "->",
    "->",
    "-",
    ">",
    "<",
    "<<",
    ">>",
    "::",
    ":",
    ";",
    ",",
    "|",
    "=>",
    "==",
    "!",
    "#",
    "$",
    "'a",
    "0",
    "1",
    "5",
    "-1",
    "0.2",
    "1e400",
    "99999999999999999999",
    "5u8",
    "5usize",
    "\"text\"",
    "b'x'",
    "true",
    "false",
    "bias",
    "dim",
    "negative_slope",
    "scalar",
    "network",
    "f64",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "N",
    "2 * N",
    "fn",
    "type",
    "r#type",
    "for",
    "dyn",
    "impl",
    "where",
    "as",
    "..",
    "...",
    "&",
    "?",
    "@",
    "é",
    "(5)",
    "(10, 5)",
    "[5; 3]",
    "#[cfg(x)]",
    "#[network(scalar = f64)]",
    "#[network(weights)]",
    "#[network(weights = \"../tests/ui/weights/cut.safetensors\")]",
    "#[network(weights = \"../tests/ui/weights/net.safetensors\", prefix = \"fc\", strict = false)]",
    "prefix",
    "strict",
    "#[network(check = \"../tests/ui/weights/integers.safetensors\")]",
    "tolerance",
    "#[derive(Clone)]",
    "#[derive]",
    "#[parameters(constant = 1)]",
    "#[parameters(init)]",
    "#[parameters(crate = 5)]",
    "#![x]",
    "()",
    "[]",
    "{}",
];

/// The answer is Rust: items, or the block of an expression.
fn answers(input: &TokenStream) {
    let answer = expand(input);
    let is_rust = syn::parse2::<syn::File>(answer.clone()).is_ok()
        || syn::parse2::<syn::Expr>(answer.clone()).is_ok();
    assert!(is_rust, "{input}\nexpands to\n{answer}");
    assert!(!answer.is_empty(), "{input}\nexpands to nothing");
}

/// Changes the `at`-th token, counted through all groups.
fn mutate(tokens: TokenStream, at: &mut usize, change: &Change) -> TokenStream {
    let mut mutated: Vec<TokenTree> = Vec::new();
    let mut last_changed = None;
    for token in tokens {
        let here = *at == 0;
        *at = at.wrapping_sub(1);
        let token = match token {
            TokenTree::Group(group) => {
                let stream = mutate(group.stream(), at, change);
                Group::new(group.delimiter(), stream).into()
            }
            other => other,
        };
        match change {
            Change::Delete if here => continue,
            Change::Double if here => mutated.push(token.clone()),
            Change::Swap if here => last_changed = Some(mutated.len()),
            Change::Replace(new) if here => {
                mutated.extend(new.clone());
                continue;
            }
            Change::Insert(new) if here => mutated.extend(new.clone()),
            _ => {}
        }
        mutated.push(token);
    }
    if let Some(index) = last_changed
        && index + 1 < mutated.len()
    {
        mutated.swap(index, index + 1);
    }
    mutated.into_iter().collect()
}

#[derive(Clone, Debug)]
enum Change {
    Delete,
    Double,
    Swap,
    Replace(TokenStream),
    Insert(TokenStream),
}

fn any_word() -> impl Strategy<Value = TokenStream> {
    let words: Vec<TokenStream> = VOCABULARY
        .iter()
        .filter_map(|word| TokenStream::from_str(word).ok())
        .collect();
    prop::sample::select(words)
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Delete),
        Just(Change::Double),
        Just(Change::Swap),
        any_word().prop_map(Change::Replace),
        any_word().prop_map(Change::Insert),
    ]
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(0),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The answer to a declaration of which up to three tokens are changed.
fn answers_mutated(declaration: &str, changes: Vec<(usize, Change)>) {
    let mut tokens = TokenStream::from_str(declaration).unwrap();
    for (mut at, change) in changes {
        tokens = mutate(tokens, &mut at, &change);
    }
    answers(&tokens);
}

proptest! {
    #![proptest_config(config(2048))]

    #[test]
    fn mutated_declarations(
        declaration in prop::sample::select(DECLARATIONS),
        changes in prop::collection::vec((0..60_usize, any_change()), 1..4),
    ) {
        answers_mutated(declaration, changes);
    }

    #[test]
    fn mutated_attributes(
        declaration in prop::sample::select(WITH_ATTRIBUTES),
        changes in prop::collection::vec((0..60_usize, any_change()), 1..4),
    ) {
        answers_mutated(declaration, changes);
    }
}

proptest! {
    #![proptest_config(config(4096))]

    #[test]
    fn random_words(words in prop::collection::vec(prop::sample::select(VOCABULARY), 0..30)) {
        // What doesn't lex (an unclosed parenthesis) never reaches a macro.
        if let Ok(tokens) = TokenStream::from_str(&words.join(" ")) {
            answers(&tokens);
        }
    }

    #[test]
    fn random_text(text in "\\PC{0,60}") {
        if let Ok(tokens) = TokenStream::from_str(&text) {
            answers(&tokens);
        }
    }

    #[test]
    fn mutated_structs(
        declaration in prop::sample::select(STRUCTS),
        changes in prop::collection::vec((0..40_usize, any_change()), 1..4),
    ) {
        let mut tokens = TokenStream::from_str(declaration).unwrap();
        for (mut at, change) in changes {
            tokens = mutate(tokens, &mut at, &change);
        }
        let answer = crate::derive::parameters(tokens.clone());
        let is_rust = syn::parse2::<syn::File>(answer.clone()).is_ok();
        prop_assert!(is_rust && !answer.is_empty(), "{tokens}\nexpands to\n{answer}");
    }
}

#[test]
fn nothing_at_all() {
    answers(&TokenStream::new());
    assert!(!crate::derive::parameters(TokenStream::new()).is_empty());
    assert!(!crate::expand::network(TokenStream::new()).is_empty());
}
