use layerwise::network;

network! {
    struct Outer = Linear(10, 5) -> Inner -> Linear(5, 1);
    //     ^^^^^ `Outer` contains itself by way of `Inner`
    struct Inner = Linear(5, 5) -> [Outer; 2];
}

fn main() {}
