//! Values that are made where they stay: a network of some megabytes does not fit on a stack, on
//! which a value that is returned and moved is kept at least once.
#![allow(unsafe_code, reason = "to fill memory in place, field by field")]

use core::{mem::MaybeUninit, ptr};

use nalgebra::SMatrix;

use crate::{parameters::Parameters, scalar::Scalar};

/// `Parameters::place` for a struct: each field with what fills it.
///
/// # Soundness
///
/// The pattern names every field, or it doesn't compile; each is filled by a safe function from its
/// place to a reference to the value there; so all of the struct is initialised at the end. If a
/// function panics, nothing was promised of the place. The pointers to the fields come from that to
/// the struct, which is borrowed mutably, and no two fields overlap.
#[doc(hidden)]
#[macro_export]
macro_rules! __place {
    ($place:ident: $($member:tt: $fill:expr),*) => {{
        let _ = |Self { $($member: _),* }: &Self| {};
        let _pointer = $place.as_mut_ptr();
        unsafe {
            $($crate::__private::place::fill(&raw mut (*_pointer).$member, $fill);)*
            $place.assume_init_mut()
        }
    }};
}

/// Fills the place that `pointer` leads to.
///
/// # Safety
///
/// The pointer is aligned and valid for writes, and nothing else refers to what it leads to.
pub unsafe fn fill<T>(pointer: *mut T, fill: impl FnOnce(&mut MaybeUninit<T>) -> &mut T) {
    // SAFETY: by the caller; a `MaybeUninit<T>` is laid out as a `T` and need not be initialised.
    let place = unsafe { &mut *pointer.cast::<MaybeUninit<T>>() };
    let filled: *const T = fill(place);
    assert!(ptr::eq(filled, pointer), "`place` filled another place");
}

/// A matrix of zeros.
pub(crate) fn zeros<T: Scalar, const ROWS: usize, const COLUMNS: usize>(
    place: &mut MaybeUninit<SMatrix<T, ROWS, COLUMNS>>,
) -> &mut SMatrix<T, ROWS, COLUMNS> {
    // SAFETY: the matrix is an array of `f32` or `f64` (`Scalar` is sealed), for which all bits
    // zero are 0.
    unsafe {
        place.as_mut_ptr().write_bytes(0, 1);
        place.assume_init_mut()
    }
}

/// An array, item by item.
pub(crate) fn array<P: Parameters, const N: usize>(place: &mut MaybeUninit<[P; N]>) -> &mut [P; N] {
    let first = place.as_mut_ptr().cast::<P>();
    for index in 0..N {
        // SAFETY: an array is its items one after another, and each is filled by itself.
        unsafe { fill(first.add(index), P::place) };
    }
    // SAFETY: every item has been filled.
    unsafe { place.assume_init_mut() }
}

/// `P::ZEROS` on the heap, made there.
#[cfg(feature = "std")]
pub(crate) fn boxed<P: Parameters>() -> std::boxed::Box<P> {
    let mut value = std::boxed::Box::<P>::new_uninit();
    // SAFETY: the box is aligned, writable and nobody else's; `fill` makes sure that this very
    // place was filled before `assume_init` relies on it.
    unsafe {
        fill(value.as_mut_ptr(), P::place);
        value.assume_init()
    }
}
