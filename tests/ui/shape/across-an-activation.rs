use layerwise::network;

network! {
    pub struct Net = fc1: Linear(10, 5) -> ReLU -> fc2: Linear(6, 1);
    //                                                         ^ `Linear(6, 1)` takes 6 inputs | `Linear(10, 5)` before it gives 5
}

fn main() {
    let _ = Net::new().forward(&Net::zeros().fc1.weight.row(0).transpose());
    let _ = (Net::INPUTS, Net::OUTPUTS, Net::SUMMARY, Net::PARAMETERS);
}
