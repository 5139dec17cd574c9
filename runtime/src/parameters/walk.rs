//! The walk over the tensors of some values, by their layout alone.
#![allow(unsafe_code, reason = "tensors are where a layout says")]

use core::slice;

use super::{
    Visitor, VisitorMut,
    layout::{Layout, Tensor},
    path::Path,
};
use crate::scalar::Scalar;

/// What is done with one tensor in each of `K` values.
trait Visit<const K: usize> {
    /// # Safety
    ///
    /// At each of the places is such a tensor, for as long as the values are borrowed.
    unsafe fn tensor<T: Scalar>(&mut self, path: &Path<'_>, places: [*mut T; K], len: usize);

    /// # Safety
    ///
    /// As of a tensor.
    unsafe fn count(&mut self, path: &Path<'_>, places: [*mut i64; K]);
}

/// Of values that are shared.
struct Shared<'a, V>(&'a mut V);

impl<const K: usize, V: Visitor<K>> Visit<K> for Shared<'_, V> {
    unsafe fn tensor<T: Scalar>(&mut self, path: &Path<'_>, places: [*mut T; K], len: usize) {
        // SAFETY: by the caller.
        let tensors = places.map(|place| unsafe { slice::from_raw_parts(place, len) });
        self.0.tensor(path, tensors);
    }

    unsafe fn count(&mut self, path: &Path<'_>, places: [*mut i64; K]) {
        // SAFETY: by the caller.
        self.0.count(path, places.map(|place| unsafe { &*place }));
    }
}

/// Of values that can be changed.
struct Mutable<'a, V>(&'a mut V);

impl<const K: usize, V: VisitorMut<K>> Visit<K> for Mutable<'_, V> {
    unsafe fn tensor<T: Scalar>(&mut self, path: &Path<'_>, places: [*mut T; K], len: usize) {
        // SAFETY: by the caller.
        let tensors = places.map(|place| unsafe { slice::from_raw_parts_mut(place, len) });
        self.0.tensor(path, tensors);
    }

    unsafe fn count(&mut self, path: &Path<'_>, places: [*mut i64; K]) {
        // SAFETY: by the caller.
        self.0
            .count(path, places.map(|place| unsafe { &mut *place }));
    }
}

/// # Safety
///
/// `path` has the layout of `P`, and that is true.
pub(super) unsafe fn shared<P, const K: usize>(
    values: [&P; K],
    path: &Path<'_>,
    visitor: &mut impl Visitor<K>,
) {
    let places = values.map(|value| core::ptr::from_ref(value).cast_mut().cast());
    // SAFETY: by the caller; nothing is written by way of these pointers.
    unsafe { walk(places, path, &mut Shared(visitor)) };
}

/// # Safety
///
/// As of [`shared`].
pub(super) unsafe fn mutable<P, const K: usize>(
    values: [&mut P; K],
    path: &Path<'_>,
    visitor: &mut impl VisitorMut<K>,
) {
    let places = values.map(|value| core::ptr::from_mut(value).cast());
    // SAFETY: by the caller; tensors of one value don't overlap, and no two values do.
    unsafe { walk(places, path, &mut Mutable(visitor)) };
}

/// # Safety
///
/// At each place is a value of the layout that `path` leads to.
unsafe fn walk<const K: usize>(places: [*mut u8; K], path: &Path<'_>, visit: &mut impl Visit<K>) {
    let at = |offset: usize| {
        // SAFETY: a layout's offsets lie in its value.
        places.map(|place| unsafe { place.add(offset) })
    };
    // SAFETY: by the caller and what a layout says.
    unsafe {
        match path.layout() {
            Layout::Tensor(tensor) if tensor.is_count() => {
                visit.count(path, places.map(<*mut u8>::cast::<i64>));
            }
            Layout::Tensor(tensor) if Tensor::scalar(&tensor) == f64::NAME => {
                visit.tensor(path, places.map(<*mut u8>::cast::<f64>), tensor.len());
            }
            Layout::Tensor(tensor) => {
                visit.tensor(path, places.map(<*mut u8>::cast::<f32>), tensor.len());
            }
            Layout::Struct(fields) => {
                for (index, field) in fields.iter().enumerate() {
                    walk(at(field.offset), &path.field(index), visit);
                }
            }
            Layout::Array { len, stride, .. } => {
                for index in 0..len {
                    walk(at(index * stride), &path.index(index), visit);
                }
            }
        }
    }
}
