//! Training that goes on where it was: [`Trainer::save`] and [`Trainer::resume`].

use std::{format, path::Path};

use nalgebra::SVector;

use super::{fit::Position, optimizers::Optimizer, trainer::Trainer};
use crate::{
    layer::Network,
    parameters::Parameters,
    weights::{
        error::WeightsError,
        file,
        keys::Keys,
        save::{List, to_file},
    },
};

/// The numbers of a trainer that are no tensors of a network.
#[derive(Clone, Parameters)]
#[parameters(crate = crate)]
struct Numbers {
    steps: i64,
    seed: i64,
    epoch: i64,
    batch: i64,
    #[parameters(buffer)]
    loss: SVector<f64, 1>,
    #[parameters(buffer)]
    lr: SVector<f64, 1>,
}

impl Numbers {
    /// That none of the counts is below zero.
    fn check_counts(&self) -> Result<(), WeightsError> {
        let counts = [
            ("steps", self.steps),
            ("epoch", self.epoch),
            ("batch", self.batch),
        ];
        match counts.into_iter().find(|(_, found)| *found < 0) {
            None => Ok(()),
            Some((name, found)) => Err(WeightsError::Negative {
                name: format!("{NUMBERS}{name}"),
                found,
            }),
        }
    }
}

const MODEL: &str = "model.";
const NUMBERS: &str = "trainer.";

impl<N: Network, O: Optimizer, L> Trainer<N, O, L> {
    /// Writes a checkpoint: the network, what the optimiser keeps, the learning rate, the seed, and where
    /// [`fit`](Self::fit) is. A new file takes the place of the old one when it is whole. The keys of the
    /// network begin with `model.`, so that `Net::load_with` and PyTorch can read it too.
    ///
    /// # Errors
    ///
    /// Where the file can't be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), WeightsError> {
        let mut list = List::default();
        list.add(MODEL, &self.model);
        for (name, state) in O::STATES.iter().zip(self.state.as_ref()) {
            list.add(&format!("optimizer.{name}."), state);
        }
        list.add(NUMBERS, &self.numbers());
        to_file(path.as_ref(), &list.write())
    }

    /// Goes on where a checkpoint was written, bit for bit. The trainer is made as that one was, with the
    /// same options; its network and its seed become those of the file.
    ///
    /// ```
    /// use layerwise::{Adam, MSELoss, SVector, Trainer, network};
    ///
    /// network! { pub struct Net = Linear(1, 4) -> Tanh -> Linear(_, 1); }
    ///
    /// # let path = std::env::temp_dir().join(format!("layerwise-{}.safetensors", std::process::id()));
    /// let (x, y) = ([SVector::from([0.5])], [SVector::from([1.0])]);
    /// let mut trainer = Trainer::new(Net::new(), Adam::new(1e-2), MSELoss::new());
    /// trainer.step(&x, &y);
    /// trainer.save(&path)?;
    ///
    /// let mut later = Trainer::new(Net::zeros(), Adam::new(1e-2), MSELoss::new());
    /// later.resume(&path)?;
    /// assert_eq!(later.step(&x, &y), trainer.step(&x, &y));
    /// # std::fs::remove_file(&path).unwrap();
    /// # Ok::<(), layerwise::WeightsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where the file can't be read, or is not a checkpoint of such a network and optimiser; the trainer
    /// stays as it is then.
    pub fn resume(&mut self, path: impl AsRef<Path>) -> Result<(), WeightsError> {
        file::from_file(path.as_ref(), |bytes| {
            let mut numbers = self.numbers();
            let prefixes = O::STATES.iter().map(|name| format!("optimizer.{name}."));
            file::check(&self.model, bytes, Keys::new().prefix(MODEL))?;
            for (prefix, state) in prefixes.clone().zip(self.state.as_ref()) {
                file::check(state, bytes, Keys::new().prefix(&prefix))?;
            }
            file::read(&mut numbers, bytes, Keys::new().prefix(NUMBERS))?;
            numbers.check_counts()?;
            // All of it is there.
            file::read(&mut self.model, bytes, Keys::new().prefix(MODEL))?;
            for (prefix, state) in prefixes.zip(self.state.as_mut()) {
                file::read(state, bytes, Keys::new().prefix(&prefix))?;
            }
            self.set_numbers(&numbers);
            Ok(())
        })
    }

    fn numbers(&self) -> Numbers {
        Numbers {
            steps: self.steps.cast_signed(),
            seed: self.seed.cast_signed(),
            epoch: self.position.epoch.cast_signed(),
            batch: self.position.batch.cast_signed(),
            loss: SVector::from([self.position.loss]),
            lr: SVector::from([self.optimizer.lr()]),
        }
    }

    fn set_numbers(&mut self, numbers: &Numbers) {
        self.steps = numbers.steps.cast_unsigned();
        self.seed = numbers.seed.cast_unsigned();
        self.position = Position {
            epoch: numbers.epoch.cast_unsigned(),
            batch: numbers.batch.cast_unsigned(),
            loss: numbers.loss[0],
        };
        self.optimizer.set_lr(numbers.lr[0]);
    }
}
