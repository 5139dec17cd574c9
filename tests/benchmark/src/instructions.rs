//! Instruction counts, which no noise of the machine changes: a guard against cliffs.
//!
//! valgrind has no AVX-512, so that these are the counts of the AVX2 kernels.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::contestants::{Mode, layerwise};
use crate::models::{self, Model};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// How many percent more than recorded are too many.
const TOLERANCE: f64 = 5.0;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.txt")
}

/// Prints the instructions of a sample beside those recorded, and fails where there are more.
pub fn compare() -> Result {
    let record = fs::read_to_string(path())?;
    let mut more = Vec::new();
    println!(
        "{:<20}{:>10}{:>10}{:>9}",
        "of a sample", "recorded", "now", "change"
    );
    for (name, now) in counts()? {
        let line = record
            .lines()
            .find_map(|line| line.strip_prefix(&name)?.strip_prefix(' '));
        let before: f64 = line
            .ok_or_else(|| format!("{name} is not recorded"))?
            .parse()?;
        let change = 100.0 * (now / before - 1.0);
        println!("{name:<20}{before:>10.0}{now:>10.0}{change:>+8.1}%");
        if change > TOLERANCE {
            more.push(name);
        }
    }
    if more.is_empty() {
        return Ok(());
    }
    Err(format!(
        "more than {TOLERANCE} % above the record: {}",
        more.join(", ")
    )
    .into())
}

/// Records the instructions of a sample.
pub fn record() -> Result {
    let mut text = format!(
        "# Instructions of a sample under callgrind, {}\n",
        env!("RUSTC_VERSION")
    );
    for (name, count) in counts()? {
        writeln!(text, "{name} {count:.0}")?;
    }
    print!("{text}");
    Ok(fs::write(path(), text)?)
}

/// Model and mode, and the instructions of a sample.
fn counts() -> Result<Vec<(String, f64)>> {
    let mut counts = Vec::new();
    for model in models::all() {
        for mode in [Mode::One, Mode::Batch] {
            counts.push((
                format!("{} {}", model.name, mode.key()),
                count(&model, mode)?,
            ));
        }
    }
    Ok(counts)
}

/// What a sample takes: the difference of two runs, which is without the start of the program.
fn count(model: &Model, mode: Mode) -> Result<f64> {
    let (few, many) = match mode {
        Mode::Batch => (1, 3),
        Mode::One | Mode::Dependent => (100, 1100),
    };
    let difference = callgrind(model, mode, many)? - callgrind(model, mode, few)?;
    Ok(difference / ((many - few) as f64 * mode.samples() as f64))
}

/// The instructions of this program for so many calls.
fn callgrind(model: &Model, mode: Mode, calls: u64) -> Result<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(["forward", model.name, mode.key(), &calls.to_string()])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let log = String::from_utf8_lossy(&output.stderr);
    let collected = log.lines().find_map(|line| line.split_once("Collected : "));
    match collected {
        Some((_, count)) if output.status.success() => Ok(count.trim().parse()?),
        _ => Err(format!("valgrind could not run {}:\n{log}", model.name).into()),
    }
}

/// What is counted.
pub fn forward(model: &str, mode: Mode, calls: u64) -> Result {
    let models = models::all();
    let model = models
        .iter()
        .find(|m| m.name == model)
        .ok_or("no such model")?;
    let mut runner = layerwise::prepare(model, mode)?.ok_or("no such network")?;
    runner.run(calls);
    Ok(())
}
