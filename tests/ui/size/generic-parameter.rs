use layerwise::network;

fn build<const N: usize>() {
    network! {
        struct Net = Linear(10, N) -> ReLU;
        //                      ^ generic parameter
    }
    let _ = Net::new();
}

fn main() {
    build::<3>();
}
