use layerwise::network;

fn main() {
    let net = network!(< Linear(10, 5) -> ReLU -> Linear(6, 1) >);
    //                                                   ^ takes 6 inputs | gives 5
    let _ = net.forward(&layerwise::SVector::from_element(1.0));
}
