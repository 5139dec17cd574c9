use layerwise::network;

const LAYERS: usize = 2;

network! {
    struct Net = Stream(1) -> GRU(1, 8, num_layers = LAYERS) -> Linear(8, 1);
    //                                               ^^^^^^ must be written out | `LAYERS`
}

fn main() {}
