//! Whole steps of training: forward, backward and the update, everybody from the same weights on the same
//! samples.

#[cfg(feature = "burn")]
mod burn;
#[cfg(feature = "candle")]
mod candle;
#[cfg(feature = "cpp")]
mod cpp;
#[cfg(feature = "dfdx")]
mod dfdx;
mod layerwise;
mod pytorch;
mod tasks;

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use crate::chosen;
use crate::contestants::{COMPLETE, Prepared, Runner, key};
use crate::measure::{self, Timing};
use crate::table::{Row, Table};
use crate::{environment, plot};

use tasks::Task;

#[derive(clap::Args)]
pub struct Args {
    /// Only these tasks [mnist, expm, tiny, seed]
    #[arg(long, value_delimiter = ',')]
    tasks: Vec<String>,
    /// Only these contestants [layerwise, plain, candle, burn, dfdx, PyTorch]
    #[arg(long, value_delimiter = ',')]
    contestants: Vec<String>,
    /// Rounds, in each of which all contestants take their turns
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Milliseconds of a turn
    #[arg(long, default_value_t = 10)]
    millis: u64,
    /// Where to write the plot; a run of everybody writes the README's if this is left out
    #[arg(long)]
    svg: Option<PathBuf>,
}

/// The one that the others are compared with.
const PLAIN: &str = "plain C++";

struct Contestant {
    name: &'static str,
    prepare: fn(&Task) -> Prepared,
}

const ALL: &[Contestant] = &[
    Contestant {
        name: "layerwise",
        prepare: layerwise::prepare,
    },
    #[cfg(feature = "cpp")]
    Contestant {
        name: PLAIN,
        prepare: cpp::prepare,
    },
    #[cfg(feature = "candle")]
    Contestant {
        name: "candle",
        prepare: candle::prepare,
    },
    #[cfg(feature = "burn")]
    Contestant {
        name: "burn",
        prepare: burn::prepare,
    },
    #[cfg(feature = "dfdx")]
    Contestant {
        name: "dfdx",
        prepare: dfdx::prepare,
    },
    Contestant {
        name: "PyTorch",
        prepare: pytorch::prepare,
    },
];

/// So many steps are made before what is learnt is compared.
const STEPS: u64 = 11;
/// How far a loss and the size of a gradient may be off after them, relative to themselves. Adam divides by
/// roots of tiny squares at first.
const TOLERANCE: f64 = 1e-3;

pub fn compare(args: &Args) -> Result<(), Box<dyn Error>> {
    let tasks = chosen(tasks::all(), &args.tasks, |task| task.name)?;
    let contestants = chosen(ALL.iter().collect(), &args.contestants, |c| key(c.name))?;
    let timing = Timing {
        rounds: args.rounds,
        turn: Duration::from_millis(args.millis),
    };
    println!("{}\n", environment::describe());
    let is_asked = contestants.iter().any(|c| c.name == "PyTorch");
    match &*pytorch::VERSION {
        Some(version) if is_asked => println!("PyTorch {version}, eager\n"),
        None if is_asked => {
            println!("PyTorch is left out: PYTHON names no interpreter that has it.\n");
        }
        _ => {}
    }

    let mut difference: f64 = 0.0;
    let mut rows = Vec::new();
    for task in &tasks {
        let mut runners = Vec::new();
        let mut columns = Vec::new();
        let reference = task.reference(STEPS);
        for (column, contestant) in contestants.iter().enumerate() {
            let name = contestant.name;
            let prepared = (contestant.prepare)(task)
                .map_err(|error| format!("{name} can't make {}: {error}", task.name))?;
            let Some(mut runner) = prepared else { continue };
            runner.run(STEPS);
            difference = difference.max(check(name, task, &*runner, &reference)?);
            runners.push(runner);
            columns.push(column);
        }
        let mut times = vec![None; contestants.len()];
        for (column, seconds) in columns
            .into_iter()
            .zip(measure::interleaved(&mut runners, timing))
        {
            times[column] = Some(seconds * 1e9);
        }
        let model = task.name;
        rows.push(Row { model, times });
    }
    println!(
        "After {STEPS} steps the largest difference from the loss in f64, or from the gradient's size where \
         nothing is updated, is {difference:.1e} of it.\n"
    );
    let table = Table {
        title: "a step of training",
        unit: "ns",
        base: PLAIN,
        contestants: contestants.iter().map(|c| c.name).collect(),
        rows,
    };
    println!("{table}");
    if table.has(PLAIN) {
        println!("In brackets: the time over that of {PLAIN}.");
    }
    let everything = COMPLETE && args.tasks.is_empty() && args.contestants.is_empty();
    let path = args.svg.clone();
    if let Some(path) = path.or_else(|| everything.then(|| plot::path("training.svg"))) {
        plot::write(&path, &[table])?;
    }
    Ok(())
}

/// The largest difference between what a contestant has learnt and the reference, relative to that.
fn check(name: &str, task: &Task, runner: &dyn Runner, reference: &[f64]) -> Result<f64, String> {
    let outputs = runner.outputs();
    let differences = outputs.iter().zip(reference).map(|(&y, expected)| {
        let difference = (f64::from(y) / expected - 1.0).abs();
        if difference <= TOLERANCE {
            Ok(difference)
        } else {
            let task = task.name;
            Err(format!("{name} is wrong in {task}: {y} for {expected}"))
        }
    });
    differences.reduce(|a, b| Ok(a?.max(b?))).unwrap_or(Ok(0.0))
}
