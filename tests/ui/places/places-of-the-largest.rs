use layerwise::network;

network! {
    struct Net = Input(1, 8) -> MaxPool1d(2, return_indices = true);
    //                                                        ^^^^ no layer takes the places
}

fn main() {}
