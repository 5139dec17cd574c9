use layerwise::network;

mod my {
    pub struct Scale;
}

network! {
    struct Net = Linear(10, 5) -> my::Scale(5);
    //                            ^^^^^^^^^ takes no `(…)`
}

fn main() {}
