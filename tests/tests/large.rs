//! Networks that are larger than any stack, or longer than a function should be.

use std::thread;

use layerwise::{Layer, MSELoss, Parameters, SGD, SVector, Trainer, network};

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

network! {
    /// Few numbers, which in a release build stay in registers through all stages.
    struct Long = Linear(6, 6) -> Tanh -> ELU -> SELU -> GELU -> Mish -> Softplus -> Linear(6, 6) -> Tanh
        -> ELU -> SELU -> GELU -> Mish -> Softplus -> Sigmoid -> Tanh -> ELU -> SELU -> GELU -> Mish;
}

fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(2 << 20).spawn(run);
    thread.unwrap().join().unwrap();
}

#[test]
fn a_long_network_runs_on_a_small_stack_in_a_debug_build() {
    on_a_small_stack(|| {
        let xs = [SVector::from_element(0.5); 20];
        let net = Long::new();
        let mut ys = xs;
        net.forward_batch(&xs, &mut ys);
        assert!((net.forward(&xs[0]) - ys[0]).amax() < 1e-5);
        let mut trainer = Trainer::new(net, SGD::new(0.1), MSELoss);
        let loss = trainer.evaluate(&xs, &xs);
        assert!((trainer.step(&xs, &xs) - loss).abs() < 1e-5);
        assert!(trainer.step(&xs[..1], &xs[..1]) < loss);
    });
}

#[test]
fn a_large_network_is_made_and_run_on_a_small_stack() {
    const { assert!(Large::PARAMETERS > (64 << 20) / 4) };
    on_a_small_stack(|| {
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
    });
}
