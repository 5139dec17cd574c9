use layerwise::network;

network! {
    struct Net = Imput(5) -> ReLU;
    //           ^^^^^ write `Input`
}

fn main() {}
