//! A layer and the [`BatchNorm1d`](super::BatchNorm1d) behind it as one.
#![allow(
    unsafe_code,
    reason = "which layer it is is asked in each forward, where a virtual call of `Any` would show"
)]

use core::{fmt, marker::PhantomData, ptr};

/// A layer of N outputs whose rows a norm behind it can be calculated into.
///
/// # Safety
///
/// No two layers of a `T` and an `N` have the same [`SIZES`](Self::SIZES) and another
/// [`Folded`](Self::Folded).
pub unsafe trait Foldable<T, const N: usize> {
    /// What both are together: the same layer, with a bias.
    type Folded: Send + Sync + 'static;

    /// Which layer it is, and its other sizes.
    const SIZES: [usize; 6];
}

/// What a norm and the layer before it make together, calculated while the program compiled. Only a
/// network that nobody can change has it: its copy, in which the numbers it was made of may change,
/// has none.
pub(super) struct Folded<T, const N: usize>(Option<Both>, PhantomData<T>);

struct Both {
    layer: &'static (dyn Send + Sync),
    sizes: &'static [usize; 6],
}

impl<T, const N: usize> Folded<T, N> {
    pub(super) const NONE: Self = Self(None, PhantomData);

    pub(super) const fn new<L: Foldable<T, N>>(layer: &'static L::Folded) -> Self {
        let sizes = &L::SIZES;
        Self(Some(Both { layer, sizes }), PhantomData)
    }

    /// The layer in place of an `L`.
    #[inline]
    pub(super) fn layer<L: Foldable<T, N>>(&self) -> Option<&'static L::Folded> {
        let Both { layer, sizes } = self.0.as_ref()?;
        // SAFETY: what has the same sizes is of the same type, by the trait.
        (**sizes == L::SIZES).then(|| unsafe { &*ptr::from_ref(*layer).cast() })
    }
}

impl<T, const N: usize> Clone for Folded<T, N> {
    fn clone(&self) -> Self {
        Self::NONE
    }
}

/// It says nothing that the layers don't.
impl<T, const N: usize> PartialEq for Folded<T, N> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T, const N: usize> fmt::Debug for Folded<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Folded" } else { "None" })
    }
}
