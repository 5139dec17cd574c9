//! `forward` and `forward_batch` allocate nothing.

use std::hint::black_box;

use layerwise::{SVector, network};
use layerwise_tests::{Counting, usage};

#[global_allocator]
static COUNTING: Counting = Counting;

network! {
    struct Net = Linear(13, 33) -> ReLU -> ReLU6 -> LeakyReLU -> [Linear(_, 33) -> Tanh; 2]
        -> body: (Sigmoid -> Identity) -> Linear(_, 7, bias = false) -> Softmax;
}

#[test]
fn a_forward_pass_allocates_nothing() {
    let net = Net::new();
    let inputs = [SVector::from_element(0.1); 9];
    let mut outputs = [SVector::zeros(); 9];
    let counted = usage(|| drop(black_box(Box::new(1))));
    assert_eq!(counted.count, 1, "allocations are counted");
    assert_eq!(usage(|| outputs[0] = net.forward(&inputs[0])).count, 0);
    assert_eq!(usage(|| net.forward_batch(&inputs, &mut outputs)).count, 0);
}
