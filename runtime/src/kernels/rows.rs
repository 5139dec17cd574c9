//! What is made of all numbers of a sample together, in one text for all ways that values go.

use super::{
    Function,
    dispatch::{Kernel, dispatch},
    isa::{Isa, Vector},
};
use crate::scalar::Scalar;

/// The numbers of a sample, one after another in vectors; or those of as many samples as a vector has
/// lanes, with a vector for each number.
pub trait Row<T: Scalar> {
    /// What holds them.
    type V: Vector<Scalar = T>;
    /// Whose vectors they are.
    fn isa(&self) -> <Self::V as Vector>::Isa;
    /// How many numbers a sample has.
    fn width(&self) -> usize;
    /// How many vectors there are.
    fn vectors(&self) -> usize;
    /// A vector. Behind the last number it may have anything that functions make of zero.
    fn get(&self, index: usize) -> Self::V;
    /// Replaces a vector, which may not be asked for again: the new ones can be in another place.
    fn set(&mut self, index: usize, vector: Self::V);
    /// `vector` where the vector of this index has numbers, `other` behind the last.
    fn keep(&self, index: usize, vector: Self::V, other: Self::V) -> Self::V;
    /// The sum of a sample's lanes in each of them.
    fn sum(&self, vector: Self::V) -> Self::V;
    /// The largest of a sample's lanes in each of them; any may be the answer if one is NaN.
    fn largest(&self, vector: Self::V) -> Self::V;
    /// `f` of what is the same in each lane of a sample: single numbers, see [`inverse`](super::math::inverse).
    fn once(&self, vector: Self::V, f: impl Fn(T) -> T) -> Self::V;
    /// What belongs to the numbers of a vector: of `numbers`, which has one for each of a sample's.
    fn beside(&self, index: usize, numbers: &[T]) -> Self::V;
}

/// A function of a sample's numbers together, for vectors of any instruction set.
pub trait MapRow<T: Scalar> {
    /// Replaces them.
    fn map<R: Row<T>>(&self, row: &mut R);
}

/// Replaces a sample's numbers.
#[inline]
pub(crate) fn map_row<M: MapRow<T>, T: Scalar>(map: &M, x: &mut [T]) {
    let (y, width) = (x.as_mut_ptr(), x.len());
    dispatch(MapRows {
        map,
        x: y,
        y,
        width,
        rows: 1,
    });
}

/// Applies a function to rows, in place or to another.
///
/// # Safety
///
/// Whoever makes one sees to it that `x` and `y` lead to `rows` rows of `width` numbers, and that nothing
/// else refers to those of `y`.
pub(crate) struct MapRows<'a, M, T> {
    pub(crate) map: &'a M,
    pub(crate) x: *const T,
    pub(crate) y: *mut T,
    pub(crate) width: usize,
    pub(crate) rows: usize,
}

impl<'a, M: MapRow<T>, T: Scalar> Kernel for MapRows<'a, M, T> {
    type Output = ();
    type First = &'a M;
    type Second = (*const T, *mut T);
    type Third = (usize, usize);

    #[inline(always)]
    fn parts(self) -> (&'a M, (*const T, *mut T), (usize, usize), Function) {
        let (places, sizes) = ((self.x, self.y), (self.width, self.rows));
        (self.map, places, sizes, Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        map: &'a M,
        (x, y): (*const T, *mut T),
        (width, rows): (usize, usize),
        _: Function,
    ) {
        for row in 0..rows {
            // SAFETY: there are as many rows, of as many numbers.
            let mut row = unsafe {
                let (x, y) = (x.add(row * width), y.add(row * width));
                InMemory::<T::Vector<I>>::new(isa, x, y, width)
            };
            map.map(&mut row);
        }
    }
}

/// Numbers of one sample in memory, and where those go that replace them.
pub(super) struct InMemory<V: Vector> {
    isa: V::Isa,
    x: *const V::Scalar,
    y: *mut V::Scalar,
    len: usize,
    /// How many vectors are full.
    whole: usize,
    /// Of the one behind them.
    mask: V::Mask,
}

impl<V: Vector> InMemory<V> {
    /// # Safety
    ///
    /// `x` leads to `len` numbers, which nobody else changes, and `y` to as many, if any is replaced, to which
    /// nothing else refers. They may be the same.
    #[inline(always)]
    pub(super) unsafe fn new(
        isa: V::Isa,
        x: *const V::Scalar,
        y: *mut V::Scalar,
        len: usize,
    ) -> Self {
        Self {
            isa,
            x,
            y,
            len,
            whole: len / V::LANES,
            mask: V::mask(isa, (len % V::LANES).max(1)),
        }
    }
}

impl<V: Vector> Row<V::Scalar> for InMemory<V> {
    type V = V;

    #[inline(always)]
    fn isa(&self) -> V::Isa {
        self.isa
    }

    #[inline(always)]
    fn width(&self) -> usize {
        self.len
    }

    #[inline(always)]
    fn vectors(&self) -> usize {
        self.len.div_ceil(V::LANES)
    }

    #[inline(always)]
    fn get(&self, index: usize) -> V {
        debug_assert!(index < self.vectors(), "behind the row");
        // SAFETY: by whoever made it; below `whole` are whole vectors, and the mask has the rest.
        unsafe {
            let from = self.x.add(index * V::LANES);
            if index < self.whole {
                V::load(self.isa, from)
            } else {
                V::load_partial(self.isa, from, self.mask)
            }
        }
    }

    #[inline(always)]
    fn set(&mut self, index: usize, vector: V) {
        debug_assert!(index < self.vectors(), "behind the row");
        // SAFETY: as above.
        unsafe {
            let to = self.y.add(index * V::LANES);
            if index < self.whole {
                vector.store(to);
            } else {
                vector.store_partial(to, self.mask);
            }
        }
    }

    #[inline(always)]
    fn keep(&self, index: usize, vector: V, other: V) -> V {
        if index < self.whole {
            vector
        } else {
            vector.keep(self.mask, other)
        }
    }

    #[inline(always)]
    fn sum(&self, vector: V) -> V {
        V::splat(self.isa, vector.sum(V::LANES))
    }

    #[inline(always)]
    fn largest(&self, vector: V) -> V {
        V::splat(self.isa, vector.largest(V::LANES))
    }

    #[inline(always)]
    fn once(&self, vector: V, f: impl Fn(V::Scalar) -> V::Scalar) -> V {
        V::splat(self.isa, f(vector.first()))
    }

    #[inline(always)]
    fn beside(&self, index: usize, numbers: &[V::Scalar]) -> V {
        load_some(self.isa, index, numbers)
    }
}

/// The vector of an index, zero behind the last number.
#[inline(always)]
pub(crate) fn load_some<V: Vector>(isa: V::Isa, index: usize, numbers: &[V::Scalar]) -> V {
    let first = index * V::LANES;
    let rest = numbers.len().saturating_sub(first);
    let from = numbers.as_ptr().wrapping_add(first);
    // SAFETY: `rest` numbers are there.
    unsafe {
        match rest {
            0 => V::splat(isa, V::Scalar::ZERO),
            _ if rest >= V::LANES => V::load(isa, from),
            _ => V::load_partial(isa, from, V::mask(isa, rest)),
        }
    }
}
