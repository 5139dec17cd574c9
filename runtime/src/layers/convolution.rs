#![allow(
    unsafe_code,
    reason = "a kernel takes pointers, and a trait has a promise"
)]
#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

use core::{mem::MaybeUninit, ptr};

use nalgebra::{SMatrix, SVector};

use super::{folded::Foldable, linear::Bias, taps::Taps};
use crate::{
    flow::slide::{Slide, slides, zeroed},
    image::Image,
    kernels::{Convolution, ConvolutionBack, Function, convolution::Axis},
    parameters::Parameters,
    scalar::Scalar,
    value::Value,
};

/// A convolution over the steps of a window, as
/// [`torch.nn.Conv1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html):
/// `Conv1d(in_channels, out_channels, kernel_size)` in a declaration. In one that begins with `Stream`
/// it is a [`CausalConv1d`](super::CausalConv1d).
///
/// It takes an `SMatrix<T, IN, N>` and gives an `SMatrix<T, OUT, STEPS>`, where `STEPS` is
/// ⌊(N + 2 · padding − dilation · (kernel_size − 1) − 1) / stride⌋ + 1, or N with `padding = "same"`.
/// `groups = g` gives each of g groups of outputs the inputs of its own; `bias = false` has
/// [`NoBias`](super::NoBias) in place of the vector.
///
/// ```
/// use layerwise::{SMatrix, network};
///
/// // The difference of neighbours.
/// let mut net = network!(Input(1, 4) -> Conv1d(1, 1, 2, bias = false));
/// net.conv1d0.weight.numbers = [[-1.0], [1.0]].into();
/// let y = net.forward(&SMatrix::from([[3.0], [5.0], [4.0], [4.0]]));
/// assert_eq!(y, SMatrix::from([[2.0], [-1.0], [0.0]]));
/// ```
///
/// It begins a cache line, and the weights with it.
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
#[repr(C, align(64))]
pub struct Conv1d<
    T: Scalar,
    const OUT: usize,
    const COLUMNS: usize,
    const KERNEL: usize,
    const STEPS: usize,
    B = SVector<T, OUT>,
> where
    B: Bias<T>,
{
    /// The factors of what each output sees.
    pub weight: Taps<T, OUT, COLUMNS, KERNEL>,
    /// `OUT` numbers, or [`NoBias`](super::NoBias).
    pub bias: B,
    /// How far it is from what one output sees to what the next one does; 1 by default.
    #[parameters(constant = 1)]
    pub stride: usize,
    /// How many steps of zeros are thought to be before the first one; behind the last one are as many
    /// as are seen. 0 by default.
    #[parameters(constant = 0)]
    pub padding: usize,
    /// How far it is from one step that an output sees to the next; 1 by default.
    #[parameters(constant = 1)]
    pub dilation: usize,
}

/// A convolution over the pixels of an image, as
/// [`torch.nn.Conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html):
/// `Conv2d(in_channels, out_channels, kernel_size)` in a declaration, where the kernel's size and the
/// options may be pairs, of rows and columns: `Conv2d(3, 8, (3, 5), padding = (1, 2))`.
///
/// It takes an `Image<T, IN, H, W>` and gives an `Image<T, OUT, HEIGHT, WIDTH>`, whose sizes follow as
/// that of a [`Conv1d`].
///
/// ```
/// use layerwise::{Image, network};
///
/// // The sum of each pixel and its neighbours.
/// let mut net = network!(Input(1, 3, 3) -> Conv2d(1, 1, 3, padding = "same", bias = false));
/// net.conv2d0.weight.numbers.fill(1.0);
/// let y = net.forward(&Image::from_element(1.0));
/// assert_eq!((y[(0, 1, 1)], y[(0, 0, 1)], y[(0, 0, 0)]), (9.0, 6.0, 4.0));
/// ```
///
/// It begins a cache line, and the weights with it.
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
#[repr(C, align(64))]
pub struct Conv2d<
    T: Scalar,
    const OUT: usize,
    const COLUMNS: usize,
    const KERNEL_HEIGHT: usize,
    const KERNEL_WIDTH: usize,
    const HEIGHT: usize,
    const WIDTH: usize,
    B = SVector<T, OUT>,
> where
    B: Bias<T>,
{
    /// The factors of what each output sees.
    pub weight: Taps<T, OUT, COLUMNS, KERNEL_WIDTH, KERNEL_HEIGHT>,
    /// `OUT` numbers, or [`NoBias`](super::NoBias).
    pub bias: B,
    /// How far it is from what one output sees to what the next one does, in rows and columns; 1 by
    /// default.
    #[parameters(constant = [1; 2])]
    pub stride: [usize; 2],
    /// How many rows and columns of zeros are thought to be before the first ones; behind the last ones
    /// are as many as are seen. 0 by default.
    #[parameters(constant = [0; 2])]
    pub padding: [usize; 2],
    /// How far it is from one pixel that an output sees to the next; 1 by default.
    #[parameters(constant = [1; 2])]
    pub dilation: [usize; 2],
}

impl<T: Scalar, const O: usize, const C: usize, const K: usize, const S: usize, B: Bias<T>>
    Conv1d<T, O, C, K, S, B>
{
    #[inline]
    fn axes<X: Value>(&self) -> [Axis; 2] {
        let columns = Axis {
            size: X::SHAPE.dim(1),
            outputs: S,
            taps: K,
            stride: self.stride,
            padding: self.padding,
            dilation: self.dilation,
        };
        [Axis::ONE, columns.checked()]
    }
}

impl<
    T: Scalar,
    const O: usize,
    const C: usize,
    const KH: usize,
    const KW: usize,
    const H: usize,
    const W: usize,
    B: Bias<T>,
> Conv2d<T, O, C, KH, KW, H, W, B>
{
    #[inline]
    fn axes<X: Value>(&self) -> [Axis; 2] {
        let axis = |i: usize, outputs, taps| {
            let axis = Axis {
                size: X::SHAPE.dim(i + 1),
                outputs,
                taps,
                stride: self.stride[i],
                padding: self.padding[i],
                dilation: self.dilation[i],
            };
            axis.checked()
        };
        [axis(0, H, KH), axis(1, W, KW)]
    }
}

// SAFETY: no other layer begins its sizes with 1.
unsafe impl<T: Scalar, const O: usize, const C: usize, const K: usize, const S: usize, B: Bias<T>>
    Foldable<T, O> for Conv1d<T, O, C, K, S, B>
{
    type Folded = Conv1d<T, O, C, K, S>;
    const SIZES: [usize; 6] = [1, C, K, S, 0, 0];
}

// SAFETY: no other layer begins its sizes with 2.
unsafe impl<
    T: Scalar,
    const O: usize,
    const C: usize,
    const KH: usize,
    const KW: usize,
    const H: usize,
    const W: usize,
    B: Bias<T>,
> Foldable<T, O> for Conv2d<T, O, C, KH, KW, H, W, B>
{
    type Folded = Conv2d<T, O, C, KH, KW, H, W>;
    const SIZES: [usize; 6] = [2, C, KH, KW, H, W];
}

/// `Slide` of a convolution, and what follows from it.
macro_rules! convolution {
    ([$($generics:tt)*] $taps:expr, $X:ty => $Y:ty, $Layer:ty) => {
        slides! { [<T: Scalar, const IN: usize, $($generics)*>] $X => $Y, $Layer }

        // SAFETY: the kernels fill what they are given.
        unsafe impl<T: Scalar, const IN: usize, $($generics)*> Slide<$X> for $Layer {
            #[inline]
            fn slide(&self, x: &$X, y: &mut MaybeUninit<$Y>, function: Function) {
                self.slide_before(x, y, function, ptr::null());
            }

            #[inline(always)]
            fn is_pointwise(&self) -> bool {
                // Strides and padding change how many places there are.
                $taps == 1 && C == IN && O > 1 && <$Y>::LEN * IN == <$X>::LEN * O
            }

            #[inline]
            fn slide_before(
                &self,
                x: &$X,
                y: &mut MaybeUninit<$Y>,
                function: Function,
                ahead: *const T,
            ) {
                const {
                    let groups = IN * ($taps) / C;
                    let are_alike = IN.is_multiple_of(groups) && O.is_multiple_of(groups);
                    assert!(IN * ($taps) == C * groups && are_alike, "groups are alike");
                }
                T::convolution(&Convolution {
                    y: y.as_mut_ptr().cast(),
                    function,
                    ahead,
                    ..operands(
                        self.axes::<$X>(),
                        [IN, C / ($taps), O],
                        [self.weight.numbers.as_slice(), self.bias.as_slice()],
                        x,
                    )
                });
            }

            #[inline(always)]
            fn is_halved(&self, function: Function) -> bool {
                // Outputs that fill a register where there are many.
                let is_full = O * size_of::<T>() == 64;
                (IN == 1 || is_full) && !function.is_left() && function.is_by_value()
            }

            #[inline]
            fn slide_halved(&self, x: &$X, y: &mut MaybeUninit<$Y>, function: Function) -> bool {
                T::convolution(&Convolution {
                    y: y.as_mut_ptr().cast(),
                    function,
                    halves: true,
                    ..operands(
                        self.axes::<$X>(),
                        [IN, C / ($taps), O],
                        [self.weight.numbers.as_slice(), self.bias.as_slice()],
                        x,
                    )
                })
            }

            fn slide_back(
                &self,
                gradient: &mut Self,
                x: &$X,
                dy: &$Y,
                mut dx: Option<&mut MaybeUninit<$X>>,
            ) {
                if let Some(dx) = &mut dx {
                    zeroed(dx);
                }
                let db = gradient.bias.as_mut_slice();
                T::convolution_back(&ConvolutionBack {
                    of: operands(
                        self.axes::<$X>(),
                        [IN, C / ($taps), O],
                        [self.weight.numbers.as_slice(), &[]],
                        x,
                    ),
                    dy: dy.as_slice().as_ptr(),
                    db: if db.is_empty() { ptr::null_mut() } else { db.as_mut_ptr() },
                    dw: gradient.weight.numbers.as_mut_slice().as_mut_ptr(),
                    dx: dx.map_or(ptr::null_mut(), |dx| dx.as_mut_ptr().cast()),
                });
            }
        }
    };
}

/// What both have in common. `each` are the inputs that each output sees.
#[inline(always)]
fn operands<X: Value>(
    [rows, columns]: [Axis; 2],
    [inputs, each, outputs]: [usize; 3],
    [weight, bias]: [&[X::Scalar]; 2],
    x: &X,
) -> Convolution<X::Scalar> {
    Convolution {
        weight: weight.as_ptr(),
        bias: if bias.is_empty() {
            ptr::null()
        } else {
            bias.as_ptr()
        },
        x: x.as_slice().as_ptr(),
        y: ptr::null_mut(),
        rows,
        columns,
        inputs,
        outputs,
        groups: inputs / each.max(1),
        inputs_each: each,
        outputs_each: outputs * each / inputs.max(1),
        function: Function::Identity,
        halves: false,
        ahead: ptr::null(),
    }
}

convolution! {
    [const N: usize, const O: usize, const C: usize, const K: usize, const S: usize, B: Bias<T>]
    K, SMatrix<T, IN, N> => SMatrix<T, O, S>, Conv1d<T, O, C, K, S, B>
}

convolution! {
    [
        const XH: usize, const XW: usize, const O: usize, const C: usize, const KH: usize,
        const KW: usize, const H: usize, const W: usize, B: Bias<T>
    ]
    KH * KW, Image<T, IN, XH, XW> => Image<T, O, H, W>, Conv2d<T, O, C, KH, KW, H, W, B>
}
