use layerwise::network;

network! {
    struct Net = < >;
    //             ^ expected a layer
}

fn main() {}
