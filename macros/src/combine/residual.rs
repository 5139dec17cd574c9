//! `Residual(chain)`: what enters, added to what leaves.

use super::{Form, Spec};

pub(crate) const SPEC: Spec = Spec {
    name: "Residual",
    sign: "+",
    form: Form::Skip,
    example: "Residual(Linear(8, 8) -> ReLU)",
};
