//! Rows as columns.

use crate::{
    kernels::{
        dispatch::baseline,
        isa::{Isa, Vector},
    },
    scalar::Scalar,
};

/// `to[column · rows + row] = from[row · columns + column]`, or adds it.
///
/// # Safety
///
/// There are so many at both places.
#[inline(always)]
pub(super) unsafe fn turn_back<V: Vector>(
    isa: V::Isa,
    from: *const V::Scalar,
    to: *mut V::Scalar,
    [rows, columns]: [usize; 2],
    adds: bool,
) {
    let fours = if V::FOURS { rows / 4 * 4 } else { 0 };
    let whole = columns / V::LANES * V::LANES;
    // SAFETY: by the caller.
    unsafe {
        for row in (0..fours).step_by(4) {
            for column in (0..whole).step_by(V::LANES) {
                let (from, to) = (
                    from.add(row * columns + column),
                    to.add(column * rows + row),
                );
                let mut four = [V::splat(isa, V::Scalar::ZERO); 4];
                if adds {
                    four = V::gather_four(isa, to, rows);
                }
                for (i, sum) in four.iter_mut().enumerate() {
                    *sum = sum.add(V::load(isa, from.add(i * columns)));
                }
                V::scatter_four(isa, four, to, rows);
            }
        }
        for row in 0..rows {
            for column in if row < fours { whole } else { 0 }..columns {
                let to = to.add(column * rows + row);
                let old = if adds { *to } else { V::Scalar::ZERO };
                *to = old + *from.add(row * columns + column);
            }
        }
    }
}

/// `to[term · rows + row] = from[row · step + term]`
///
/// # Safety
///
/// There are so many at both places.
#[inline(always)]
pub(in crate::kernels) unsafe fn transpose<V: Vector>(
    isa: V::Isa,
    (from, step): (*const V::Scalar, usize),
    to: *mut V::Scalar,
    [rows, terms]: [usize; 2],
) {
    let (whole, fours) = (rows / V::LANES * V::LANES, terms / 4 * 4);
    // SAFETY: by the caller.
    unsafe {
        for row in (0..whole).step_by(V::LANES) {
            for term in (0..fours).step_by(4) {
                let four = V::gather_four(isa, from.add(row * step + term), step);
                for (i, vector) in four.into_iter().enumerate() {
                    vector.store(to.add((term + i) * rows + row));
                }
            }
        }
        for row in if fours < terms { 0 } else { whole }..rows {
            let done = if row < whole { fours } else { 0 };
            for term in done..terms {
                *to.add(term * rows + row) = *from.add(row * step + term);
            }
        }
    }
}

/// The same on what every processor of the target has, where there is too little to do to ask for more.
///
/// # Safety
///
/// As of `transpose`, with `terms` numbers from one row to the next.
#[inline]
pub(crate) unsafe fn transpose_little<T: Scalar>(
    from: *const T,
    to: *mut T,
    [rows, terms]: [usize; 2],
) {
    #[inline(always)]
    unsafe fn by<T: Scalar, I: Isa>(isa: I, from: *const T, to: *mut T, sizes: [usize; 2]) {
        // SAFETY: by the caller.
        unsafe { transpose::<T::Vector<I>>(isa, (from, sizes[1]), to, sizes) };
    }
    // SAFETY: by the caller.
    unsafe { by(baseline(), from, to, [rows, terms]) };
}
