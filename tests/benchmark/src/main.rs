//! layerwise beside hand-written code and other libraries. See the README.

mod agreement;
mod contestants;
mod environment;
mod instructions;
mod measure;
mod models;
mod peak;
mod plot;
mod table;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use contestants::{Contestant, EXPERT, Mode, layerwise};
use measure::Timing;
use models::Model;
use table::{Row, Table};

/// Times layerwise beside hand-written code and other libraries, one thread each, after a check that
/// all answers agree.
#[derive(Parser)]
struct Args {
    /// Only these models [seed, seed_softmax, mnist, policy, mid]
    #[arg(long, value_delimiter = ',')]
    models: Vec<String>,
    /// Only these contestants, by their first words [layerwise, expert, plain, nalgebra, candle, …]
    #[arg(long, value_delimiter = ',')]
    contestants: Vec<String>,
    /// Only these ways of calling
    #[arg(long, value_delimiter = ',')]
    modes: Vec<Mode>,
    /// Rounds, in each of which all contestants take their turns
    #[arg(long, default_value_t = 300)]
    rounds: usize,
    /// Milliseconds of a turn
    #[arg(long, default_value_t = 1.0)]
    millis: f64,
    /// Where to write the plot; a run of everybody writes the README's if this is left out
    #[arg(long)]
    svg: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Counts the instructions of a forward pass under valgrind, beside the recorded counts
    Instructions {
        /// Record the counts instead
        #[arg(long)]
        write: bool,
    },
    /// Calls layerwise and prints nothing: what is counted
    #[command(hide = true)]
    Forward {
        model: String,
        mode: Mode,
        calls: u64,
    },
}

fn main() -> ExitCode {
    environment::single_thread();
    let args = Args::parse();
    let result = match &args.command {
        None => compare(&args),
        Some(Command::Instructions { write }) => instructions::compare(*write),
        Some(Command::Forward { model, mode, calls }) => {
            instructions::forward(model, *mode, *calls)
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(args: &Args) -> Result<(), Box<dyn Error>> {
    let models = chosen(models::all(), &args.models, |model| model.name)?;
    let contestants = chosen(contestants::ALL.iter().collect(), &args.contestants, |c| {
        c.key()
    })?;
    let timing = Timing {
        rounds: args.rounds,
        turn: Duration::from_secs_f64(args.millis / 1e3),
    };

    println!("{}\n", environment::describe());
    let mut tables = Vec::new();
    for mode in Mode::ALL {
        if !args.modes.is_empty() && !args.modes.contains(&mode) {
            continue;
        }
        let mut table = Table::new(mode, &contestants);
        for model in &models {
            table.rows.push(row(model, mode, &contestants, timing)?);
        }
        println!("{table}");
        tables.push(table);
    }
    let rows = tables.iter().flat_map(|table| &table.rows);
    let worst = rows.map(|row| row.difference).fold(0.0, f64::max);
    println!("In brackets: the time over that of {EXPERT}.");
    println!("All answers are within {worst:.0e} of those in f64.\n");
    let present = |name| contestants.iter().any(|contestant| contestant.name == name);
    if present(EXPERT) && !tables.iter().any(|table| table.has(EXPERT)) {
        println!("{EXPERT} is absent: this processor, or the one of the build, has no AVX-512.\n");
    }
    if present(layerwise::NAME) {
        print!("{}", peak::shares(timing)?);
    }

    let everything = contestants::COMPLETE
        && args.models.is_empty()
        && args.contestants.is_empty()
        && args.modes.is_empty();
    if let Some(path) = args.svg.clone().or_else(|| everything.then(plot::path)) {
        plot::write(&path, &tables)?;
    }
    Ok(())
}

/// Checks the answers of all contestants, and then times them.
fn row(
    model: &Model,
    mode: Mode,
    contestants: &[&Contestant],
    timing: Timing,
) -> Result<Row, Box<dyn Error>> {
    let reference = model.reference(&model.samples(mode.samples()));
    let mut difference: f64 = 0.0;
    let (mut columns, mut runners) = (Vec::new(), Vec::new());
    for (column, contestant) in contestants.iter().enumerate() {
        let prepared = (contestant.prepare)(model, mode)
            .map_err(|error| format!("{} can't make {}: {error}", contestant.name, model.name))?;
        let Some(mut runner) = prepared else { continue };
        runner.run(1);
        let outputs = runner.outputs();
        let own = agreement::check(contestant.name, model, mode, &outputs, &reference)?;
        difference = difference.max(own);
        columns.push(column);
        runners.push(runner);
    }
    let mut times = vec![None; contestants.len()];
    for (column, seconds) in columns
        .into_iter()
        .zip(measure::interleaved(&mut runners, timing))
    {
        times[column] = Some(seconds * 1e9 / mode.samples() as f64);
    }
    Ok(Row {
        model: model.name,
        times,
        difference,
    })
}

/// Those of `all` that are named in `names`, or all if none is.
fn chosen<T>(
    all: Vec<T>,
    names: &[String],
    name: fn(&T) -> &'static str,
) -> Result<Vec<T>, String> {
    if let Some(unknown) = names
        .iter()
        .find(|&n| all.iter().all(|item| name(item) != n))
    {
        let known: Vec<_> = all.iter().map(name).collect();
        return Err(format!(
            "there is no `{unknown}`, only {}",
            known.join(", ")
        ));
    }
    Ok(all
        .into_iter()
        .filter(|item| names.is_empty() || names.iter().any(|n| n == name(item)))
        .collect())
}
