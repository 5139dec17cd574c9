use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> Net;
    //     ^^^ `Net` contains itself
}

fn main() {}
