//! layerwise, as its README has it.

use layerwise::{__private::kernels::Level, network};
use nalgebra::SVector;

use super::vectors::{self, Network};
use super::{Mode, Prepared, Runner};
use crate::models::Model;

pub const NAME: &str = "layerwise";
pub const NAME_AVX2: &str = "layerwise-avx2";

network! {
    struct Seed = Linear(10, 5) -> ReLU -> Linear(5, 1);
    struct SeedSoftmax = Linear(10, 5) -> Linear(5, 3) -> Softmax;
    struct Mnist =
        Linear(784, 128) -> ReLU -> Linear(128, 64) -> ReLU -> Linear(64, 10) -> Softmax;
    struct Policy = Linear(17, 256) -> Tanh -> Linear(256, 256) -> Tanh -> Linear(256, 6);
    struct Mid = Linear(64, 64) -> Sigmoid -> Linear(64, 64) -> Sigmoid -> Linear(64, 1);

    struct Actor = Linear(48, 512) -> ELU -> Linear(512, 256) -> ELU -> Linear(256, 128) -> ELU
        -> Linear(128, 12);
    struct ResidualMlp =
        [Residual(LayerNorm(64) -> Linear(64, 64) -> GELU -> Linear(64, 64)); 4];
    struct Gated =
        Multiply(Linear(64, 64) -> Sigmoid, Linear(64, 64) -> Tanh) -> Linear(64, 8);

    struct Layer64 = Linear(64, 64) -> ReLU;
    struct Layer256 = Linear(256, 256) -> ReLU;
    struct Layer784 = Linear(784, 128) -> ReLU;
}

macro_rules! networks {
    ($($name:literal => $Net:ident),* $(,)?) => {
        $(
            impl Network<{ $Net::INPUTS }, { $Net::OUTPUTS }> for $Net {
                fn forward(&self, x: &SVector<f32, { $Net::INPUTS }>) -> SVector<f32, { $Net::OUTPUTS }> {
                    self.forward(x)
                }

                fn forward_batch(
                    &self,
                    x: &[SVector<f32, { $Net::INPUTS }>],
                    y: &mut [SVector<f32, { $Net::OUTPUTS }>],
                ) {
                    self.forward_batch(x, y);
                }
            }
        )*

        pub fn prepare(model: &Model, mode: Mode) -> Prepared {
            match model.name {
                $($name => {
                    let mut network = $Net::boxed();
                    network.read_safetensors(&model.to_safetensors()?)?;
                    Ok(Some(vectors::runner(network, model, mode)))
                })*
                _ => Ok(None),
            }
        }
    };
}

networks! {
    "seed" => Seed,
    "seed_softmax" => SeedSoftmax,
    "mnist" => Mnist,
    "policy" => Policy,
    "mid" => Mid,
    "actor" => Actor,
    "residual" => ResidualMlp,
    "gated" => Gated,
    "64x64" => Layer64,
    "256x256" => Layer256,
    "784x128" => Layer784,
}

/// As on a processor that has no more than AVX2, where this one has.
pub fn prepare_avx2(model: &Model, mode: Mode) -> Prepared {
    on_avx2(|| prepare(model, mode))
}

/// What `prepare` gives, on a processor that has more than AVX2 as if it had no more.
pub fn on_avx2(prepare: impl FnOnce() -> Prepared) -> Prepared {
    let level = |name: &str| Level::available().find(|level| level.name() == name);
    let (Some(best), Some(avx2)) = (level("avx512"), level("avx2")) else {
        return Ok(None);
    };
    let runner = prepare()?;
    Ok(runner.map(|runner| -> Box<dyn Runner> { Box::new(On { avx2, best, runner }) }))
}

/// Runs on a level, and leaves the process on the best.
struct On {
    avx2: Level,
    best: Level,
    runner: Box<dyn Runner>,
}

impl Runner for On {
    fn run(&mut self, calls: u64) {
        self.avx2.force();
        self.runner.run(calls);
        self.best.force();
    }

    fn outputs(&self) -> Vec<f32> {
        self.runner.outputs()
    }
}
