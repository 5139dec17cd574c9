//! layerwise beside hand-written code and other libraries. See the README.

mod agreement;
mod contestants;
mod convolutions;
mod environment;
mod instructions;
mod measure;
mod models;
mod peak;
mod plot;
mod python;
mod race;
#[cfg(feature = "cpp")]
mod streams;
mod table;
mod train;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use contestants::{Mode, layerwise};
use measure::Timing;
use models::Model;
use race::Race;

/// Times layerwise beside hand-written code and other libraries, one thread each, after a check that
/// all answers agree.
#[derive(Parser)]
struct Args {
    /// Only these models [seed, seed_softmax, mnist, policy, mid, actor, residual, gated]
    #[arg(long, value_delimiter = ',')]
    models: Vec<String>,
    /// Only these contestants, by their first words [layerwise, expert, plain, nalgebra, candle, …]
    #[arg(long, value_delimiter = ',')]
    contestants: Vec<String>,
    /// Only these ways of calling
    #[arg(long, value_delimiter = ',')]
    modes: Vec<Mode>,
    /// Rounds, in each of which all contestants take their turns
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Milliseconds of a turn
    #[arg(long, default_value_t = 2)]
    millis: u64,
    /// Where to write the plot; a run of everybody writes the README's if this is left out
    #[arg(long)]
    svg: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Times networks of convolutions
    Convolutions(convolutions::Args),
    /// Times whole steps of training
    Train(train::Args),
    /// Counts the instructions of a forward pass under valgrind, beside the recorded counts
    Instructions {
        /// Record the counts instead
        #[arg(long)]
        write: bool,
    },
    /// Times networks that remember beside C++ for AVX2
    #[cfg(feature = "cpp")]
    Streams,
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
    let timing = Timing {
        rounds: args.rounds,
        turn: Duration::from_millis(args.millis),
    };
    let result = match &args.command {
        None => compare(&args, timing),
        #[cfg(feature = "cpp")]
        Some(Command::Streams) => streams::compare(timing),
        Some(Command::Convolutions(args)) => convolutions::compare(args),
        Some(Command::Train(args)) => train::compare(args),
        Some(Command::Instructions { write: false }) => instructions::compare(),
        Some(Command::Instructions { write: true }) => instructions::record(),
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

fn compare(args: &Args, timing: Timing) -> Result<(), Box<dyn Error>> {
    let models = chosen(models::all(), &args.models, |model| model.name)?;
    let contestants = chosen(contestants::ALL.iter().collect(), &args.contestants, |c| {
        contestants::key(c.name)
    })?;

    println!("{}\n", environment::describe());
    let mut races = Vec::new();
    for mode in Mode::ALL {
        if args.modes.is_empty() || args.modes.contains(&mode) {
            let race = |model: &Model| {
                let reference = model.reference(&model.samples(mode.samples()));
                let contestants = contestants.iter();
                let prepared = contestants.map(|c| (c.name, (c.prepare)(model, mode)));
                Race::new(model.name, mode, prepared, &reference)
            };
            let races_of_mode = models.iter().map(race).collect::<Result<Vec<_>, _>>()?;
            races.push((mode, races_of_mode));
        }
    }
    let names: Vec<_> = contestants.iter().map(|c| c.name).collect();
    let tables = race::run(races, &names, timing);
    if names.contains(&layerwise::NAME) {
        print!("{}", peak::shares(timing)?);
    }

    let everything = contestants::COMPLETE
        && args.models.is_empty()
        && args.contestants.is_empty()
        && args.modes.is_empty();
    if let Some(path) = args
        .svg
        .clone()
        .or_else(|| everything.then(|| plot::path("benchmark.svg")))
    {
        plot::write(&path, &tables)?;
    }
    Ok(())
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
