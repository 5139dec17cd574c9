//! layerwise, as its README has it.

use std::hint::black_box;

use layerwise::{Image, SVector, network};

use super::FromPixels;
use super::models::{self, Network};
use crate::contestants::layerwise::on_avx2;
use crate::contestants::{Mode, Prepared, Runner};

network! {
    struct LeNet = Input(1, 28, 28)
        -> Conv2d(1, 6, 5, padding = 2) -> ReLU -> MaxPool2d(2)
        -> Conv2d(6, 16, 5) -> ReLU -> MaxPool2d(2)
        -> Flatten -> Linear(400, 120) -> ReLU -> Linear(120, 84) -> ReLU -> Linear(84, 10);

    struct MobileNet = Input(32, 16, 16)
        -> Conv2d(32, 32, 3, padding = 1, groups = 32) -> ReLU6 -> Conv2d(32, 32, 1) -> ReLU6;

    struct DsCnn = Input(1, 49, 10)
        -> Conv2d(1, 64, (10, 4), stride = 2, padding = (5, 1)) -> ReLU
        -> Conv2d(64, 64, 3, padding = 1, groups = 64) -> ReLU -> Conv2d(64, 64, 1) -> ReLU
        -> Conv2d(64, 64, 3, padding = 1, groups = 64) -> ReLU -> Conv2d(64, 64, 1) -> ReLU
        -> Conv2d(64, 64, 3, padding = 1, groups = 64) -> ReLU -> Conv2d(64, 64, 1) -> ReLU
        -> Conv2d(64, 64, 3, padding = 1, groups = 64) -> ReLU -> Conv2d(64, 64, 1) -> ReLU
        -> AdaptiveAvgPool2d(1) -> Flatten -> Linear(64, 12) -> Softmax;
}

struct Images<N, X, Y> {
    network: Box<N>,
    mode: Mode,
    x: Vec<X>,
    y: Vec<Y>,
}

macro_rules! networks {
    ($($name:literal => $Net:ident: $X:ty => $Y:ty),* $(,)?) => {
        $(
            impl Runner for Images<$Net, $X, $Y> {
                fn run(&mut self, calls: u64) {
                    let network = &*self.network;
                    for _ in 0..calls {
                        if self.mode == Mode::Batch {
                            black_box(network).forward_batch(black_box(&self.x), &mut self.y);
                            black_box(&self.y);
                        } else {
                            // Stored in a place that is there already, an image would be copied once more.
                            let y = black_box(network).forward(black_box(&self.x[0]));
                            black_box(&y);
                        }
                    }
                }

                fn outputs(&self) -> Vec<f32> {
                    let alone = self.network.forward(&self.x[0]);
                    let alone = std::slice::from_ref(&alone);
                    let y = if self.mode == Mode::Batch { &self.y[..] } else { alone };
                    y.iter().flat_map(|y| y.as_slice()).copied().collect()
                }
            }
        )*

        pub fn prepare(model: &Network, mode: Mode) -> Prepared {
            let samples = model.samples(mode.samples());
            let samples = samples.chunks_exact(models::len(model.input));
            match model.name {
                $($name => {
                    let mut network = $Net::boxed();
                    network.read_safetensors(&model.to_safetensors()?)?;
                    let runner = Box::new(Images {
                        network,
                        mode,
                        x: samples.map(<$X>::from_planes).collect(),
                        y: vec![<$Y>::from_element(0.0); mode.samples()],
                    });
                    Ok(Some(Box::new(FromPixels { runner, shape: model.output })))
                })*
                _ => Ok(None),
            }
        }
    };
}

networks! {
    "lenet" => LeNet: Image<f32, 1, 28, 28> => SVector<f32, 10>,
    "mobilenet" => MobileNet: Image<f32, 32, 16, 16> => Image<f32, 32, 16, 16>,
    "ds_cnn" => DsCnn: Image<f32, 1, 49, 10> => SVector<f32, 12>,
}

pub fn prepare_avx2(model: &Network, mode: Mode) -> Prepared {
    on_avx2(|| prepare(model, mode))
}
