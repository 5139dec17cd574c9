//! A progress bar on a terminal, and a line now and then elsewhere.

use std::io::{IsTerminal, stdout};

use indicatif::{ProgressBar, ProgressStyle};
use layerwise::Progress;

/// From one line to the next where there is no terminal.
const EVERY: u64 = 10;

pub(crate) struct Bar(Option<ProgressBar>);

impl Bar {
    pub(crate) fn new(epochs: u64) -> Self {
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} epochs  {msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = || ProgressBar::new(epochs).with_style(style);
        Self(stdout().is_terminal().then(bar))
    }

    /// After an epoch; `accuracy` is in percent.
    pub(crate) fn show(&self, progress: &Progress, accuracy: f64) {
        let done = progress.epoch + 1;
        let loss = progress.loss;
        match &self.0 {
            Some(bar) => {
                bar.set_position(done);
                bar.set_message(format!("loss {loss:.4}, {accuracy:.1} % right"));
            }
            None if done.is_multiple_of(EVERY) => {
                println!("epoch {done:3}  loss {loss:.4}  {accuracy:.1} % of unseen digits right");
            }
            None => {}
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish();
        }
    }
}
