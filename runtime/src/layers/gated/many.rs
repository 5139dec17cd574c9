//! Several steps of one stream, or one step of several streams: products that don't wait for one another
//! are calculated together, as those of a batch, and each weight is read once for all of them.

use core::{mem::MaybeUninit, ptr};

use super::{narrow_or_wide, next};
use crate::{
    kernels::{
        Function, Kernel, Linear, Sizes, Values, Weights,
        cell::Cell,
        gates::{Gates, all_without_least},
        isa::Isa,
    },
    scalar::Scalar,
    stream::Memory,
};

/// Whether the weights of so many columns fill a good part of a first-level cache: to read them once for
/// several steps is worth putting the products down, which need room on a stack.
pub(super) const fn pays<T, const SUMS: usize>(columns: usize) -> bool {
    SUMS * columns * size_of::<T>() > 8 << 10 && SUMS * size_of::<T>() <= 2 << 10
}

/// The weights and the bias times each of `x`: `SUMS` rows.
///
/// # Safety
///
/// The pointers lead to `SUMS` rows of weights for each of `IN` columns, and to as many numbers or none.
#[inline]
unsafe fn products<T: Scalar, const IN: usize, const SUMS: usize, const N: usize>(
    (weight, bias): (*const T, *const T),
    x: &[[T; IN]; N],
) -> [MaybeUninit<[T; SUMS]>; N] {
    let mut sums = [const { MaybeUninit::uninit() }; N];
    let values = Values {
        x: x.as_ptr().cast(),
        y: sums.as_mut_ptr().cast(),
    };
    // SAFETY: the sizes are those of the types.
    T::linear(&unsafe {
        Linear::new(
            Weights { weight, bias },
            values,
            Sizes::of::<IN, SUMS>(),
            N,
            Function::Identity,
        )
    });
    sums
}

/// `N` steps of one stream.
///
/// # Safety
///
/// The cell is of `IN` inputs and `HIDDEN` units, and `SUMS` are `GATES` times those.
#[inline]
pub(super) unsafe fn stretch<
    T: Scalar,
    G: Gates<GATES, VALUES>,
    const IN: usize,
    const HIDDEN: usize,
    const SUMS: usize,
    const GATES: usize,
    const VALUES: usize,
    const N: usize,
>(
    gates: G,
    cell: Cell<T, HIDDEN>,
    x: &[[T; IN]; N],
    memory: &mut Memory<T, HIDDEN, VALUES>,
) -> [[T; HIDDEN]; N] {
    let x = x.each_ref().map(all_without_least);
    // SAFETY: by the caller.
    let sums = unsafe { products::<_, IN, SUMS, N>((cell.input, cell.input_bias), &x) };
    let mut y = [[T::ZERO; HIDDEN]; N];
    narrow_or_wide::<T, _, HIDDEN>(Stretch {
        gates,
        cell,
        sums: &sums,
        memory,
        y: &mut y,
    });
    y
}

/// One step of `N` streams.
///
/// # Safety
///
/// As of [`stretch`].
#[inline]
pub(super) unsafe fn abreast<
    T: Scalar,
    G: Gates<GATES, VALUES>,
    const IN: usize,
    const HIDDEN: usize,
    const SUMS: usize,
    const GATES: usize,
    const VALUES: usize,
    const N: usize,
>(
    gates: G,
    cell: Cell<T, HIDDEN>,
    x: &[[T; IN]; N],
    memories: [&mut Memory<T, HIDDEN, VALUES>; N],
) -> [[T; HIDDEN]; N] {
    let x = x.each_ref().map(all_without_least);
    let before = memories.each_ref().map(|memory| memory.values[0]);
    // SAFETY: by the caller.
    let sums = unsafe {
        [
            products::<_, IN, SUMS, N>((cell.input, cell.input_bias), &x),
            products::<_, HIDDEN, SUMS, N>((cell.state, cell.state_bias), &before),
        ]
    };
    let mut y = [[T::ZERO; HIDDEN]; N];
    narrow_or_wide::<T, _, HIDDEN>(Abreast {
        gates,
        sums: [&sums[0], &sums[1]],
        memories,
        y: &mut y,
    });
    y
}

/// A kernel's operands: a layer, the products of what enters, what it remembers, and the outputs.
///
/// # Safety
///
/// Whoever makes one sees to it that the cell is of `HIDDEN` units, of which `SUMS` hold each gate, and
/// that the sums are there.
struct Stretch<
    'a,
    T: Scalar,
    G,
    const HIDDEN: usize,
    const SUMS: usize,
    const GATES: usize,
    const VALUES: usize,
    const N: usize,
> {
    gates: G,
    cell: Cell<T, HIDDEN>,
    sums: &'a [MaybeUninit<[T; SUMS]>; N],
    memory: &'a mut Memory<T, HIDDEN, VALUES>,
    y: &'a mut [[T; HIDDEN]; N],
}

impl<
    'a,
    T: Scalar,
    G: Gates<GATES, VALUES>,
    const HIDDEN: usize,
    const SUMS: usize,
    const GATES: usize,
    const VALUES: usize,
    const N: usize,
> Kernel for Stretch<'a, T, G, HIDDEN, SUMS, GATES, VALUES, N>
{
    type Output = ();
    type First = (G, *const T, *const T, &'a [MaybeUninit<[T; SUMS]>; N]);
    type Second = &'a mut Memory<T, HIDDEN, VALUES>;
    type Third = &'a mut [[T; HIDDEN]; N];

    #[inline(always)]
    fn parts(self) -> (Self::First, Self::Second, Self::Third, Function) {
        let Cell {
            state, state_bias, ..
        } = self.cell;
        let first = (self.gates, state, state_bias, self.sums);
        (first, self.memory, self.y, Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        (gates, state, state_bias, sums): Self::First,
        memory: Self::Second,
        y: Self::Third,
        _: Function,
    ) {
        for (sums, y) in sums.iter().zip(y) {
            let cell = Cell {
                input: ptr::null(),
                input_bias: sums.as_ptr().cast(),
                inputs: 0,
                state,
                state_bias,
                remembered: HIDDEN,
            };
            // SAFETY: by whoever made it; the sums stand as a bias of which nothing is missing.
            *y = unsafe { next(isa, gates, &cell, ptr::null(), memory) };
        }
    }
}

/// The same of several streams, with the products of what each remembers too.
///
/// # Safety
///
/// As of [`Stretch`].
struct Abreast<
    'a,
    T: Scalar,
    G,
    const HIDDEN: usize,
    const SUMS: usize,
    const GATES: usize,
    const VALUES: usize,
    const N: usize,
> {
    gates: G,
    sums: [&'a [MaybeUninit<[T; SUMS]>; N]; 2],
    memories: [&'a mut Memory<T, HIDDEN, VALUES>; N],
    y: &'a mut [[T; HIDDEN]; N],
}

impl<
    'a,
    T: Scalar,
    G: Gates<GATES, VALUES>,
    const HIDDEN: usize,
    const SUMS: usize,
    const GATES: usize,
    const VALUES: usize,
    const N: usize,
> Kernel for Abreast<'a, T, G, HIDDEN, SUMS, GATES, VALUES, N>
{
    type Output = ();
    type First = (G, [&'a [MaybeUninit<[T; SUMS]>; N]; 2]);
    type Second = [&'a mut Memory<T, HIDDEN, VALUES>; N];
    type Third = &'a mut [[T; HIDDEN]; N];

    #[inline(always)]
    fn parts(self) -> (Self::First, Self::Second, Self::Third, Function) {
        (
            (self.gates, self.sums),
            self.memories,
            self.y,
            Function::Identity,
        )
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        (gates, [from_input, from_state]): Self::First,
        memories: Self::Second,
        y: Self::Third,
        _: Function,
    ) {
        let sums = from_input.iter().zip(from_state);
        for ((memory, y), (from_input, from_state)) in memories.into_iter().zip(y).zip(sums) {
            let cell = Cell {
                input: ptr::null(),
                input_bias: from_input.as_ptr().cast(),
                inputs: 0,
                state: ptr::null(),
                state_bias: from_state.as_ptr().cast(),
                remembered: 0,
            };
            // SAFETY: as of a stretch.
            *y = unsafe { next(isa, gates, &cell, ptr::null(), memory) };
        }
    }
}
