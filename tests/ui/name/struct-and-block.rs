use layerwise::network;

network! {
    struct Net = body: (Linear(10, 5));
    struct NetBody = Linear(3, 2);
    //     ^^^^^^^ two networks | `NetBody`
}

fn main() {}
