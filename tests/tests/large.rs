//! Networks that are larger than any stack.

use std::thread;

use layerwise::{Layer, Parameters, SVector, network};

/// A layer of one's own, with a constant beside its tensor.
#[derive(Clone, Parameters)]
struct Scale {
    factor: SVector<f32, 2048>,
    #[parameters(constant = 2.0)]
    gain: f32,
}

impl Layer<SVector<f32, 2048>> for Scale {
    type Output = SVector<f32, 2048>;
    fn forward(&self, x: &SVector<f32, 2048>) -> SVector<f32, 2048> {
        x.component_mul(&self.factor) * self.gain
    }
}

network! {
    /// 64 MB of weights.
    struct Large = first: Linear(2048, 2048)
        -> LeakyReLU(0.2)
        -> [Linear(2048, 2048) -> Tanh; 3]
        -> Scale
        -> last: Linear(2048, 4);
}

#[test]
fn a_large_network_is_made_and_run_on_a_small_stack() {
    const { assert!(Large::PARAMETERS > (64 << 20) / 4) };
    let run = || {
        let mut net = Large::boxed();
        assert_eq!(net.leakyrelu1.negative_slope.to_bits(), 0.2_f64.to_bits());
        assert_eq!(net.scale3.gain.to_bits(), 2.0_f32.to_bits());
        let x = SVector::from_element(0.01);
        let y = net.forward(&x);
        assert!(y.iter().all(|y| y.is_finite() && *y != 0.0));
        let file = net.to_safetensors();
        net.last.bias.fill(5.0);
        assert_ne!(net.forward(&x), y);
        net.read_safetensors(&file).unwrap();
        assert_eq!(net.forward(&x), y);
    };
    let thread = thread::Builder::new().stack_size(2 << 20).spawn(run);
    thread.unwrap().join().unwrap();
}
