#![allow(unsafe_code, reason = "a kernel takes pointers")]
#![allow(
    clippy::inline_always,
    reason = "a body gets the instruction set of the function that it is inlined into"
)]

mod deeper;
mod many;
#[cfg(test)]
mod tests;

use core::{array, ptr};

use nalgebra::{SMatrix, SVector};

pub use deeper::{Deep, Deeper};

use super::linear::Bias;
use crate::{
    kernels::{
        Function, Kernel,
        cell::{Cell, Numbers},
        dispatch::{dispatch, dispatch_narrow},
        gates::{Gates, Gru, Lstm, Rnn},
        isa::Isa,
    },
    parameters::Parameters,
    scalar::Scalar,
    stream::{self, Hidden, Memory, Recurrent},
};

/// Whether registers of 32 bytes are better than ones of 64: few units wait for one another longer than for
/// arithmetic, and of columns that aren't whole cache lines each of 64 would be from two.
const fn is_narrow<T>(units: usize) -> bool {
    let bytes = units * size_of::<T>();
    bytes <= 64 || !bytes.is_multiple_of(64)
}

/// Runs a kernel of so many units.
#[inline(always)]
fn narrow_or_wide<T, K: Kernel, const HIDDEN: usize>(kernel: K) -> K::Output {
    if const { is_narrow::<T>(HIDDEN) } {
        dispatch_narrow(kernel)
    } else {
        dispatch(kernel)
    }
}

/// What comes out of a step, of which the memory is the next step's then.
///
/// # Safety
///
/// The cell is of `HIDDEN` units, and `x` leads to its inputs.
#[inline(always)]
unsafe fn next<T, G, I, const HIDDEN: usize, const GATES: usize, const VALUES: usize>(
    isa: I,
    gates: G,
    cell: &Cell<T, HIDDEN>,
    x: *const T,
    memory: &mut Memory<T, HIDDEN, VALUES>,
) -> [T; HIDDEN]
where
    T: Scalar,
    G: Gates<GATES, VALUES>,
    I: Isa,
{
    let mut y = [T::ZERO; HIDDEN];
    let mut first = [T::ZERO; HIDDEN];
    let values = memory.values.as_mut_ptr().cast::<T>();
    // SAFETY: by the caller. The first value is read by all units, and only then another is in its place.
    unsafe {
        let value = |index| values.add(index * HIDDEN);
        let mut next = array::from_fn(value);
        next[0] = first.as_mut_ptr();
        let numbers = Numbers {
            x,
            y: y.as_mut_ptr(),
            state: array::from_fn(|index| value(index).cast_const()),
            next,
            turned: memory.turned,
        };
        cell.step(isa, gates, numbers);
    }
    memory.values[0] = first;
    memory.turned = !memory.turned;
    y
}

/// A kernel's operands: a layer, what it remembers, and what enters.
struct Step<'a, L, S, X> {
    layer: &'a L,
    state: &'a mut S,
    x: &'a X,
}

/// What a kernel takes of a layer with these tensors.
#[inline(always)]
fn cell<T: Scalar, B: Bias<T>, const IN: usize, const HIDDEN: usize, const SUMS: usize>(
    input: &SMatrix<T, SUMS, IN>,
    state: &SMatrix<T, SUMS, HIDDEN>,
    biases: [&B; 2],
) -> Cell<T, HIDDEN> {
    let [input_bias, state_bias] = biases.map(|bias| match bias.as_slice() {
        [] => ptr::null(),
        numbers => numbers.as_ptr(),
    });
    Cell {
        input: input.as_slice().as_ptr(),
        state: state.as_slice().as_ptr(),
        input_bias,
        state_bias,
        inputs: IN,
        remembered: HIDDEN,
    }
}

/// A layer with so many gates and values that each unit remembers, and what its gates do.
macro_rules! gated {
    (
        $(#[$doc:meta])*
        $Layer:ident, $gates:literal, $values:literal, |$layer:pat_param| $do:expr, {$($options:tt)*}
    ) => {
        $(#[$doc])*
        ///
        /// It begins a cache line, and the weights with it.
        #[derive(Clone, Debug, PartialEq, Parameters)]
        #[parameters(crate = crate)]
        #[repr(C, align(64))]
        pub struct $Layer<
            T: Scalar,
            const IN: usize,
            const HIDDEN: usize,
            const SUMS: usize,
            B = SVector<T, SUMS>,
            const DEEPER: usize = 0,
        >
        where
            B: Bias<T>,
        {
            /// A row for each gate and unit, one gate after another.
            #[parameters(fan_in = HIDDEN)]
            pub weight_ih_l0: SMatrix<T, SUMS, IN>,
            /// The same for what the layer remembers.
            #[parameters(fan_in = HIDDEN)]
            pub weight_hh_l0: SMatrix<T, SUMS, HIDDEN>,
            /// `SUMS` numbers, or [`NoBias`](super::NoBias).
            #[parameters(fan_in = HIDDEN)]
            pub bias_ih_l0: B,
            /// The same, added to the products with what the layer remembers.
            #[parameters(fan_in = HIDDEN)]
            pub bias_hh_l0: B,
            /// The layers behind this one.
            #[parameters(key = "")]
            pub deeper: Deeper<T, HIDDEN, SUMS, B, DEEPER>,
            $($options)*
        }

        impl<
            T: Scalar,
            const IN: usize,
            const HIDDEN: usize,
            const SUMS: usize,
            B: Bias<T>,
            const DEEPER: usize,
        > $Layer<T, IN, HIDDEN, SUMS, B, DEEPER>
        {
            /// What they do.
            #[inline(always)]
            fn gates($layer: &Self) -> impl Gates<$gates, $values> {
                $do
            }

            /// What a kernel takes.
            #[inline(always)]
            fn cell(&self) -> Cell<T, HIDDEN> {
                cell(&self.weight_ih_l0, &self.weight_hh_l0, [&self.bias_ih_l0, &self.bias_hh_l0])
            }
        }

        impl<
            T: Scalar,
            const IN: usize,
            const HIDDEN: usize,
            const SUMS: usize,
            B: Bias<T>,
            const DEEPER: usize,
        > Recurrent<SVector<T, IN>> for $Layer<T, IN, HIDDEN, SUMS, B, DEEPER>
        {
            type Output = SVector<T, HIDDEN>;
            type State = Hidden<T, HIDDEN, $values, DEEPER>;
            const TOGETHER: [bool; 2] = [
                many::pays::<T, SUMS>(if DEEPER == 0 { IN } else { HIDDEN }),
                many::pays::<T, SUMS>(IN + HIDDEN),
            ];

            #[inline]
            fn step(&self, state: &mut Self::State, x: &SVector<T, IN>) -> SVector<T, HIDDEN> {
                const {
                    assert!(SUMS == $gates * HIDDEN, "each gate has a row for each unit");
                }
                narrow_or_wide::<T, _, HIDDEN>(Step { layer: self, state, x })
            }

            #[inline]
            fn stretch<const N: usize>(
                &self,
                state: &mut Self::State,
                x: &[SVector<T, IN>; N],
            ) -> [SVector<T, HIDDEN>; N] {
                if !const { <Self as Recurrent<SVector<T, IN>>>::TOGETHER[0] } {
                    return stream::one_by_one(self, state, x);
                }
                let gates = Self::gates(self);
                let x = x.each_ref().map(|x| x.data.0[0]);
                // SAFETY: the sizes are those of the types.
                unsafe {
                    let first = &mut state.first;
                    let mut y = many::stretch::<_, _, _, _, SUMS, _, _, _>(gates, self.cell(), &x, first);
                    for (layer, values) in self.deeper.layers.iter().zip(&mut state.deeper) {
                        y = many::stretch::<_, _, _, _, SUMS, _, _, _>(gates, layer.cell(), &y, values);
                    }
                    y.map(SVector::from)
                }
            }

            #[inline]
            fn abreast<const N: usize>(
                &self,
                mut states: [&mut Self::State; N],
                x: &[SVector<T, IN>; N],
            ) -> [SVector<T, HIDDEN>; N] {
                if !const { <Self as Recurrent<SVector<T, IN>>>::TOGETHER[1] } {
                    return stream::one_after_another(self, states, x);
                }
                let gates = Self::gates(self);
                let x = x.each_ref().map(|x| x.data.0[0]);
                // SAFETY: the sizes are those of the types.
                unsafe {
                    let first = states.each_mut().map(|state| &mut state.first);
                    let mut y = many::abreast::<_, _, _, _, SUMS, _, _, _>(gates, self.cell(), &x, first);
                    for (index, layer) in self.deeper.layers.iter().enumerate() {
                        let values = states.each_mut().map(|state| &mut state.deeper[index]);
                        y = many::abreast::<_, _, _, _, SUMS, _, _, _>(gates, layer.cell(), &y, values);
                    }
                    y.map(SVector::from)
                }
            }
        }

        impl<
            'a,
            T: Scalar,
            const IN: usize,
            const HIDDEN: usize,
            const SUMS: usize,
            B: Bias<T>,
            const DEEPER: usize,
        > Kernel
            for Step<
                'a,
                $Layer<T, IN, HIDDEN, SUMS, B, DEEPER>,
                Hidden<T, HIDDEN, $values, DEEPER>,
                SVector<T, IN>,
            >
        {
            type Output = SVector<T, HIDDEN>;
            type First = &'a $Layer<T, IN, HIDDEN, SUMS, B, DEEPER>;
            type Second = &'a mut Hidden<T, HIDDEN, $values, DEEPER>;
            type Third = &'a SVector<T, IN>;

            #[inline(always)]
            fn parts(self) -> (Self::First, Self::Second, Self::Third, Function) {
                (self.layer, self.state, self.x, Function::Identity)
            }

            #[inline(always)]
            fn run<I: Isa>(
                isa: I,
                layer: Self::First,
                state: Self::Second,
                x: Self::Third,
                _: Function,
            ) -> Self::Output {
                let gates = $Layer::gates(layer);
                // SAFETY: the sizes are those of the types: each column has `SUMS` rows, which are
                // those of all gates.
                unsafe {
                    let mut y = next(isa, gates, &layer.cell(), x.as_ptr(), &mut state.first);
                    if const { DEEPER > 0 } {
                        for (layer, values) in layer.deeper.layers.iter().zip(&mut state.deeper) {
                            y = next(isa, gates, &layer.cell(), y.as_ptr(), values);
                        }
                    }
                    y.into()
                }
            }
        }
    };
}

gated! {
    /// A gated recurrent unit: `h' = (1 − z) ⊙ n + z ⊙ h`, with the gates r, which is a part of n, and z, as
    /// [`torch.nn.GRU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html):
    /// `GRU(IN, HIDDEN)` in a declaration that begins with `Stream`.
    ///
    /// With r = σ(`W_ir` x + `b_ir` + `W_hr` h + `b_hr`), z likewise and
    /// n = tanh(`W_in` x + `b_in` + r ⊙ (`W_hn` h + `b_hn`)), it gives and remembers
    /// h' = (1 − z) ⊙ n + z ⊙ h. The rows of the tensors are those of r, z and n, one after another:
    /// `SUMS` = 3 · `HIDDEN`.
    ///
    /// `num_layers = n` makes it `n` such layers, one after another; `bias = false` leaves out both
    /// biases.
    ///
    /// ```
    /// use layerwise::{SVector, network};
    ///
    /// network! { pub struct Amp = Stream(1) -> gru: GRU(1, 8) -> fc: Linear(8, 1); }
    ///
    /// let amp = Amp::new();
    /// let mut state = AmpState::default();
    /// let first = amp.step(&mut state, &SVector::from([0.5]));
    /// let second = amp.step(&mut state, &SVector::from([0.5]));
    /// assert_ne!(first, second);
    /// assert_eq!(Amp::PARAMETERS, 3 * 8 * (1 + 8 + 1 + 1) + 8 + 1);
    /// ```
    GRU, 3, 1, |_| Gru, {}
}

gated! {
    /// A long short-term memory: `c' = f ⊙ c + i ⊙ g`, and the output `o ⊙ tanh(c')`, with the gates i, f and o, as
    /// [`torch.nn.LSTM`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html):
    /// `LSTM(IN, HIDDEN)` in a declaration that begins with `Stream`.
    ///
    /// With i = σ(`W_ii` x + `b_ii` + `W_hi` h + `b_hi`), f and o likewise, and g the same with tanh,
    /// it remembers c' = f ⊙ c + i ⊙ g and h' = o ⊙ tanh(c'), and gives h'. The rows of the tensors are
    /// those of i, f, g and o, one after another: `SUMS` = 4 · `HIDDEN`.
    ///
    /// `num_layers = n` makes it `n` such layers, one after another; `bias = false` leaves out both
    /// biases.
    ///
    /// ```
    /// use layerwise::{SVector, network};
    ///
    /// let net = network!(Stream(2) -> LSTM(2, 16, num_layers = 2) -> Linear(16, 1));
    /// let mut state = net.state();
    /// let ys = [0.0, 0.5, 1.0].map(|x| net.step(&mut state, &SVector::from([x, 1.0])));
    /// assert_ne!(ys[1], ys[2]);
    /// ```
    LSTM, 4, 2, |_| Lstm, {}
}

gated! {
    /// `tanh(W_ih · x + b_ih + W_hh · h + b_hh)`, the next h, as
    /// [`torch.nn.RNN`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html):
    /// `RNN(IN, HIDDEN)` in a declaration that begins with `Stream`. `SUMS` = `HIDDEN`.
    ///
    /// `num_layers = n` makes it `n` such layers, one after another; `bias = false` leaves out both
    /// biases, and `nonlinearity = "relu"` is in place of `"tanh"`.
    ///
    /// ```
    /// use layerwise::{SVector, network};
    ///
    /// let mut net = network!(Stream(1) -> RNN(1, 1, nonlinearity = "relu", bias = false));
    /// net.rnn0.weight_ih_l0[0] = 1.0;
    /// net.rnn0.weight_hh_l0[0] = 0.5;
    /// let mut state = net.state();
    /// let ys = [4.0, 0.0, 0.0].map(|x| net.step(&mut state, &SVector::from([x]))[0]);
    /// assert_eq!(ys, [4.0, 2.0, 1.0]);
    /// ```
    RNN, 1, 1, |layer| Rnn(layer.nonlinearity.0), {
        /// The function of the sums; tanh by default.
        #[parameters(constant = Nonlinearity::TANH)]
        pub nonlinearity: Nonlinearity,
    }
}

/// The function of an [`RNN`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nonlinearity(Function);

impl Nonlinearity {
    /// tanh(x)
    pub const TANH: Self = Self(Function::Tanh);
    /// max(x, 0)
    pub const RELU: Self = Self(Function::ReLU);
}
