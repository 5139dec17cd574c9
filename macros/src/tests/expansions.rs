//! Representative expansions, kept as formatted files in `expansions/`, so that a change of
//! the generated code is seen in review. `UPDATE_EXPANSIONS=1 cargo test -p layerwise-macros`
//! writes them.

use std::{env, fs, path::Path};

use quote::quote;

use super::{TokenStream, expand};

fn is_kept(name: &str, declaration: &TokenStream) {
    let expanded = expand(declaration);
    assert_eq!(
        expanded.to_string(),
        expand(declaration).to_string(),
        "the expansion is the same every time"
    );
    let file = syn::parse2(expanded).expect("the expansion is items");
    let formatted: String = prettyplease::unparse(&file)
        .lines()
        .map(|line| without_pictures(line) + "\n")
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/tests/expansions")
        .join(format!("{name}.rs"));
    if env::var_os("UPDATE_EXPANSIONS").is_some() {
        fs::write(&path, &formatted).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(formatted, kept, "{} differs", path.display());
}

/// A line up to a picture, of which there is nothing to read.
fn without_pictures(line: &str) -> String {
    let starts = ["<svg ", "data:image/svg+xml;base64,"];
    let start = starts.iter().find_map(|start| line.find(start));
    start.map_or_else(|| line.to_owned(), |start| format!("{}…", &line[..start]))
}

#[test]
fn small() {
    is_kept(
        "small",
        &quote!(
            /// Five hidden units and one output.
            pub struct SimpleNN = fc1: Linear(10, 5) -> ReLU -> fc2: Linear(5, 1);
        ),
    );
}

#[test]
fn constants() {
    is_kept(
        "constants",
        &quote!(
            #[cfg(feature = "double")]
            #[network(scalar = f64)]
            struct Net = Linear(N, 2 * N, bias = false) -> LeakyReLU(0.2) -> Linear(HIDDEN, 1);
        ),
    );
}

#[test]
fn blocks() {
    is_kept(
        "blocks",
        &quote!(struct Net = body: (Linear(4, 4) -> Tanh) -> [Linear(_, 4) -> ReLU; 3];),
    );
}

#[test]
fn own_layers() {
    is_kept(
        "own_layers",
        &quote!(pub(crate) struct Net = Encoder -> my::Scale<5> -> Linear(5, 2) -> Softmax(dim = 1);),
    );
}

#[test]
fn stream() {
    is_kept(
        "stream",
        &quote!(pub struct Amp = Stream(1) -> gru: GRU(1, 8) -> [Residual(Conv1d(8, 8, 2)); 2] -> fc: Linear(8, 1);),
    );
}

#[test]
fn weights() {
    is_kept(
        "weights",
        &quote!(
            #[network(weights = "../tests/ui/weights/net.safetensors", check = "../tests/ui/weights/net_check.safetensors")]
            struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
        ),
    );
}
