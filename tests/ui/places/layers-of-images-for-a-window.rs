use layerwise::network;

network! {
    struct Net = Input(2, 9) -> MaxPool2d(2) -> Flatten;
    //                          ^^^^^^^^^^^^ takes images | write `MaxPool1d(…)`
}

fn main() {}
