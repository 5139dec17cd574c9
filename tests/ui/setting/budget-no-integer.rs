use layerwise::network;

network! {
    #[network(max_bytes = 64.5)]
    //                    ^^^^ a budget is a whole number, not `64.5` | write `max_bytes = 65_536`
    struct Net = Linear(10, 5);
}

fn main() {
    let _ = Net::new();
}
