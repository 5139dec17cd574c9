//! `Concat(chain, chain, …)`: what they give, one after another.

use super::{Form, Spec};

pub(crate) const SPEC: Spec = Spec {
    name: "Concat",
    sign: "‖",
    form: Form::InTurn,
    example: "Concat(Linear(8, 4), Linear(8, 3) -> Tanh)",
};
