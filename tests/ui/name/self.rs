use layerwise::network;

network! {
    struct Net = self: Linear(10, 5);
    //           ^^^^ keyword | write another name
}

fn main() {}
