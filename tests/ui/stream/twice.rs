use layerwise::network;

network! {
    struct Amp = Stream Stream(1) -> GRU(_, 8);
    //           ^^^^^^ `Stream` takes one size
    //                  ^^^^^^ expected `->` and a layer
    struct Net = Input Input(1) -> Linear(_, 8);
    //           ^^^^^ `Input` takes the sizes of what enters
    //                 ^^^^^ expected `->` and a layer
}

fn main() {}
