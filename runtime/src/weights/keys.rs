//! Which keys of a weight file are a network's.

/// Which keys of a weight file are a network's; by default all, and each must be one.
///
/// A checkpoint of more than the network, or of a wrapper around it, is read with
/// [`prefix`](Self::prefix), [`strict`](Self::strict) or both:
///
/// ```
/// use layerwise::{Keys, network};
///
/// network! { struct Actor = Linear(3, 2) -> Tanh -> Linear(2, 1); }
///
/// const ACTOR: Keys<'_> = Keys::new().prefix("actor.");
///
/// # let bytes = {
/// #     network! { struct Both = actor: Actor -> critic: Linear(1, 1); }
/// #     Both::new().to_safetensors()
/// # };
/// let mut actor = Actor::zeros();
/// actor.read_safetensors_with(&bytes, ACTOR)?;
/// # Ok::<(), layerwise::WeightsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) is_strict: bool,
}

impl<'a> Keys<'a> {
    /// All keys of the file, each of which must be one of the network's.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            prefix: "",
            is_strict: true,
        }
    }

    /// Only the keys that begin with `prefix`, such as `actor.`, and without it.
    #[must_use]
    pub const fn prefix(self, prefix: &'a str) -> Self {
        Self { prefix, ..self }
    }

    /// With `false`, what the network has no use for is left where it is, as by PyTorch's
    /// `load_state_dict(strict=False)`; but unlike there, what the network needs must be in the file.
    #[must_use]
    pub const fn strict(self, is_strict: bool) -> Self {
        Self { is_strict, ..self }
    }
}

impl Default for Keys<'_> {
    fn default() -> Self {
        Self::new()
    }
}
