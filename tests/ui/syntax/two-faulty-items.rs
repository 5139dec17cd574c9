use layerwise::network;

network! {
    struct First = Linear(10, 5) => ReLU;
    //                           ^^ expected `->`
    struct Second = Linear(10, 5) ReLU;
    //                            ^^^^ expected `->`
    struct Third = Linear(10, 5) -> Linear(4, 2);
    //                                     ^ takes 4 inputs
}

fn main() {
    let _ = First::new().forward(&layerwise::SVector::from_element(1.0));
    let _ = (Second::new(), Third::new());
}
