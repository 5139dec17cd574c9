//! `Multiply(chain, chain, …)`: the product of what they give.

use super::{Form, Spec};

pub(crate) const SPEC: Spec = Spec {
    name: "Multiply",
    sign: "×",
    form: Form::Alike,
    example: "Multiply(Linear(8, 4), Linear(8, 4) -> Sigmoid)",
};
