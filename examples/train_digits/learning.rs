//! The training, which may be stopped at any moment, and goes on at its last checkpoint.

use std::{
    error::Error,
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use layerwise::{Adam, CosineAnnealingLR, CrossEntropyLoss, Fit, Progress, Trainer, network};

use crate::samples::{Pixels, Sample};

network! {
    /// From the 64 pixels of an image to a number for each digit, of which the loss takes the softmax.
    pub struct Digits = fc1: Linear(64, 64) -> ReLU -> fc2: Linear(64, 10);
}

pub(crate) const EPOCHS: u64 = 60;

type Learning = Trainer<Digits, Adam, CrossEntropyLoss>;

/// A trainer that begins, or goes on at the checkpoint in `folder`.
pub(crate) fn begin(folder: &Path) -> Result<Learning, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let mut trainer = Trainer::new(Digits::new(), Adam::new(3e-3), CrossEntropyLoss::new());
    if checkpoint(folder).exists() {
        trainer.resume(checkpoint(folder))?;
    }
    Ok(trainer)
}

/// Learns from `seen`, with a checkpoint after each epoch. `after` sees the network after each step.
pub(crate) fn learn(
    trainer: &mut Learning,
    folder: &Path,
    seen: &[Sample],
    mut after: impl FnMut(&Digits, &Progress),
) -> Result<(), Box<dyn Error>> {
    let (xs, ys): (Vec<Pixels>, Vec<usize>) = seen
        .iter()
        .map(|sample| (sample.pixels, sample.label))
        .unzip();
    let schedule = CosineAnnealingLR::new(EPOCHS);
    let fit = Fit::new().epochs(EPOCHS).batch_size(64).schedule(&schedule);
    let mut saved = Ok(());
    trainer.fit(&xs, &ys, &fit, |trainer, progress| {
        after(trainer.model(), &progress);
        if progress.is_end_of_epoch() {
            saved = trainer.save(checkpoint(folder));
        }
        match saved {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    Ok(saved?)
}

/// Writes the network, after which there is nothing to go on with.
pub(crate) fn finish(net: &Digits, folder: &Path) -> Result<(), Box<dyn Error>> {
    net.save(weights(folder))?;
    fs::remove_file(checkpoint(folder))?;
    Ok(())
}

pub(crate) fn weights(folder: &Path) -> PathBuf {
    folder.join("digits.safetensors")
}

fn checkpoint(folder: &Path) -> PathBuf {
    folder.join("checkpoint.safetensors")
}
