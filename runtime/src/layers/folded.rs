//! A layer and the [`BatchNorm1d`](super::BatchNorm1d) behind it as one.

use core::{any::Any, fmt};

/// A layer whose rows a norm behind it can be calculated into.
pub trait Foldable {
    /// What both are together: the same layer, with a bias.
    type Folded: Any + Send + Sync;
}

/// What a norm and the layer before it make together, calculated while the program compiled. Only a
/// network that nobody can change has it: its copy, in which the numbers it was made of may change,
/// has none.
pub(super) struct Folded(Option<&'static (dyn Any + Send + Sync)>);

impl Folded {
    pub(super) const NONE: Self = Self(None);

    pub(super) const fn new<L: Any + Send + Sync>(layer: &'static L) -> Self {
        Self(Some(layer))
    }

    /// The layer, if it is one of these.
    #[inline]
    pub(super) fn layer<L: Any>(&self) -> Option<&'static L> {
        self.0?.downcast_ref()
    }
}

impl Clone for Folded {
    fn clone(&self) -> Self {
        Self(None)
    }
}

/// It says nothing that the layers don't.
impl PartialEq for Folded {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Folded" } else { "None" })
    }
}
