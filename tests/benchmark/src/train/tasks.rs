//! What is learnt, from the generator that everybody's weights and samples come from; and in f64.

use crate::models::{Activation, Model, Random};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    CrossEntropy,
    MeanSquares,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Update {
    /// With the rate 1e-3.
    Adam,
    /// With the rate 1e-2.
    Sgd,
    /// The gradient alone.
    None,
}

pub struct Task {
    pub name: &'static str,
    pub model: Model,
    pub activation: Activation,
    pub loss: Loss,
    pub update: Update,
    /// As many there are.
    pub samples: usize,
    /// As many a step takes, in turn.
    pub batch: usize,
    /// One after the other.
    pub inputs: Vec<f32>,
    /// A number for each output, or a class for each sample.
    pub targets: Vec<f32>,
}

pub fn all() -> Vec<Task> {
    use Activation::{Relu, Tanh};
    vec![
        Task::new("mnist", &[784, 128, 64, 10], Relu, Update::Adam, [64, 64]),
        Task::new("expm", &[4, 32, 16, 4], Tanh, Update::Adam, [10_000; 2]),
        Task::new("tiny", &[24, 8, 2], Tanh, Update::None, [200, 200]),
        Task::new("seed", &[10, 5, 1], Relu, Update::Sgd, [256, 1]),
    ]
}

impl Task {
    fn new(
        name: &'static str,
        sizes: &[usize],
        activation: Activation,
        update: Update,
        [samples, batch]: [usize; 2],
    ) -> Self {
        let last = sizes.len() - 2;
        let after = |layer| {
            if layer == last {
                Activation::None
            } else {
                activation
            }
        };
        let layers = sizes[1..].iter().enumerate();
        let layers: Vec<_> = layers.map(|(i, &outputs)| (outputs, after(i))).collect();
        let model = Model::new(name, sizes[0], &layers);
        let mut inputs = model.samples(samples);
        let mut random = Random::new(31);
        let rows = |inputs: &[f32], f: fn(&[f32]) -> Vec<f32>| {
            inputs.chunks(sizes[0]).flat_map(f).collect()
        };
        let (loss, targets) = match name {
            "mnist" => {
                for x in &mut inputs {
                    *x = x.abs();
                }
                let classes = random
                    .numbers(samples, 5.0)
                    .map(|x| (x + 5.0).floor().min(9.0));
                (Loss::CrossEntropy, classes.collect())
            }
            "expm" => (Loss::MeanSquares, rows(&inputs, exponential)),
            "seed" => {
                let f = |x: &[f32]| vec![x[0].sin() + 0.3 * x[1] * x[2]];
                (Loss::MeanSquares, rows(&inputs, f))
            }
            _ => (
                Loss::MeanSquares,
                random.numbers(samples * model.outputs(), 1.0).collect(),
            ),
        };
        Self {
            name,
            model,
            activation,
            loss,
            update,
            samples,
            batch,
            inputs,
            targets,
        }
    }

    /// The numbers of a sample's target.
    pub fn target(&self) -> usize {
        self.targets.len() / self.samples
    }

    /// The loss of the last of so many steps, and, where nothing is updated, the sum of the gradient's
    /// magnitudes.
    pub fn reference(&self, steps: u64) -> Vec<f64> {
        let mut layers: Vec<Learnt> = self.model.layers().map(Learnt::new).collect();
        let (mut loss, mut at) = (0.0, 0);
        for step in 1..=steps {
            loss = 0.0;
            for layer in &mut layers {
                layer.gradient.fill(0.0);
            }
            for sample in at..at + self.batch {
                loss += self.sample(&mut layers, sample);
            }
            for layer in &mut layers {
                layer.update(self.update, step);
            }
            at = (at + self.batch) % self.samples;
        }
        let gradients = layers.iter().flat_map(|layer| &layer.gradient);
        let mut outputs = vec![loss];
        if self.update == Update::None {
            outputs.push(gradients.map(|g| g.abs()).sum());
        }
        outputs
    }

    /// Adds a sample's gradient, and gives its share of the loss.
    fn sample(&self, layers: &mut [Learnt], sample: usize) -> f64 {
        let width = self.model.inputs();
        let x = &self.inputs[sample * width..][..width];
        let mut values = vec![x.iter().map(|&x| f64::from(x)).collect::<Vec<_>>()];
        for (i, layer) in layers.iter().enumerate() {
            let mut y = layer.forward(&values[i]);
            if i + 1 < layers.len() {
                for y in &mut y {
                    *y = self.function(*y);
                }
            }
            values.push(y);
        }
        let target = &self.targets[sample * self.target()..][..self.target()];
        let (loss, mut dy) = self.judge(&values[layers.len()], target);
        for (i, layer) in layers.iter_mut().enumerate().rev() {
            let dx = layer.backward(&values[i], &dy);
            dy = dx
                .iter()
                .zip(&values[i])
                .map(|(d, &y)| d * self.slope(y))
                .collect();
        }
        loss
    }

    fn function(&self, x: f64) -> f64 {
        match self.activation {
            Activation::Tanh => x.tanh(),
            _ => x.max(0.0),
        }
    }

    /// By the function's value.
    fn slope(&self, y: f64) -> f64 {
        match self.activation {
            Activation::Tanh => 1.0 - y * y,
            _ => f64::from(u8::from(y > 0.0)),
        }
    }

    fn judge(&self, y: &[f64], target: &[f32]) -> (f64, Vec<f64>) {
        let batch = self.batch as f64;
        match self.loss {
            Loss::CrossEntropy => {
                let class = target[0] as usize;
                let sum: f64 = y.iter().map(|y| y.exp()).sum();
                let mut dy: Vec<f64> = y.iter().map(|y| y.exp() / sum / batch).collect();
                dy[class] -= 1.0 / batch;
                ((sum.ln() - y[class]) / batch, dy)
            }
            Loss::MeanSquares => {
                let count = batch * y.len() as f64;
                let off = y.iter().zip(target).map(|(y, &t)| y - f64::from(t));
                let off: Vec<f64> = off.collect();
                let loss = off.iter().map(|d| d * d).sum::<f64>() / count;
                (loss, off.iter().map(|d| 2.0 * d / count).collect())
            }
        }
    }
}

/// A layer's numbers: the weight, a row for each output, and then the bias.
struct Learnt {
    inputs: usize,
    numbers: Vec<f64>,
    gradient: Vec<f64>,
    moments: Vec<[f64; 2]>,
}

impl Learnt {
    fn new(layer: &crate::models::Layer) -> Self {
        let numbers = layer.weight.iter().chain(&layer.bias);
        let numbers: Vec<f64> = numbers.map(|&x| f64::from(x)).collect();
        Self {
            inputs: layer.inputs,
            gradient: vec![0.0; numbers.len()],
            moments: vec![[0.0; 2]; numbers.len()],
            numbers,
        }
    }

    fn outputs(&self) -> usize {
        self.numbers.len() / (self.inputs + 1)
    }

    fn forward(&self, x: &[f64]) -> Vec<f64> {
        let (weight, bias) = self.numbers.split_at(self.inputs * self.outputs());
        let rows = weight.chunks(self.inputs).zip(bias);
        rows.map(|(row, bias)| bias + row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>())
            .collect()
    }

    /// The gradient of `x`.
    fn backward(&mut self, x: &[f64], dy: &[f64]) -> Vec<f64> {
        let split = self.inputs * self.outputs();
        let mut dx = vec![0.0; x.len()];
        for (output, d) in dy.iter().enumerate() {
            for (input, (x, dx)) in x.iter().zip(&mut dx).enumerate() {
                self.gradient[output * self.inputs + input] += d * x;
                *dx += d * self.numbers[output * self.inputs + input];
            }
            self.gradient[split + output] += d;
        }
        dx
    }

    fn update(&mut self, update: Update, step: u64) {
        let step = step as i32;
        let all = self
            .numbers
            .iter_mut()
            .zip(&self.gradient)
            .zip(&mut self.moments);
        for ((number, g), [mean, square]) in all {
            match update {
                Update::None => {}
                Update::Sgd => *number -= 0.01 * g,
                Update::Adam => {
                    *mean = 0.9 * *mean + 0.1 * g;
                    *square = 0.999 * *square + 0.001 * g * g;
                    let (mean, square) = (
                        *mean / (1.0 - 0.9_f64.powi(step)),
                        *square / (1.0 - 0.999_f64.powi(step)),
                    );
                    *number -= 1e-3 * mean / (square.sqrt() + 1e-8);
                }
            }
        }
    }
}

/// That of a matrix of two rows, by squaring that of a 1024th ten times.
fn exponential(a: &[f32]) -> Vec<f32> {
    let product = |a: [f64; 4], b: [f64; 4]| {
        [
            a[0] * b[0] + a[1] * b[2],
            a[0] * b[1] + a[1] * b[3],
            a[2] * b[0] + a[3] * b[2],
            a[2] * b[1] + a[3] * b[3],
        ]
    };
    let small: [f64; 4] = std::array::from_fn(|i| f64::from(a[i]) / 1024.0);
    let (mut sum, mut term) = ([1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0]);
    for n in 1..=5 {
        term = product(term, small).map(|x| x / f64::from(n));
        sum = std::array::from_fn(|i| sum[i] + term[i]);
    }
    for _ in 0..10 {
        sum = product(sum, sum);
    }
    sum.map(|x| x as f32).to_vec()
}
