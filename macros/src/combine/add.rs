//! `Add(chain, chain, …)`: the sum of what they give.

use super::{Form, Spec};

pub(crate) const SPEC: Spec = Spec {
    name: "Add",
    sign: "+",
    form: Form::Alike,
    example: "Add(Linear(8, 4), Linear(8, 4) -> Tanh)",
};
