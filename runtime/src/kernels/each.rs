//! What goes number by number: functions that are compiled where they are used, and what two values
//! make together.

use core::ops::Range;

use super::{
    Function,
    dispatch::{Kernel, dispatch},
    isa::{Isa, Pairs, Vector},
};
use crate::scalar::Scalar;

/// A function of one number, for vectors of any instruction set. It is compiled with the program
/// that uses it, since a library with all of them for each instruction set takes long to build.
pub trait Map {
    /// Applies it to each lane.
    fn map<V: Vector>(&self, isa: V::Isa, x: V) -> V;

    /// Whether [`slope`](Self::slope) takes the function's value, not its argument.
    #[inline(always)]
    fn is_by_value(&self) -> bool {
        false
    }

    /// The derivative, in each lane.
    fn slope<V: Vector>(&self, isa: V::Isa, kept: V) -> V;
}

/// Replaces each number by the function's value.
pub(crate) fn map<M: Map, T: Scalar>(map: &M, x: &mut [T]) {
    let (x, len) = (x.as_mut_ptr(), x.len());
    dispatch(MapEach { map, x, len });
}

/// Applies a function to numbers in place.
///
/// # Safety
///
/// Whoever makes one sees to it that `x` leads to `len` numbers, which nothing else refers to.
pub(crate) struct MapEach<'a, M, T> {
    pub(crate) map: &'a M,
    pub(crate) x: *mut T,
    pub(crate) len: usize,
}

impl<'a, M: Map, T: Scalar> Kernel for MapEach<'a, M, T> {
    type Output = ();
    type First = &'a M;
    type Second = (*mut T, usize);
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a M, (*mut T, usize), (), Function) {
        (self.map, (self.x, self.len), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, map: &'a M, (x, len): (*mut T, usize), (): (), _: Function) {
        // SAFETY: there are as many numbers, of which each is read and written once.
        unsafe {
            let mut i = 0;
            if I::WIDE {
                i = whole::<_, T::Vector<Pairs<I>>>(Pairs(isa), map, x, i..len);
            }
            i = whole::<_, T::Vector<I>>(isa, map, x, i..len);
            if i < len {
                let mask = T::Vector::<I>::mask(isa, len - i);
                let last = T::Vector::<I>::load_partial(isa, x.add(i), mask);
                map.map(isa, last).store_partial(x.add(i), mask);
            }
        }
    }
}

/// Applies a function to whole registers, and gives the place behind them.
///
/// # Safety
///
/// As of [`MapEach`], for the numbers at `places`.
#[inline(always)]
unsafe fn whole<M: Map, V: Vector>(
    isa: V::Isa,
    map: &M,
    x: *mut V::Scalar,
    places: Range<usize>,
) -> usize {
    let mut i = places.start;
    while i + V::LANES <= places.end {
        // SAFETY: so many numbers are left.
        unsafe { map.map(isa, V::load(isa, x.add(i))).store(x.add(i)) };
        i += V::LANES;
    }
    i
}

/// A function of one number and of `K` that belong to its place.
pub(crate) trait MapWith<const K: usize> {
    /// Applies it to each lane.
    fn map<V: Vector>(&self, isa: V::Isa, x: V, with: [V; K]) -> V;
}

/// Replaces each number by the function's value. `with` has the numbers of one row, and `x` any number of
/// rows; what is left behind the last whole one stays.
#[inline]
pub(crate) fn map_with<M: MapWith<K>, T: Scalar, const K: usize>(
    map: &M,
    x: &mut [T],
    with: [&[T]; K],
) {
    let len = with.iter().fold(x.len(), |len, with| len.min(with.len()));
    dispatch(MapEachWith {
        map,
        x: x.as_mut_ptr(),
        with: with.map(<[T]>::as_ptr),
        len,
        rows: x.len().checked_div(len).unwrap_or(0),
    });
}

/// Applies a function to numbers in place, each with those of its place.
///
/// # Safety
///
/// Whoever makes one sees to it that each of `with` leads to `len` numbers, `x` to `rows` times as many,
/// and that nothing else refers to those of `x`.
struct MapEachWith<'a, M, T, const K: usize> {
    map: &'a M,
    x: *mut T,
    with: [*const T; K],
    len: usize,
    rows: usize,
}

impl<'a, M: MapWith<K>, T: Scalar, const K: usize> Kernel for MapEachWith<'a, M, T, K> {
    type Output = ();
    type First = &'a M;
    type Second = (*mut T, usize, usize);
    type Third = [*const T; K];

    #[inline(always)]
    fn parts(self) -> (&'a M, (*mut T, usize, usize), [*const T; K], Function) {
        let place = (self.x, self.len, self.rows);
        (self.map, place, self.with, Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        map: &'a M,
        (x, len, rows): (*mut T, usize, usize),
        with: [*const T; K],
        _: Function,
    ) {
        let one = T::Vector::<I>::splat(isa, T::ONE);
        // No closure: `array::map` would call it without the instruction set.
        let mut here = [one; K];
        for row in 0..rows {
            let mut i = 0;
            // SAFETY: there are as many numbers, of which each is read and written once.
            unsafe {
                let x = x.add(row * len);
                while i + T::Vector::<I>::LANES <= len {
                    for (here, with) in here.iter_mut().zip(with) {
                        *here = T::Vector::<I>::load(isa, with.add(i));
                    }
                    map.map(isa, T::Vector::<I>::load(isa, x.add(i)), here)
                        .store(x.add(i));
                    i += T::Vector::<I>::LANES;
                }
                if i < len {
                    let mask = T::Vector::<I>::mask(isa, len - i);
                    for (here, with) in here.iter_mut().zip(with) {
                        // One can be divided by, unlike the zeros of lanes that were not loaded.
                        let last = T::Vector::<I>::load_partial(isa, with.add(i), mask);
                        *here = last.keep(mask, one);
                    }
                    let last = T::Vector::<I>::load_partial(isa, x.add(i), mask);
                    map.map(isa, last, here).store_partial(x.add(i), mask);
                }
            }
        }
    }
}

/// What two numbers make.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zip {
    /// `x + y`
    Add,
    /// `x · y`
    Multiply,
}

impl Zip {
    #[inline(always)]
    pub(crate) fn of<V: Vector>(self, x: V, y: V) -> V {
        match self {
            Self::Add => x.add(y),
            Self::Multiply => x.mul(y),
        }
    }
}

/// `x ← zip(x, y)`
///
/// # Safety
///
/// Whoever makes one sees to it that `x` and `y` lead to `len` numbers, and that nothing else refers
/// to those of `x`.
#[derive(Clone, Copy)]
pub struct ZipEach<T> {
    pub(crate) zip: Zip,
    pub(crate) x: *mut T,
    pub(crate) y: *const T,
    pub(crate) len: usize,
}

impl<T: Scalar> Kernel for ZipEach<T> {
    type Output = ();
    type First = (*mut T, *const T);
    type Second = (usize, Zip);
    type Third = ();

    #[inline(always)]
    fn parts(self) -> ((*mut T, *const T), (usize, Zip), (), Function) {
        let (values, rest) = ((self.x, self.y), (self.len, self.zip));
        (values, rest, (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        (x, y): (*mut T, *const T),
        (len, zip): (usize, Zip),
        (): (),
        _: Function,
    ) {
        // SAFETY: by whoever made it. Each by itself: a choice in a loop is made in each round.
        unsafe {
            match zip {
                Zip::Add => each::<T::Vector<I>>(isa, x, y, len, Zip::Add),
                Zip::Multiply => each::<T::Vector<I>>(isa, x, y, len, Zip::Multiply),
            }
        }
    }
}

/// # Safety
///
/// As of [`ZipEach`].
#[inline(always)]
unsafe fn each<V: Vector>(
    isa: V::Isa,
    x: *mut V::Scalar,
    y: *const V::Scalar,
    len: usize,
    zip: Zip,
) {
    let mut i = 0;
    // SAFETY: what is read and written stays below `len`.
    unsafe {
        while i + V::LANES <= len {
            zip.of(V::load(isa, x.add(i)), V::load(isa, y.add(i)))
                .store(x.add(i));
            i += V::LANES;
        }
        if i < len {
            let mask = V::mask(isa, len - i);
            let x_last = V::load_partial(isa, x.add(i), mask);
            let y_last = V::load_partial(isa, y.add(i), mask);
            zip.of(x_last, y_last).store_partial(x.add(i), mask);
        }
    }
}
