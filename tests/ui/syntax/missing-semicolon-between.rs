use layerwise::network;

network! {
    struct First = Linear(10, 5) -> ReLU
    //                              ^^^^ `;` at the end
    pub struct Second = Linear(10, 5) -> ReLU;
}

fn main() {
    let _ = (First::new(), Second::new());
}
