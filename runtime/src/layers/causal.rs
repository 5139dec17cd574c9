#![allow(unsafe_code, reason = "a kernel takes pointers")]
#![allow(
    clippy::inline_always,
    reason = "a body gets the instruction set of the function that it is inlined into"
)]

use core::ptr;

use nalgebra::SVector;

use super::{linear::Bias, taps::Taps};
use crate::{
    kernels::{
        Function, Kernel,
        causal::Causal,
        dispatch::{dispatch, dispatch_narrow},
        isa::Isa,
    },
    parameters::Parameters,
    scalar::Scalar,
    stream::{Recurrent, Ring},
};

/// The convolution of the present and what came before, as
/// [`torch.nn.Conv1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html) after
/// `F.pad(x, ((kernel_size - 1) * dilation, 0))`: `Conv1d(IN, OUT, KERNEL)` in a declaration that
/// begins with `Stream`.
///
/// `dilation = d` leaves out d − 1 values between those that it sees; `groups = g` gives each of g
/// groups of outputs the inputs of its own; `bias = false` has [`NoBias`](super::NoBias) in place of
/// the vector. `COLUMNS` is `IN` / groups · `KERNEL`, and `PAST`, how many values it remembers,
/// (`KERNEL` − 1) · dilation.
///
/// ```
/// use layerwise::{SVector, network};
///
/// // The difference to the value before the last.
/// let mut net = network!(Stream(1) -> Conv1d(1, 1, 2, dilation = 2, bias = false));
/// net.conv1d0.weight.numbers = [[-1.0], [1.0]].into();
/// let mut state = net.state();
/// let ys = [3.0, 5.0, 7.0, 7.0].map(|x| net.step(&mut state, &SVector::from([x]))[0]);
/// assert_eq!(ys, [3.0, 5.0, 4.0, 2.0]);
/// ```
///
/// It begins a cache line, and the weights with it.
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
#[repr(C, align(64))]
pub struct CausalConv1d<
    T: Scalar,
    const IN: usize,
    const OUT: usize,
    const KERNEL: usize,
    const COLUMNS: usize,
    const PAST: usize,
    B = SVector<T, OUT>,
> where
    B: Bias<T>,
{
    /// The factors of what each output sees.
    pub weight: Taps<T, OUT, COLUMNS, KERNEL>,
    /// `OUT` numbers, or [`NoBias`](super::NoBias).
    pub bias: B,
}

impl<
    T: Scalar,
    const IN: usize,
    const OUT: usize,
    const KERNEL: usize,
    const COLUMNS: usize,
    const PAST: usize,
    B: Bias<T>,
> Recurrent<SVector<T, IN>> for CausalConv1d<T, IN, OUT, KERNEL, COLUMNS, PAST, B>
{
    type Output = SVector<T, OUT>;
    type State = Ring<T, IN, PAST>;

    #[inline]
    fn step(&self, state: &mut Self::State, x: &SVector<T, IN>) -> SVector<T, OUT> {
        self.step_with(state, x, Function::Identity)
    }

    #[inline]
    fn step_with(
        &self,
        state: &mut Self::State,
        x: &SVector<T, IN>,
        function: Function,
    ) -> SVector<T, OUT> {
        const {
            let groups = IN * KERNEL / COLUMNS;
            let is_grouped = IN.is_multiple_of(groups) && OUT.is_multiple_of(groups);
            assert!(
                IN * KERNEL == COLUMNS * groups && is_grouped,
                "groups are alike"
            );
            assert!(
                KERNEL == 1 && PAST == 0 || PAST.is_multiple_of(KERNEL - 1),
                "a whole dilation"
            );
        }
        let step = Step {
            layer: self,
            past: &*state,
            x,
            function,
        };
        let y = if const { OUT * size_of::<T>() <= 32 } {
            dispatch_narrow(step)
        } else {
            dispatch(step)
        };
        state.push(x);
        y
    }
}

/// A kernel's operands: a layer, what came before, and what enters.
struct Step<'a, L, S, X> {
    layer: &'a L,
    past: &'a S,
    x: &'a X,
    function: Function,
}

impl<
    'a,
    T: Scalar,
    const IN: usize,
    const OUT: usize,
    const KERNEL: usize,
    const COLUMNS: usize,
    const PAST: usize,
    B: Bias<T>,
> Kernel
    for Step<
        'a,
        CausalConv1d<T, IN, OUT, KERNEL, COLUMNS, PAST, B>,
        Ring<T, IN, PAST>,
        SVector<T, IN>,
    >
{
    type Output = SVector<T, OUT>;
    type First = &'a CausalConv1d<T, IN, OUT, KERNEL, COLUMNS, PAST, B>;
    type Second = &'a Ring<T, IN, PAST>;
    type Third = &'a SVector<T, IN>;

    #[inline(always)]
    fn parts(self) -> (Self::First, Self::Second, Self::Third, Function) {
        (self.layer, self.past, self.x, self.function)
    }

    #[inline(always)]
    fn run<I: Isa>(
        isa: I,
        layer: Self::First,
        past: Self::Second,
        x: Self::Third,
        function: Function,
    ) -> SVector<T, OUT> {
        let bias = layer.bias.as_slice();
        let causal = Causal {
            weight: layer.weight.numbers.as_slice().as_ptr(),
            bias: if bias.is_empty() {
                ptr::null()
            } else {
                bias.as_ptr()
            },
            past_values: past.values.as_ptr().cast(),
            inputs: IN,
            outputs: OUT,
            taps: KERNEL,
            groups: IN * KERNEL / COLUMNS,
            past: PAST,
            oldest: past.oldest,
            function,
        };
        let mut y = SVector::<T, OUT>::from_element(T::ZERO);
        // SAFETY: the sizes are those of the types, which `step` has checked.
        unsafe { causal.step(isa, x.as_ptr(), y.as_mut_ptr()) };
        y
    }
}
