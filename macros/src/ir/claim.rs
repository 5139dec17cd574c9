//! What must hold between sizes.

use proc_macro2::TokenStream;

use super::{Dim, Producer, Shape};

/// Something that must hold, checked by [`check`](crate::check) where all sizes are known and by
/// the compiler where not.
pub(crate) struct Check {
    /// The tokens that are wrong if it doesn't.
    pub(crate) at: TokenStream,
    pub(crate) claim: Claim,
}

pub(crate) enum Claim {
    /// What only the compiler knows: a function of the runtime's `check`, and what it is asked.
    Asked {
        function: &'static str,
        arguments: TokenStream,
    },
    /// A layer takes what the one before it gives.
    Inputs {
        takes: Dim,
        gets: Dim,
        /// `input` or `channel`
        unit: &'static str,
        layer: String,
        producer: Box<Producer>,
        /// The layer, with a hole for the right number of inputs.
        write: [String; 2],
    },
    /// `Input` in a block says what reaches it, of other kinds than vectors.
    Shapes {
        takes: Shape,
        gets: Shape,
        layer: String,
        producer: Box<Producer>,
    },
    /// A layer has one parameter, or one for each feature.
    Count {
        count: Dim,
        gets: Dim,
        /// The layer as it was written, and its name.
        layer: String,
        name: String,
        producer: Box<Producer>,
    },
    /// A branch gives what the first one gives.
    Alike {
        first: Shape,
        gives: Shape,
        /// The combinator.
        name: &'static str,
        /// What is at the end of the first branch, and of this one.
        by: String,
        producer: Box<Producer>,
    },
    /// What leaves a residual's chain is what enters it.
    Residual {
        enters: Shape,
        leaves: Shape,
        /// The layer at the end of the chain.
        producer: Box<Producer>,
    },
    /// Groups divide what they are groups of.
    Groups {
        /// Sizes, and what they are of: `inputs`, `outputs` or `channels`.
        of: Vec<(Dim, &'static str)>,
        groups: Dim,
        layer: String,
    },
    /// The padding of a pool is at most half of its window, which may not be of padding alone.
    Padding {
        /// The window's sizes, each with its padding.
        windows: Vec<[Dim; 2]>,
        layer: String,
    },
    /// The network costs no more than it may.
    Budget(Budget),
}

/// `max_parameters = 10_000`
#[derive(Clone)]
pub(crate) struct Budget {
    /// The setting's name.
    pub(crate) setting: &'static str,
    pub(crate) limit: TokenStream,
}
