use layerwise::network;

network! {
    struct First = Linear(10, 5) -> ReLU
    struct Second = Linear(10, 5) -> ReLU;
//  ^^^^^^ expected | `;` | found `struct`
}

fn main() {}
