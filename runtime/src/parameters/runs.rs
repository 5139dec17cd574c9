//! What is trained, as stretches of numbers: for whoever changes all of them in the same way.
#![allow(unsafe_code, reason = "numbers are where a layout says")]

use super::{Parameters, layout::Layout};
use crate::scalar::Scalar;

/// What is done with a stretch of trained numbers.
pub(crate) trait Each {
    /// They are `offset` bytes from where the value begins.
    fn run<T: Scalar>(&mut self, offset: usize, len: usize);
}

/// Shows `each` all trained numbers of a `P`, which are mostly of `T`.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "of a small network a few instructions"
)]
pub(crate) fn each<T: Scalar, P: Parameters>(each: &mut impl Each) {
    let runs = const { &Runs::of_value::<T, P>() };
    if runs.is_complete {
        let mut index = 0;
        if const { size_of::<P>() <= SMALL } {
            // What is known of the first ones while compiling makes them straight code.
            nth::<T, P, 0>(each);
            nth::<T, P, 1>(each);
            nth::<T, P, 2>(each);
            nth::<T, P, 3>(each);
            index = 4;
        }
        while index < runs.len {
            let (offset, len) = runs.all[index];
            each.run::<T>(offset, len);
            index += 1;
        }
    } else {
        walk(&P::LAYOUT, 0, each);
    }
}

#[inline(always)]
#[allow(clippy::inline_always, reason = "as above")]
fn nth<T: Scalar, P: Parameters, const N: usize>(each: &mut impl Each) {
    let (offset, len) = const { Runs::of_value::<T, P>().all[N] };
    if len > 0 {
        each.run::<T>(offset, len);
    }
}

fn walk(layout: &Layout, offset: usize, each: &mut impl Each) {
    match layout {
        Layout::Tensor(tensor) if tensor.is_count() => {}
        Layout::Tensor(tensor) if tensor.scalar() == f64::NAME => {
            each.run::<f64>(offset, tensor.len());
        }
        Layout::Tensor(tensor) => each.run::<f32>(offset, tensor.len()),
        Layout::Array { len, item, stride } => {
            for index in 0..*len {
                walk(item, offset + index * stride, each);
            }
        }
        Layout::Struct(fields) => {
            for field in fields.iter().filter(|field| !field.buffer) {
                walk(&field.layout, offset + field.offset, each);
            }
        }
    }
}

/// Copies the trained numbers of a value to another or, where it `adds`, adds them to what is there.
pub(crate) fn add<T: Scalar, P: Parameters>(to: &mut P, from: &P, adds: bool) {
    each::<T, P>(&mut Add {
        to: core::ptr::from_mut(to).cast(),
        from: core::ptr::from_ref(from).cast(),
        adds,
    });
}

struct Add {
    to: *mut u8,
    from: *const u8,
    adds: bool,
}

impl Each for Add {
    fn run<T: Scalar>(&mut self, offset: usize, len: usize) {
        // SAFETY: both lead to values, of which these numbers are a part, one to be changed.
        let (to, from) = unsafe {
            (
                core::slice::from_raw_parts_mut(self.to.add(offset).cast::<T>(), len),
                core::slice::from_raw_parts(self.from.add(offset).cast::<T>(), len),
            )
        };
        for (to, from) in to.iter_mut().zip(from) {
            if self.adds {
                *to += *from;
            } else {
                *to = *from;
            }
        }
    }
}

/// Stretches of neighbours: how many bytes from the start each is, and how many numbers it has. In a
/// constant, they cost nothing to find.
struct Runs {
    all: [(usize, usize); MOST],
    len: usize,
    /// Whether they are all, and all of the scalar.
    is_complete: bool,
    /// Whether neighbours are one stretch.
    joins: bool,
}

/// The bytes of the largest network that is still on its way to memory when somebody reads it again. Each tensor
/// is a stretch of its own, as it is to those who read and write it.
pub(crate) const SMALL: usize = 512;

/// Of larger networks the walk takes no noticeable time.
const MOST: usize = 16;

impl Runs {
    const fn of_value<T: Scalar, P: Parameters>() -> Self {
        Self::of(&P::LAYOUT, T::NAME, size_of::<P>() > SMALL)
    }

    const fn of(layout: &Layout, scalar: &str, joins: bool) -> Self {
        let none = Self {
            all: [(0, 0); MOST],
            len: 0,
            is_complete: true,
            joins,
        };
        none.with(layout, 0, scalar.as_bytes())
    }

    const fn with(mut self, layout: &Layout, offset: usize, scalar: &[u8]) -> Self {
        match layout {
            Layout::Tensor(tensor) if tensor.is_count() => self,
            Layout::Tensor(tensor) => {
                self.is_complete &= is_same(tensor.scalar().as_bytes(), scalar);
                self.push(offset, tensor.len(), scalar)
            }
            Layout::Array { len, item, stride } => {
                let mut index = 0;
                while index < *len && self.is_complete {
                    self = self.with(item, offset + index * *stride, scalar);
                    index += 1;
                }
                self
            }
            Layout::Struct(fields) => {
                let mut rest = *fields;
                while let [field, tail @ ..] = rest {
                    if !field.buffer {
                        self = self.with(&field.layout, offset + field.offset, scalar);
                    }
                    rest = tail;
                }
                self
            }
        }
    }

    const fn push(mut self, offset: usize, count: usize, scalar: &[u8]) -> Self {
        let size = if is_same(scalar, b"f64") { 8 } else { 4 };
        if self.joins && self.len > 0 {
            let (last, numbers) = self.all[self.len - 1];
            if last + numbers * size == offset {
                self.all[self.len - 1].1 += count;
                return self;
            }
        }
        if self.len == MOST {
            self.is_complete = false;
        } else if count > 0 {
            self.all[self.len] = (offset, count);
            self.len += 1;
        }
        self
    }
}

const fn is_same(mut a: &[u8], mut b: &[u8]) -> bool {
    while let ([x, a_rest @ ..], [y, b_rest @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (a_rest, b_rest);
    }
    a.is_empty() && b.is_empty()
}
