//! How the weights of a few registers are read and followed while they change with each sample: what was just
//! written waits until it is in the cache where it is read in other pieces.

use nalgebra::SVector;

use super::{InRegisters, Registers, back::Back};
use crate::{
    kernels::{
        isa::{Isa, Vector},
        opaque,
    },
    scalar::Scalar,
};

/// What a flow keeps for the way back.
pub(super) trait Way {
    /// Whether parameters were changed just before, so that they are read as they were written.
    const TRAINS: bool;
}

impl Way for () {
    const TRAINS: bool = false;
}

/// `n` parameters and zeros.
///
/// # Safety
///
/// They can be read, and there are as many lanes.
#[inline(always)]
pub(super) unsafe fn parameters<V: Vector, R: Way>(
    isa: V::Isa,
    from: *const V::Scalar,
    n: usize,
) -> V {
    // SAFETY: by the caller.
    unsafe {
        if R::TRAINS {
            // Of more numbers that could be read the compiler would read a whole register.
            V::load_pieces(isa, opaque(from), n)
        } else {
            V::load_partial(isa, from, V::mask(isa, n))
        }
    }
}

/// So many registers have all weights.
pub(super) const MOST: usize = 8;

/// All weights, in the registers in which they were written.
///
/// # Safety
///
/// There are `len`.
#[inline(always)]
pub(super) unsafe fn whole<V: Vector>(
    isa: V::Isa,
    from: *const V::Scalar,
    len: usize,
) -> [V; MOST] {
    let mut registers = [V::splat(isa, V::Scalar::ZERO); MOST];
    for (i, register) in registers.iter_mut().enumerate() {
        let at = i * V::LANES;
        if at < len {
            // SAFETY: by the caller.
            *register = unsafe { V::load_pieces(isa, from.add(at), (len - at).min(V::LANES)) };
        }
    }
    registers
}

/// A column of `OUT` weights, and one of these in the other lanes.
#[inline(always)]
pub(super) fn column<V: Vector, const OUT: usize>(
    isa: V::Isa,
    registers: &[V; MOST],
    column: usize,
) -> V {
    let lanes = const { &lanes(OUT) };
    let (register, first) = (column * OUT / V::LANES, column * OUT % V::LANES);
    let weights = registers[register].reorder(lanes[column]);
    if first + OUT <= V::LANES {
        return weights;
    }
    let mask = V::mask(isa, V::LANES - first);
    weights.keep(mask, registers[register + 1].reorder(lanes[column]))
}

/// In which lanes of one register, or of two, the numbers of each column are.
const fn lanes(outputs: usize) -> [[u32; 8]; COLUMNS] {
    let mut all = [[0; 8]; COLUMNS];
    let mut at = 0;
    while at < COLUMNS * 8 {
        let (column, lane) = (at / 8, at % 8);
        let first = column * outputs % 8;
        all[column][lane] = if lane < outputs {
            (first + lane) % 8
        } else if first + outputs > 8 {
            0
        } else {
            first
        } as u32;
        at += 1;
    }
    all
}

/// Of so many columns the compiler makes no loop.
const COLUMNS: usize = 10;

/// Whether it is faster to read columns from those.
pub(super) const fn suits_reading<V: Vector>(inputs: usize, outputs: usize) -> bool {
    inputs <= COLUMNS && suits::<V>(inputs, outputs)
}

/// Whether it is faster to follow them so: columns shorter than a register, in a few registers.
pub(super) const fn suits<V: Vector>(inputs: usize, outputs: usize) -> bool {
    V::REORDERS && 1 < outputs && outputs < V::LANES && inputs * outputs <= MOST * V::LANES
}

impl<I: Isa> InRegisters<'_, I, Back> {
    /// `sum`, and what is there if it is added to, in `n` numbers at `to`.
    ///
    /// # Safety
    ///
    /// They are a part of the gradient.
    #[inline(always)]
    pub(super) unsafe fn write_sum<V: Vector<Isa = I>>(
        &self,
        sum: V,
        to: *mut V::Scalar,
        n: usize,
    ) {
        // SAFETY: by the caller.
        unsafe {
            let old = if self.back.adds {
                V::load_partial(self.isa, to, V::mask(self.isa, n))
            } else {
                V::splat(self.isa, V::Scalar::ZERO)
            };
            let sum = if self.back.adds { sum.add(old) } else { sum };
            sum.store_first(self.isa, to, n);
        }
    }
}

impl<'a, I: Isa> InRegisters<'a, I, Back> {
    /// The gradient of a narrow layer's weights, a register after another, as whoever follows it reads it.
    ///
    /// # Safety
    ///
    /// `to` leads to `IN` times `OUT` numbers of the gradient, which suit.
    #[inline(always)]
    pub(super) unsafe fn write_weights<T: Scalar, const IN: usize, const OUT: usize>(
        &self,
        x: &Registers<'a, SVector<T, IN>, I>,
        dy: T::Vector<I>,
        to: *mut T,
    ) {
        let (isa, lanes) = (self.isa, T::Vector::<I>::LANES);
        let stored;
        let x = match x.memory {
            Some(x) => x,
            None => {
                stored = Registers { memory: None, ..*x }.into_value(isa);
                &stored
            }
        };
        let places = const { &Place::all(IN, OUT) };
        for (i, place) in places.iter().enumerate() {
            let at = i * lanes;
            if at < IN * OUT {
                // SAFETY: there are `IN` inputs, and as many numbers at `to` as the caller says.
                unsafe {
                    let mask = T::Vector::<I>::mask(isa, (IN - place.first).min(lanes));
                    let x = T::Vector::<I>::load_partial(isa, x.as_ptr().add(place.first), mask);
                    let products = x.reorder(place.inputs).mul(dy.reorder(place.outputs));
                    self.write_sum(products, to.add(at), (IN * OUT - at).min(lanes));
                }
            }
        }
    }
}

/// Which inputs and outputs the weights of a register connect.
#[derive(Clone, Copy)]
struct Place {
    /// The number of the input that `inputs` count from.
    first: usize,
    inputs: [u32; 8],
    outputs: [u32; 8],
}

impl Place {
    const fn all(inputs: usize, outputs: usize) -> [Self; MOST] {
        let none = Self {
            first: 0,
            inputs: [0; 8],
            outputs: [0; 8],
        };
        let mut all = [none; MOST];
        let mut at = 0;
        while at < inputs * outputs && at < 8 * MOST {
            let place = &mut all[at / 8];
            if at % 8 == 0 {
                let most = inputs.saturating_sub(8);
                place.first = if at / outputs < most {
                    at / outputs
                } else {
                    most
                };
            }
            place.inputs[at % 8] = (at / outputs - place.first) as u32;
            place.outputs[at % 8] = (at % outputs) as u32;
            at += 1;
        }
        all
    }
}
