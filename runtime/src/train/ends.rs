//! What a network ends in, and which losses take that: a loss that takes the softmax itself must not be
//! given one.

use super::losses::{AnyOutput, BinaryLogits, LogProbabilities, Logits};
use crate::{
    activation::{LogSoftmax, Sigmoid, Softmax},
    parameters::layout::Layout,
};

/// A network that ends in anything else.
#[derive(Clone, Copy, Debug)]
pub struct Other;

/// What a network of this [number](of) ends in: the layer itself, which the compiler's messages then name
/// as it was written.
pub trait Ends {
    /// The layer.
    type In;
}

/// A network's number, as a type.
#[derive(Clone, Copy, Debug)]
pub struct Number<const NUMBER: usize>;

impl Ends for Number<0> {
    type In = Other;
}
impl Ends for Number<1> {
    type In = Softmax;
}
impl Ends for Number<2> {
    type In = LogSoftmax;
}
impl Ends for Number<3> {
    type In = Sigmoid;
}

/// Which of them it is: the last layer of all that leaves its input as it is or only in another order. A network
/// that is the last stage of another ends it, as a block does.
#[must_use]
pub const fn of(layout: &Layout) -> usize {
    let mut rest: &[_] = match layout {
        Layout::Tensor(_) => &[],
        Layout::Array { item, .. } => return of(item),
        Layout::Struct(fields) => fields,
    };
    while let [before @ .., field] = rest {
        // A combinator adds or joins what leaves its stages, and what somebody's own layer makes of those
        // inside it isn't known.
        let Some(stage) = field.stage else { return 0 };
        if field.beside > 0 {
            return 0;
        }
        match stage.layer.as_bytes() {
            _ if field.own => return of(&field.layout),
            b"Identity" | b"Dropout" | b"Flatten" => rest = before,
            b"Softmax" => return 1,
            b"LogSoftmax" => return 2,
            b"Sigmoid" => return 3,
            _ => return of(&field.layout),
        }
    }
    0
}

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
