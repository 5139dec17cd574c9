use layerwise::network;

network! {
    #[network(max_macs = 100, max_macs = 50)]
    //                        ^^^^^^^^ `max_macs` is given twice
    struct Net = Linear(10, 5);
}

fn main() {}
