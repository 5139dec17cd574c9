use layerwise::Parameters;

#[derive(Clone, Parameters)]
enum Scale {
//   ^^^^^ for structs
    One,
}

fn main() {}
