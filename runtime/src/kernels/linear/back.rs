//! What a layer's gradient is made of, for a block of samples: the loop of a batch, with other
//! strides.

use core::{mem::MaybeUninit, ptr};

use super::{
    batch::{Matrix, PACKED, Packed},
    product::Product,
    transpose::{transpose, turn_back},
};
use crate::{
    kernels::{
        Function,
        dispatch::Kernel,
        isa::{Isa, Vector},
    },
    scalar::Scalar,
};

/// The gradient of the weights and the bias: `dw += dy · xᵀ`, `db += Σ dy`.
///
/// # Safety
///
/// Whoever makes one sees to it that `x` leads to `samples` times `inputs` numbers, `dy` to `samples`
/// times `outputs`, `dw` and `sideways`, if it is not null, to `outputs` times `inputs` and `db` to `outputs` or
/// is null, and that nothing else refers to what the last three lead to.
pub struct WeightGradient<T> {
    pub(crate) x: *const T,
    pub(crate) dy: *const T,
    pub(crate) dw: *mut T,
    pub(crate) db: *mut T,
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) samples: usize,
    /// Whether it is added to what is there, which otherwise is overwritten.
    pub(crate) adds: bool,
    /// Room for the gradient of the weights before it is turned, which stays from block to block, or null.
    pub(crate) sideways: *mut T,
    /// Whether no block follows, so that it is turned.
    pub(crate) is_last: bool,
}

impl<'a, T: Scalar> Kernel for &'a WeightGradient<T> {
    type Output = ();
    type First = &'a WeightGradient<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a WeightGradient<T>, (), (), Function) {
        (self, (), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, back: &'a WeightGradient<T>, (): (), (): (), _: Function) {
        let &WeightGradient {
            x,
            dy,
            dw,
            db,
            inputs,
            outputs,
            samples,
            adds,
            sideways,
            is_last,
        } = back;
        let product = Product {
            a: dy,
            a_next: outputs,
            b: x,
            b_next: inputs,
            b_column: 1,
            terms: samples,
        };
        let weights = Matrix {
            product,
            bias: ptr::null(),
            y: dw,
            y_column: outputs,
            rows: outputs,
            columns: inputs,
            adds,
            function: Function::Identity,
            ahead: ptr::null(),
        };
        // SAFETY: by whoever made it.
        unsafe {
            if outputs == 1 {
                isa.call(&Matrix {
                    adds,
                    ..weights.turned(0, inputs, dw)
                });
            } else if turns::<T::Vector<I>>(back) {
                if sideways.is_null() {
                    weights.turn(isa);
                } else {
                    isa.call(&Matrix {
                        adds,
                        ..weights.turned(0, inputs, sideways)
                    });
                    if is_last {
                        turn_back::<T::Vector<I>>(isa, sideways, dw, [outputs, inputs], false);
                    }
                }
            } else {
                isa.call(&weights);
            }
        }
        if !db.is_null() {
            // SAFETY: by whoever made it.
            unsafe {
                add_columns::<T::Vector<I>>(isa, (dy, samples), (db, outputs), adds);
            };
        }
    }
}

/// Whether it is faster to have the inputs as rows: those of the outputs fill no register, or no two, which read
/// each number of a sample for fewer products; and there are samples for which that counts, or will be. It
/// takes room.
#[inline(always)]
const fn turns<V: Vector>(back: &WeightGradient<V::Scalar>) -> bool {
    let (inputs, outputs) = (back.inputs, back.outputs);
    let few = 2 * outputs <= V::LANES && outputs <= inputs;
    cfg!(feature = "std")
        && outputs > 0
        && (back.samples >= MANY_SAMPLES || !back.sideways.is_null())
        && (few || outputs <= V::LANES && 2 * V::LANES <= inputs)
}

/// So many samples are enough for that.
pub(crate) const MANY_SAMPLES: usize = 16;

/// Room for a product before it is turned.
const TURNED: usize = if cfg!(feature = "std") { 4 << 10 } else { 0 };

impl<T: Scalar> Matrix<T> {
    /// Some of the columns as rows, put to another place.
    ///
    /// # Safety
    ///
    /// There are so many, which are neighbours in b.
    #[inline(always)]
    unsafe fn turned(&self, column: usize, columns: usize, y: *mut T) -> Self {
        let product = self.product;
        Self {
            product: Product {
                // SAFETY: by the caller.
                a: unsafe { product.b.add(column) },
                a_next: product.b_next,
                b: product.a,
                b_next: product.a_next,
                b_column: 1,
                ..product
            },
            y,
            y_column: columns,
            rows: columns,
            columns: self.rows,
            adds: false,
            ..*self
        }
    }

    /// The same by way of columns as rows.
    ///
    /// # Safety
    ///
    /// Columns of b are neighbours, those of y have no gaps, and there is room for a few rows.
    #[inline(always)]
    unsafe fn turn<I: Isa>(&self, isa: I) {
        let mut room = Packed::<TURNED>(MaybeUninit::uninit());
        let room: *mut T = room.0.as_mut_ptr().cast();
        let most = TURNED / size_of::<T>() / self.rows;
        let mut column = 0;
        while column < self.columns {
            let columns = most.min(self.columns - column);
            // SAFETY: columns stay below `columns`, and so many have room.
            unsafe {
                isa.call(&self.turned(column, columns, room));
                let to = self.y.add(column * self.rows);
                turn_back::<T::Vector<I>>(isa, room, to, [self.rows, columns], self.adds);
            }
            column += columns;
        }
    }
}

/// The sum of so many columns, put to `db` or added to it: the bias' part. Several sums beside one
/// another: each waits for what was added to it last.
///
/// # Safety
///
/// The columns have as many numbers as `db`.
#[inline(always)]
pub(in crate::kernels) unsafe fn add_columns<V: Vector>(
    isa: V::Isa,
    (dy, samples): (*const V::Scalar, usize),
    (db, outputs): (*mut V::Scalar, usize),
    adds: bool,
) {
    const SUMS: usize = 4;
    let mut row = 0;
    while row < outputs {
        let is_whole = row + V::LANES <= outputs;
        let mask = V::mask(isa, (outputs - row).min(V::LANES));
        let mut sums = [V::splat(isa, V::Scalar::ZERO); SUMS];
        // SAFETY: what is read and written stays below `outputs`, samples below `samples`.
        unsafe {
            let (dy, db) = (dy.add(row), db.add(row));
            if adds {
                sums[0] = V::load_partial(isa, db, mask);
            }
            let mut sample = 0;
            while is_whole && sample + SUMS <= samples {
                for (i, sum) in sums.iter_mut().enumerate() {
                    let dy = dy.add((sample + i) * outputs);
                    *sum = sum.add(V::load(isa, dy));
                }
                sample += SUMS;
            }
            while sample + SUMS <= samples {
                for (i, sum) in sums.iter_mut().enumerate() {
                    let dy = dy.add((sample + i) * outputs);
                    *sum = sum.add(V::load_partial(isa, dy, mask));
                }
                sample += SUMS;
            }
            while sample < samples {
                let dy = dy.add(sample * outputs);
                sums[0] = sums[0].add(V::load_partial(isa, dy, mask));
                sample += 1;
            }
            let sum = sums[0].add(sums[1]).add(sums[2].add(sums[3]));
            sum.store_partial(db, mask);
        }
        row += V::LANES;
    }
}

/// The gradient of what enters: `dx = weightᵀ · dy`.
///
/// # Safety
///
/// Whoever makes one sees to it that `weight` leads to `outputs` times `inputs` numbers, `dy` to
/// `samples` times `outputs`, `dx` to room for `samples` times `inputs`, and `turned` to room for the weights
/// or is null, and that nothing else refers to what the last two lead to.
pub struct InputGradient<T> {
    pub(crate) weight: *const T,
    /// Where the transposed weights stay for the next samples.
    pub(crate) turned: *mut T,
    /// Whether they are there.
    pub(crate) is_turned: bool,
    pub(crate) dy: *const T,
    pub(crate) dx: *mut T,
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) samples: usize,
}

impl<'a, T: Scalar> Kernel for &'a InputGradient<T> {
    type Output = ();
    type First = &'a InputGradient<T>;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (&'a InputGradient<T>, (), (), Function) {
        (self, (), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, back: &'a InputGradient<T>, (): (), (): (), _: Function) {
        // SAFETY: by whoever made it.
        unsafe { back.run::<T::Vector<I>>(isa) };
    }
}

impl<T: Scalar> InputGradient<T> {
    /// A panel of the transposed weights after another: each column of it must be one piece.
    #[inline(always)]
    unsafe fn run<V: Vector<Scalar = T>>(&self, isa: V::Isa) {
        let &Self {
            inputs,
            outputs,
            turned,
            is_turned,
            ..
        } = self;
        let panel = if V::Isa::WIDE { 4 } else { 2 } * V::LANES;
        let mut packed = Packed::<PACKED>(MaybeUninit::uninit());
        let room: *mut T = packed.0.as_mut_ptr().cast();
        let mut row = 0;
        while row < inputs {
            let rows = panel.min(inputs - row);
            let part = PACKED / size_of::<T>() / rows;
            let mut from = 0;
            while from < outputs {
                let terms = part.min(outputs - from);
                // SAFETY: rows stay below `inputs`, terms below `outputs`, and what is packed has room.
                unsafe {
                    let packed = if turned.is_null() {
                        room
                    } else {
                        turned.add(row * outputs + from * rows)
                    };
                    if !is_turned {
                        let weight = self.weight.add(row * outputs + from);
                        transpose::<V>(isa, (weight, outputs), packed, [rows, terms]);
                    }
                    isa.call(&Matrix {
                        product: Product {
                            a: packed,
                            a_next: rows,
                            b: self.dy.add(from),
                            b_next: 1,
                            b_column: outputs,
                            terms,
                        },
                        bias: ptr::null(),
                        y: self.dx.add(row),
                        y_column: inputs,
                        rows,
                        columns: self.samples,
                        adds: from > 0,
                        function: Function::Identity,
                        ahead: ptr::null(),
                    });
                }
                from += terms;
            }
            row += rows;
        }
    }
}
