//! What a network ends in, and which losses take that: a loss that takes the softmax itself must not be
//! given one.

use super::losses::{AnyOutput, BinaryLogits, LogProbabilities, Logits};

/// A network that ends in `Softmax`.
#[derive(Clone, Copy, Debug)]
pub struct Softmax;

/// A network that ends in `LogSoftmax`.
#[derive(Clone, Copy, Debug)]
pub struct LogSoftmax;

/// A network that ends in `Sigmoid`.
#[derive(Clone, Copy, Debug)]
pub struct Sigmoid;

/// A network that ends in anything else.
#[derive(Clone, Copy, Debug)]
pub struct Other;

/// What a network may end in for a loss that takes the softmax itself.
#[diagnostic::on_unimplemented(
    message = "the network ends in `{Self}`, and `CrossEntropyLoss` takes the softmax of its outputs itself",
    label = "a softmax of a softmax learns slowly and badly",
    note = "leave `{Self}` out at the network's end, and apply it to what `forward` gives where \
            probabilities are wanted",
    note = "or end in `LogSoftmax` and train with `NLLLoss`"
)]
pub trait GivesLogits {}

impl GivesLogits for Other {}
impl GivesLogits for Sigmoid {}
impl GivesLogits for LogSoftmax {}

/// What a network may end in for a loss that takes logarithms of probabilities.
#[diagnostic::on_unimplemented(
    message = "the network ends in `{Self}`, and `NLLLoss` takes logarithms of probabilities",
    label = "what this would learn is not a probability",
    note = "write `LogSoftmax` at the network's end, or leave `{Self}` out and train with \
            `CrossEntropyLoss`"
)]
pub trait GivesLogProbabilities {}

impl GivesLogProbabilities for Other {}
impl GivesLogProbabilities for LogSoftmax {}

/// What a network may end in for a loss that takes the logistic function itself.
#[diagnostic::on_unimplemented(
    message = "the network ends in `{Self}`, and `BCEWithLogitsLoss` takes the sigmoid of its outputs itself",
    label = "a sigmoid of a sigmoid learns slowly and badly",
    note = "leave `{Self}` out at the network's end, or keep it and train with `BCELoss`"
)]
pub trait GivesBinaryLogits {}

impl GivesBinaryLogits for Other {}
impl GivesBinaryLogits for LogSoftmax {}

/// That a loss which takes `Self` can be given what ends in `End`.
pub trait Accepts<End> {}

impl<End> Accepts<End> for AnyOutput {}
impl<End: GivesLogits> Accepts<End> for Logits {}
impl<End: GivesBinaryLogits> Accepts<End> for BinaryLogits {}
impl<End: GivesLogProbabilities> Accepts<End> for LogProbabilities {}
