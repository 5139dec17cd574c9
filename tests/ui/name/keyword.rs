use layerwise::network;

network! {
    struct Net = type: Linear(10, 5);
    //           ^^^^ keyword | `r#type`
}

fn main() {}
