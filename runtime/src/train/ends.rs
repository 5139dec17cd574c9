//! What a network ends in, and which losses take that: a loss that takes the softmax itself must not be
//! given one.

use super::losses::{AnyOutput, BinaryLogits, LogProbabilities, Logits};
// An end is the layer itself, which the compiler's messages then name as it was written.
pub use crate::activation::{LogSoftmax, Sigmoid, Softmax};

/// A network that ends in anything else.
#[derive(Clone, Copy, Debug)]
pub struct Other;

/// What a network may end in for a loss that takes the softmax itself.
#[diagnostic::on_unimplemented(
    message = "the network ends in `{Self}`, and `CrossEntropyLoss` takes the softmax of its outputs itself\n\
               help: leave `{Self}` out at the network's end, and apply it to what `forward` gives where \
               probabilities are wanted\n\
               help: or end in `LogSoftmax` and train with `NLLLoss`",
    label = "a softmax of a softmax learns slowly and badly"
)]
pub trait GivesLogits {}

#[diagnostic::do_not_recommend]
impl GivesLogits for Other {}
#[diagnostic::do_not_recommend]
impl GivesLogits for Sigmoid {}
#[diagnostic::do_not_recommend]
impl GivesLogits for LogSoftmax {}

/// What a network may end in for a loss that takes logarithms of probabilities.
#[diagnostic::on_unimplemented(
    message = "the network ends in `{Self}`, and `NLLLoss` takes logarithms of probabilities\n\
               help: write `LogSoftmax` at the network's end, or leave `{Self}` out and train with \
               `CrossEntropyLoss`",
    label = "what this would learn is not a probability"
)]
pub trait GivesLogProbabilities {}

#[diagnostic::do_not_recommend]
impl GivesLogProbabilities for Other {}
#[diagnostic::do_not_recommend]
impl GivesLogProbabilities for LogSoftmax {}

/// What a network may end in for a loss that takes the logistic function itself.
#[diagnostic::on_unimplemented(
    message = "the network ends in `{Self}`, and `BCEWithLogitsLoss` takes the sigmoid of its outputs itself\n\
               help: leave `{Self}` out at the network's end, or keep it and train with `BCELoss`",
    label = "a sigmoid of a sigmoid learns slowly and badly"
)]
pub trait GivesBinaryLogits {}

#[diagnostic::do_not_recommend]
impl GivesBinaryLogits for Other {}
#[diagnostic::do_not_recommend]
impl GivesBinaryLogits for LogSoftmax {}

/// That a loss which takes `Self` can be given what ends in `End`.
pub trait Accepts<End> {}

impl<End> Accepts<End> for AnyOutput {}
impl<End: GivesLogits> Accepts<End> for Logits {}
impl<End: GivesBinaryLogits> Accepts<End> for BinaryLogits {}
impl<End: GivesLogProbabilities> Accepts<End> for LogProbabilities {}
