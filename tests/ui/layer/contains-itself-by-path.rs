use layerwise::network;

network! {
    struct Net = Linear(5, 5) -> self::Net;
    //     ^^^ `Net` contains itself
}

fn main() {}
