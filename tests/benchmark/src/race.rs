//! All contestants on one model, called in one way.

use std::error::Error;

use crate::agreement;
use crate::contestants::{Contestant, Mode, Runner};
use crate::measure::{self, Timing};
use crate::models::Model;
use crate::table::Row;

pub struct Race {
    model: &'static str,
    mode: Mode,
    /// Who takes part: the column in the table, and the network.
    columns: Vec<usize>,
    runners: Vec<Box<dyn Runner>>,
    contestants: usize,
    /// The largest between an answer and that in f64.
    pub difference: f64,
}

impl Race {
    /// Makes everybody's network, and checks its answers.
    pub fn new(
        model: &Model,
        mode: Mode,
        contestants: &[&Contestant],
    ) -> Result<Self, Box<dyn Error>> {
        let mut race = Self {
            model: model.name,
            mode,
            columns: Vec::new(),
            runners: Vec::new(),
            contestants: contestants.len(),
            difference: 0.0,
        };
        let reference = model.reference(&model.samples(mode.samples()));
        for (column, contestant) in contestants.iter().enumerate() {
            let name = contestant.name;
            let prepared = (contestant.prepare)(model, mode)
                .map_err(|error| format!("{name} can't make {}: {error}", model.name))?;
            let Some(mut runner) = prepared else { continue };
            runner.run(1);
            let difference = agreement::check(name, model, mode, &runner.outputs(), &reference)?;
            race.difference = race.difference.max(difference);
            race.columns.push(column);
            race.runners.push(runner);
        }
        Ok(race)
    }

    pub fn run(mut self, timing: Timing) -> Row {
        let seconds = measure::interleaved(&mut self.runners, timing);
        let mut times = vec![None; self.contestants];
        for (column, seconds) in self.columns.into_iter().zip(seconds) {
            times[column] = Some(seconds * 1e9 / self.mode.samples() as f64);
        }
        Row {
            model: self.model,
            times,
        }
    }
}
