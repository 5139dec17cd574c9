//! The clock.

use std::time::{Duration, Instant};

use crate::contestants::Runner;

#[derive(Clone, Copy)]
pub struct Timing {
    /// In each, everybody takes one turn, so that a change of the machine's speed hits all alike.
    pub rounds: u32,
    /// How long a turn is, about.
    pub turn: Duration,
}

/// The median over the rounds of the seconds of a call, for each runner.
pub fn interleaved(runners: &mut [Box<dyn Runner>], timing: Timing) -> Vec<f64> {
    let calls: Vec<u64> = runners
        .iter_mut()
        .map(|r| calls_in(&mut **r, timing.turn))
        .collect();
    let mut times = vec![Vec::new(); runners.len()];
    for _ in 0..timing.rounds {
        for ((runner, &calls), times) in runners.iter_mut().zip(&calls).zip(&mut times) {
            // Brings weights back to the caches, and the processor to its speed for such vectors.
            runner.run(calls.div_ceil(4));
            times.push(seconds(&mut **runner, calls) / calls as f64);
        }
    }
    times.into_iter().map(median).collect()
}

/// How many calls fill a turn.
fn calls_in(runner: &mut dyn Runner, turn: Duration) -> u64 {
    let turn = turn.as_secs_f64();
    let mut calls = 1;
    loop {
        let taken = seconds(runner, calls);
        if taken > turn / 4.0 {
            return ((calls as f64 * turn / taken) as u64).max(1);
        }
        calls *= 4;
    }
}

fn seconds(runner: &mut dyn Runner, calls: u64) -> f64 {
    let start = Instant::now();
    runner.run(calls);
    start.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    match times.len() {
        0 => f64::NAN,
        n => f64::midpoint(times[(n - 1) / 2], times[n / 2]),
    }
}
