//! layerwise's [`Trainer`].

use std::cell::RefCell;
use std::hint::black_box;

use layerwise::{Adam, CrossEntropyLoss, MSELoss, SGD, Trainer, network};
use nalgebra::SVector;

use super::tasks::Task;
use crate::contestants::{Prepared, Runner};

network! {
    struct Mnist = Linear(784, 128) -> ReLU -> Linear(128, 64) -> ReLU -> Linear(64, 10);
    struct Expm = Linear(4, 32) -> Tanh -> Linear(32, 16) -> Tanh -> Linear(16, 4);
    struct Tiny = Linear(24, 8) -> Tanh -> Linear(8, 2);
    struct Seed = Linear(10, 5) -> ReLU -> Linear(5, 1);
}

/// `step` gives the loss, `size` the sum of the gradient's magnitudes.
struct Learner<T, X, Y, S> {
    trainer: RefCell<Box<T>>,
    xs: Vec<X>,
    ys: Vec<Y>,
    batch: usize,
    at: usize,
    loss: f32,
    step: S,
    size: fn(&mut T, &[X], &[Y]) -> Option<f32>,
}

impl<T, X, Y, S: Fn(&mut T, &[X], &[Y]) -> f32> Runner for Learner<T, X, Y, S> {
    fn run(&mut self, calls: u64) {
        let trainer = self.trainer.get_mut();
        for _ in 0..calls {
            let places = self.at..self.at + self.batch;
            let (xs, ys) = (&self.xs[places.clone()], &self.ys[places]);
            self.loss = black_box((self.step)(
                black_box(&mut **trainer),
                black_box(xs),
                black_box(ys),
            ));
            self.at = (self.at + self.batch) % self.xs.len();
        }
    }

    fn outputs(&self) -> Vec<f32> {
        let size = (self.size)(&mut self.trainer.borrow_mut(), &self.xs, &self.ys);
        [self.loss].into_iter().chain(size).collect()
    }
}

fn vectors<const N: usize>(numbers: &[f32]) -> Vec<SVector<f32, N>> {
    let rows = numbers.chunks_exact(N);
    rows.map(SVector::from_column_slice).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "what `prepare` gives")]
fn learner<T, X, Y, S>(
    task: &Task,
    trainer: Box<T>,
    xs: Vec<X>,
    ys: Vec<Y>,
    step: S,
    size: fn(&mut T, &[X], &[Y]) -> Option<f32>,
) -> Prepared
where
    T: 'static,
    X: 'static,
    Y: 'static,
    S: Fn(&mut T, &[X], &[Y]) -> f32 + 'static,
{
    Ok(Some(Box::new(Learner {
        trainer: RefCell::new(trainer),
        xs,
        ys,
        batch: task.batch,
        at: 0,
        loss: 0.0,
        step,
        size,
    })))
}

/// A trainer of the task's weights.
macro_rules! trainer {
    ($task:expr, $Net:ident, $optimizer:expr, $loss:expr) => {{
        let mut net = $Net::boxed();
        net.read_safetensors(&$task.model.to_safetensors()?)?;
        Trainer::boxed(net, $optimizer, $loss)
    }};
}

pub fn prepare(task: &Task) -> Prepared {
    let ys = &task.targets;
    match task.name {
        "mnist" => {
            let trainer = trainer!(task, Mnist, Adam::new(1e-3), CrossEntropyLoss::new());
            let classes = ys.iter().map(|&class| class as usize).collect();
            let xs = vectors::<784>(&task.inputs);
            learner(
                task,
                trainer,
                xs,
                classes,
                |t, xs, ys| t.step(xs, ys),
                |_, _, _| None,
            )
        }
        "expm" => {
            let trainer = trainer!(task, Expm, Adam::new(1e-3), MSELoss::new());
            let (xs, ys) = (vectors::<4>(&task.inputs), vectors::<4>(ys));
            learner(
                task,
                trainer,
                xs,
                ys,
                |t, xs, ys| t.step(xs, ys),
                |_, _, _| None,
            )
        }
        "seed" => {
            let trainer = trainer!(task, Seed, SGD::new(1e-2), MSELoss::new());
            let (xs, ys) = (vectors::<10>(&task.inputs), vectors::<1>(ys));
            learner(
                task,
                trainer,
                xs,
                ys,
                |t, xs, ys| t.step(xs, ys),
                |_, _, _| None,
            )
        }
        "tiny" => {
            let trainer = trainer!(task, Tiny, SGD::new(0.0), MSELoss::new());
            let (xs, ys) = (vectors::<24>(&task.inputs), vectors::<2>(ys));
            learner(
                task,
                trainer,
                xs,
                ys,
                |t, xs, ys| t.gradient(xs, ys).0,
                |t, xs, ys| {
                    let Tiny {
                        linear0, linear2, ..
                    } = t.gradient(xs, ys).1;
                    let first = linear0.weight.lp_norm(1) + linear0.bias.lp_norm(1);
                    Some(first + linear2.weight.lp_norm(1) + linear2.bias.lp_norm(1))
                },
            )
        }
        _ => Ok(None),
    }
}
