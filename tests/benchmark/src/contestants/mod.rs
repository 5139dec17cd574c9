//! Who takes part: a file each, and a row in [`all`].

#[cfg(feature = "burn")]
pub mod burn;
#[cfg(feature = "candle")]
pub mod candle;
#[cfg(feature = "cpp")]
pub mod cpp;
#[cfg(feature = "dfdx")]
mod dfdx;
pub mod layerwise;
mod nalgebra;
#[cfg(feature = "tract")]
pub mod tract;
mod vectors;

use std::error::Error;

use crate::models::Model;

/// How a network is called.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub enum Mode {
    /// One sample, the calls independent
    One,
    /// Samples in batches of 256
    Batch,
    /// One sample, the first input of each call depending on the answer before
    Dependent,
}

/// Samples in a batch.
pub const BATCH: usize = 256;

impl Mode {
    pub const ALL: [Self; 3] = [Self::One, Self::Batch, Self::Dependent];

    pub fn samples(self) -> usize {
        match self {
            Self::One | Self::Dependent => 1,
            Self::Batch => BATCH,
        }
    }

    /// As on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Batch => "batch",
            Self::Dependent => "dependent",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::One => "batch 1",
            Self::Batch => "batch 256",
            Self::Dependent => "dependent calls",
        }
    }
}

/// A network with its inputs, ready to be called.
///
/// The loop is each contestant's own, so that nothing stands between it and the network.
pub trait Runner {
    /// Calls the network `calls` times.
    fn run(&mut self, calls: u64);

    /// The outputs of the last call, sample after sample.
    fn outputs(&self) -> Vec<f32>;
}

/// What a contestant gives for a model and a mode; nothing where it is absent on this machine, or has
/// no such model or mode.
pub type Prepared = Result<Option<Box<dyn Runner>>, Box<dyn Error>>;

pub struct Contestant {
    pub name: &'static str,
    pub prepare: fn(&Model, Mode) -> Prepared,
}

/// What the command line calls a contestant: the first word of its name.
pub fn key(name: &'static str) -> &'static str {
    name.split(' ').next().unwrap_or(name)
}

/// The one that the others are compared with.
pub const EXPERT: &str = "expert C++";

/// The same where there is no AVX-512, and for whoever uses no more than AVX2.
pub const EXPERT_AVX2: &str = "expert-avx2 C++";

/// Whether nobody was left out of the build.
pub const COMPLETE: bool = cfg!(all(
    feature = "cpp",
    feature = "candle",
    feature = "tract",
    feature = "burn",
    feature = "dfdx"
));

/// Everybody who was built in.
pub const ALL: &[Contestant] = &[
    Contestant {
        name: layerwise::NAME,
        prepare: layerwise::prepare,
    },
    #[cfg(feature = "cpp")]
    Contestant {
        name: EXPERT,
        prepare: cpp::expert,
    },
    Contestant {
        name: layerwise::NAME_AVX2,
        prepare: layerwise::prepare_avx2,
    },
    #[cfg(feature = "cpp")]
    Contestant {
        name: EXPERT_AVX2,
        prepare: cpp::expert_avx2,
    },
    #[cfg(feature = "cpp")]
    Contestant {
        name: "plain C++",
        prepare: cpp::plain,
    },
    Contestant {
        name: "nalgebra",
        prepare: nalgebra::prepare,
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
    #[cfg(feature = "dfdx")]
    Contestant {
        name: "dfdx",
        prepare: dfdx::prepare,
    },
];
