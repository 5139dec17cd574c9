//! Networks of convolutions, called as the others are.

#[cfg(feature = "burn")]
mod burn;
#[cfg(feature = "candle")]
mod candle;
#[cfg(feature = "cpp")]
mod cpp;
mod layerwise;
mod models;
mod onnx_runtime;
mod reference;
#[cfg(feature = "tract")]
mod tract;

use std::error::Error;
use std::time::Duration;

use crate::contestants::layerwise::{NAME, NAME_AVX2};
#[cfg(feature = "cpp")]
use crate::contestants::{EXPERT, EXPERT_AVX2};
use crate::contestants::{Mode, Prepared, Runner, key};
use crate::measure::Timing;
use crate::race::{self, Race};
use crate::{chosen, environment};

use models::{Network, Shape};

#[derive(clap::Args)]
pub struct Args {
    /// Only these networks [lenet, mobilenet, ds_cnn]
    #[arg(long, value_delimiter = ',')]
    models: Vec<String>,
    /// Only these contestants, by their first words [layerwise, expert, candle, ONNX, …]
    #[arg(long, value_delimiter = ',')]
    contestants: Vec<String>,
    /// Only these ways of calling [one, batch]
    #[arg(long, value_delimiter = ',')]
    modes: Vec<String>,
    /// Rounds, in each of which all contestants take their turns
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Milliseconds of a turn
    #[arg(long, default_value_t = 5)]
    millis: u64,
}

struct Contestant {
    name: &'static str,
    prepare: fn(&Network, Mode) -> Prepared,
}

const ALL: &[Contestant] = &[
    Contestant {
        name: NAME,
        prepare: layerwise::prepare,
    },
    #[cfg(feature = "cpp")]
    Contestant {
        name: EXPERT,
        prepare: cpp::expert,
    },
    Contestant {
        name: NAME_AVX2,
        prepare: layerwise::prepare_avx2,
    },
    #[cfg(feature = "cpp")]
    Contestant {
        name: EXPERT_AVX2,
        prepare: cpp::expert_avx2,
    },
    #[cfg(feature = "candle")]
    Contestant {
        name: "candle",
        prepare: candle::prepare,
    },
    #[cfg(feature = "tract")]
    Contestant {
        name: "tract",
        prepare: tract::prepare,
    },
    #[cfg(feature = "burn")]
    Contestant {
        name: "burn",
        prepare: burn::prepare,
    },
    Contestant {
        name: onnx_runtime::NAME,
        prepare: onnx_runtime::prepare,
    },
];

/// A network whose images have the channels of a pixel beside one another; its outputs are given in
/// PyTorch's order.
struct FromPixels {
    runner: Box<dyn Runner>,
    shape: Shape,
}

impl Runner for FromPixels {
    fn run(&mut self, calls: u64) {
        self.runner.run(calls);
    }

    fn outputs(&self) -> Vec<f32> {
        models::to_planes(&self.runner.outputs(), self.shape)
    }
}

pub fn compare(args: &Args) -> Result<(), Box<dyn Error>> {
    let models = chosen(models::all(), &args.models, |model| model.name)?;
    let ways = chosen(vec![Mode::One, Mode::Batch], &args.modes, |mode| mode.key())?;
    let contestants = chosen(ALL.iter().collect(), &args.contestants, |c| key(c.name))?;
    let timing = Timing {
        rounds: args.rounds,
        turn: Duration::from_millis(args.millis),
    };
    println!("{}\n", environment::describe());
    if contestants.iter().any(|c| c.name == onnx_runtime::NAME) {
        println!("{}\n", onnx_runtime::describe());
    }
    let mut races = Vec::new();
    for mode in ways {
        let race = |model: &Network| {
            let reference = model.reference(&model.samples(mode.samples()));
            let contestants = contestants.iter();
            let prepared = contestants.map(|c| (c.name, (c.prepare)(model, mode)));
            Race::new(model.name, mode, prepared, &reference)
        };
        let races_of_mode = models.iter().map(race).collect::<Result<Vec<_>, _>>()?;
        races.push((mode, races_of_mode));
    }
    let names: Vec<_> = contestants.iter().map(|c| c.name).collect();
    race::run(races, &names, timing);
    Ok(())
}
