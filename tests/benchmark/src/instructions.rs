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

const MODES: [Mode; 2] = [Mode::One, Mode::Batch];

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.txt")
}

/// Prints the instructions of a sample beside those recorded, and fails where there are more; or
/// records them.
pub fn compare(write: bool) -> Result {
    let recorded = if write {
        String::new()
    } else {
        fs::read_to_string(path())?
    };
    let mut text = format!(
        "# Instructions of a sample under callgrind, so with AVX2: model, at batch 1, at batch 256.\n# {}\n",
        env!("RUSTC_VERSION")
    );
    let mut more = Vec::new();
    println!(
        "{:<24}{:>12}{:>12}{:>10}",
        "instructions a sample", "recorded", "now", "change"
    );
    for model in models::all() {
        let line = recorded
            .lines()
            .find(|line| line.split(' ').next() == Some(model.name));
        write!(text, "{}", model.name)?;
        for (column, mode) in MODES.into_iter().enumerate() {
            let now = count(&model, mode)?;
            let name = format!("{}, {}", model.name, mode.title());
            write!(text, " {now:.0}")?;
            if write {
                println!("{name:<24}{:>12}{now:>12.0}", "");
                continue;
            }
            let before = line.and_then(|line| line.split(' ').nth(column + 1)?.parse::<f64>().ok());
            let before = before.ok_or_else(|| format!("{name} is not recorded"))?;
            let change = 100.0 * (now / before - 1.0);
            println!("{name:<24}{before:>12.0}{now:>12.0}{change:>+9.1}%");
            if change > TOLERANCE {
                more.push(name);
            }
        }
        writeln!(text)?;
    }
    if write {
        fs::write(path(), text)?;
    }
    if more.is_empty() {
        return Ok(());
    }
    Err(format!(
        "more than {TOLERANCE} % above the record: {}",
        more.join("; ")
    )
    .into())
}

/// What a sample takes: the difference of two runs, which is without the start of the program.
fn count(model: &Model, mode: Mode) -> Result<f64> {
    let (few, many) = match mode {
        Mode::Batch => (1, 3),
        Mode::One | Mode::Dependent => (50, 150),
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
