use layerwise::network;

const A: usize = 6;
const B: usize = A + 1;

network! {
    struct Net = fc1: Linear(10, A) -> Tanh -> Linear(B, 1);
    //                                                ^ takes 7 inputs | `Linear(10, A)` before it gives 6
}

fn main() {
    let _ = Net::new().forward(&Net::zeros().fc1.weight.row(0).transpose());
    let _ = (Net::INPUTS, Net::OUTPUTS, Net::SUMMARY, Net::PARAMETERS);
}
