//! All contestants on one model, called in one way.

use std::error::Error;

use crate::agreement;
use crate::contestants::{EXPERT, EXPERT_AVX2, Mode, Prepared, Runner};
use crate::measure::{self, Timing};
use crate::table::{Row, Table};

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
    /// Makes everybody's network, and checks its answers: names, and what they give for `model`.
    pub fn new(
        model: &'static str,
        mode: Mode,
        contestants: impl Iterator<Item = (&'static str, Prepared)>,
        reference: &[f64],
    ) -> Result<Self, Box<dyn Error>> {
        let mut race = Self {
            model,
            mode,
            columns: Vec::new(),
            runners: Vec::new(),
            contestants: 0,
            difference: 0.0,
        };
        for (column, (name, prepared)) in contestants.enumerate() {
            race.contestants += 1;
            let prepared =
                prepared.map_err(|error| format!("{name} can't make {model}: {error}"))?;
            let Some(mut runner) = prepared else { continue };
            runner.run(1);
            let difference = agreement::check(name, model, mode, &runner.outputs(), reference)?;
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

/// Prints what all come to: `names` are the contestants', in the order of the races' columns.
pub fn run(races: Vec<(Mode, Vec<Race>)>, names: &[&'static str], timing: Timing) -> Vec<Table> {
    let all = races.iter().flat_map(|(_, races)| races);
    let difference = all.map(|race| race.difference).fold(0.0, f64::max);
    println!("The largest difference between an answer and that in f64 is {difference:.1e}.\n");

    let mut tables = Vec::new();
    for (mode, races) in races {
        let rows = races.into_iter().map(|race| race.run(timing)).collect();
        let table = Table {
            title: mode.title(),
            unit: "ns a sample",
            base: EXPERT,
            contestants: names.to_vec(),
            rows,
        };
        println!("{table}");
        tables.push(table);
    }
    let timed = |name| tables.iter().any(|table| table.has(name));
    if timed(EXPERT) {
        println!("In brackets: the time over that of {EXPERT}, or, for AVX2, of {EXPERT_AVX2}.\n");
    } else {
        if timed(EXPERT_AVX2) {
            println!("In brackets: the time over that of {EXPERT_AVX2}.\n");
        }
        if names.contains(&EXPERT) {
            let reason = "this processor, or the one of the build, has no AVX-512";
            println!("{EXPERT} is absent: {reason}.\n");
        }
    }
    tables
}
