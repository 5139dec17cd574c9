//! The walk over everything a network learns: [`Parameters`], on which weights, initialisation and
//! summaries stand.

pub mod init;
pub mod layout;
pub mod path;
pub mod place;
pub(crate) mod runs;
pub mod summary;
mod tensor;
mod walk;

use core::mem::MaybeUninit;

pub use layerwise_macros::Parameters;
use layout::{Layout, Tensor};
use nalgebra::{ArrayStorage, SMatrix};
use path::Path;

use crate::scalar::Scalar;

/// A value whose tensors can be counted, named, visited and set. Derived, never written by hand.
///
/// Each field of a deriving struct is one of
///
/// - a tensor: [`SMatrix`] or [`SVector`](nalgebra::SVector), or a count, `i64`, which is saved and
///   not trained,
/// - a layer or a network,
/// - an array of these,
/// - a constant: anything else, with `#[parameters(constant = …)]` that gives its value.
///
/// A tensor may say more: `#[parameters(init = 1.0)]` fills it with a value where it would be drawn
/// at random, and `#[parameters(buffer)]` makes it one that is saved and not trained (it starts at
/// zero, or at `init`). In a crate that renamed `layerwise`, `#[parameters(crate = new_name)]` on
/// the struct says so.
///
/// ```
/// use layerwise::{Parameters, SMatrix, SVector};
///
/// #[derive(Clone, Parameters)]
/// struct Embedding<const N: usize> {
///     table: SMatrix<f32, N, 4>,
///     #[parameters(init = 1.0)]
///     scale: SVector<f32, 4>,
///     #[parameters(buffer)]
///     seen: SVector<f32, N>,
///     #[parameters(constant = 1e-5)]
///     eps: f32,
/// }
///
/// assert_eq!(Embedding::<10>::LAYOUT.parameters(), 10 * 4 + 4);
/// ```
///
/// # Safety
///
/// [`LAYOUT`](Self::LAYOUT) is true: what it says of a value's memory (tensors of such a scalar and
/// such a shape at such places, and any numbers may stand in them) is so, and no stage gives more
/// numbers than it says. The derive sees to it (if no attribute behind it changes the fields).
#[allow(
    unsafe_code,
    reason = "embedded weights are copied to where `LAYOUT` says"
)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a layer, a network nor a tensor",
    note = "a layer of your own derives `Clone` and `Parameters`, and implements `Layer`",
    note = "a field that holds no tensors says its value: `#[parameters(constant = 0.5)]`"
)]
pub unsafe trait Parameters: Clone {
    /// The value with every tensor zero and every constant as it was declared.
    const ZEROS: Self;

    /// What the value is made of: the names, shapes and kinds of its tensors.
    const LAYOUT: Layout;

    /// Makes [`ZEROS`](Self::ZEROS) in `place`, without a copy of the whole on the stack.
    fn place(place: &mut MaybeUninit<Self>) -> &mut Self {
        place.write(Self::ZEROS)
    }

    /// Shows `visitor` every tensor in the order of [`LAYOUT`](Self::LAYOUT), those of `K` values
    /// in step. `path` is where the values are.
    ///
    /// # Panics
    ///
    /// Where `path` leads to something else.
    fn walk<const K: usize>(values: [&Self; K], path: &Path<'_>, visitor: &mut impl Visitor<K>) {
        assert_eq!(path.layout(), Self::LAYOUT, "the path leads elsewhere");
        // SAFETY: the layout is true.
        unsafe { walk::shared(values, path, visitor) };
    }

    /// As [`walk`](Self::walk), with tensors that can be changed.
    ///
    /// # Panics
    ///
    /// Where `path` leads to something else.
    fn walk_mut<const K: usize>(
        values: [&mut Self; K],
        path: &Path<'_>,
        visitor: &mut impl VisitorMut<K>,
    ) {
        assert_eq!(path.layout(), Self::LAYOUT, "the path leads elsewhere");
        // SAFETY: the layout is true.
        unsafe { walk::mutable(values, path, visitor) };
    }
}

/// What [`Parameters::walk`] calls for each tensor.
pub trait Visitor<const K: usize> {
    /// The numbers of one tensor in each of the `K` values, column by column.
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, tensors: [&[T]; K]);

    /// A count in each of the values, which nothing is done with by default.
    fn count(&mut self, _path: &Path<'_>, _counts: [&i64; K]) {}
}

/// What [`Parameters::walk_mut`] calls for each tensor.
pub trait VisitorMut<const K: usize> {
    /// The numbers of one tensor in each of the `K` values, column by column.
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, tensors: [&mut [T]; K]);

    /// A count in each of the values, which nothing is done with by default.
    fn count(&mut self, _path: &Path<'_>, _counts: [&mut i64; K]) {}
}

// SAFETY: a count is an `i64`.
#[allow(unsafe_code, reason = "see above")]
#[diagnostic::do_not_recommend]
unsafe impl Parameters for i64 {
    const ZEROS: Self = 0;
    const LAYOUT: Layout = Layout::Tensor(Tensor::COUNT);
}

// SAFETY: the matrix is nalgebra's `ArrayStorage`, which is `[[T; ROWS]; COLUMNS]`.
#[allow(unsafe_code, reason = "see above")]
#[diagnostic::do_not_recommend]
unsafe impl<T: Scalar, const ROWS: usize, const COLUMNS: usize> Parameters
    for SMatrix<T, ROWS, COLUMNS>
{
    const ZEROS: Self = SMatrix::from_array_storage(ArrayStorage([[T::ZERO; ROWS]; COLUMNS]));
    const LAYOUT: Layout = Layout::Tensor(Tensor::new(ROWS, COLUMNS, T::NAME));

    fn place(place: &mut MaybeUninit<Self>) -> &mut Self {
        place::zeros(place)
    }
}

// SAFETY: an array is its items, one after another.
#[allow(unsafe_code, reason = "see above")]
#[diagnostic::do_not_recommend]
unsafe impl<P: Parameters, const N: usize> Parameters for [P; N] {
    const ZEROS: Self = [P::ZEROS; N];
    const LAYOUT: Layout = Layout::Array {
        len: N,
        item: &P::LAYOUT,
        stride: size_of::<P>(),
    };

    fn place(place: &mut MaybeUninit<Self>) -> &mut Self {
        place::array(place)
    }
}
