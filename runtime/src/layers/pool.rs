#![allow(unsafe_code, reason = "a kernel takes pointers")]
#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

use core::{mem::MaybeUninit, ptr};

use nalgebra::SMatrix;

use crate::{
    flow::slide::{Slide, slides, zeroed},
    image::Image,
    kernels::{
        Function,
        convolution::Axis,
        dispatch::{dispatch, dispatch_narrow},
        pool::{Pool, Pooled, Span},
    },
    parameters::Parameters,
    scalar::Scalar,
    value::Value,
};

/// The largest number of each channel among the steps that a window sees, as
/// [`torch.nn.MaxPool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html):
/// `MaxPool1d(kernel_size)` in a declaration. It gives an `SMatrix<T, CHANNELS, STEPS>`.
///
/// ```
/// use layerwise::{SMatrix, network};
///
/// let net = network!(Input(1, 5) -> MaxPool1d(2));
/// let y = net.forward(&SMatrix::from([[1.0], [2.0], [5.0], [3.0], [9.0]]));
/// assert_eq!(y, SMatrix::from([[2.0], [5.0]]));
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct MaxPool1d<const KERNEL: usize, const STEPS: usize> {
    /// How far it is from what one output sees to what the next one does; `KERNEL` by default.
    #[parameters(constant = KERNEL)]
    pub stride: usize,
    /// How many steps of −∞ are thought to be before the first one and behind the last one; 0 by default.
    #[parameters(constant = 0)]
    pub padding: usize,
    /// How far it is from one step that an output sees to the next; 1 by default.
    #[parameters(constant = 1)]
    pub dilation: usize,
}

/// The largest number of each channel among the pixels that a window sees, as
/// [`torch.nn.MaxPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html):
/// `MaxPool2d(kernel_size)` in a declaration. It gives an `Image<T, CHANNELS, HEIGHT, WIDTH>`.
///
/// ```
/// use layerwise::{Image, network};
///
/// let net = network!(Input(1, 2, 4) -> MaxPool2d(2));
/// let y = net.forward(&Image::from_planes(&[1.0, 2.0, 5.0, 3.0, 4.0, 0.0, 1.0, 2.0]));
/// assert_eq!(y, Image::from_planes(&[4.0, 5.0]));
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct MaxPool2d<
    const KERNEL_HEIGHT: usize,
    const KERNEL_WIDTH: usize,
    const HEIGHT: usize,
    const WIDTH: usize,
> {
    /// How far it is from what one output sees to what the next one does, in rows and columns; the
    /// kernel's size by default.
    #[parameters(constant = [KERNEL_HEIGHT, KERNEL_WIDTH])]
    pub stride: [usize; 2],
    /// How many rows and columns of −∞ are thought to be before the first ones and behind the last ones;
    /// 0 by default.
    #[parameters(constant = [0; 2])]
    pub padding: [usize; 2],
    /// How far it is from one pixel that an output sees to the next; 1 by default.
    #[parameters(constant = [1; 2])]
    pub dilation: [usize; 2],
}

/// The mean of each channel over the steps that a window sees, as
/// [`torch.nn.AvgPool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html):
/// `AvgPool1d(kernel_size)` in a declaration. It gives an `SMatrix<T, CHANNELS, STEPS>`.
///
/// ```
/// use layerwise::{SMatrix, network};
///
/// let net = network!(Input(1, 4) -> AvgPool1d(2));
/// let y = net.forward(&SMatrix::from([[1.0], [2.0], [5.0], [3.0]]));
/// assert_eq!(y, SMatrix::from([[1.5], [4.0]]));
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct AvgPool1d<const KERNEL: usize, const STEPS: usize> {
    /// How far it is from what one output sees to what the next one does; `KERNEL` by default.
    #[parameters(constant = KERNEL)]
    pub stride: usize,
    /// How many steps of zeros are thought to be before the first one and behind the last one; 0 by
    /// default.
    #[parameters(constant = 0)]
    pub padding: usize,
    /// Whether those zeros count in the mean; true by default.
    #[parameters(constant = true)]
    pub count_include_pad: bool,
}

/// The mean of each channel over the pixels that a window sees, as
/// [`torch.nn.AvgPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html):
/// `AvgPool2d(kernel_size)` in a declaration. It gives an `Image<T, CHANNELS, HEIGHT, WIDTH>`.
///
/// ```
/// use layerwise::{Image, network};
///
/// let net = network!(Input(1, 2, 4) -> AvgPool2d(2));
/// let y = net.forward(&Image::from_planes(&[1.0, 2.0, 5.0, 3.0, 4.0, 1.0, 1.0, 3.0]));
/// assert_eq!(y, Image::from_planes(&[2.0, 3.0]));
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct AvgPool2d<
    const KERNEL_HEIGHT: usize,
    const KERNEL_WIDTH: usize,
    const HEIGHT: usize,
    const WIDTH: usize,
> {
    /// How far it is from what one output sees to what the next one does, in rows and columns; the
    /// kernel's size by default.
    #[parameters(constant = [KERNEL_HEIGHT, KERNEL_WIDTH])]
    pub stride: [usize; 2],
    /// How many rows and columns of zeros are thought to be before the first ones and behind the last
    /// ones; 0 by default.
    #[parameters(constant = [0; 2])]
    pub padding: [usize; 2],
    /// Whether those zeros count in the mean; true by default.
    #[parameters(constant = true)]
    pub count_include_pad: bool,
    /// What the sum is divided by, in place of the number of pixels.
    #[parameters(constant = None)]
    pub divisor_override: Option<usize>,
}

/// The mean of each channel over as many equal parts of the steps as are asked for, as
/// [`torch.nn.AdaptiveAvgPool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html):
/// `AdaptiveAvgPool1d(output_size)` in a declaration. Parts of N steps that `STEPS` doesn't divide overlap: part
/// i goes from ⌊i · N / STEPS⌋ to ⌈(i + 1) · N / STEPS⌉.
///
/// ```
/// use layerwise::{SMatrix, network};
///
/// let net = network!(Input(1, 3) -> AdaptiveAvgPool1d(2));
/// let y = net.forward(&SMatrix::from([[1.0], [2.0], [5.0]]));
/// assert_eq!(y, SMatrix::from([[1.5], [3.5]]));
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct AdaptiveAvgPool1d<const STEPS: usize>;

/// The mean of each channel over as many equal parts of an image as are asked for, as
/// [`torch.nn.AdaptiveAvgPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html):
/// `AdaptiveAvgPool2d(output_size)` in a declaration, where the size may be a pair. The parts are, in
/// rows and in columns, those of [`AdaptiveAvgPool1d`].
///
/// ```
/// use layerwise::{Image, network};
///
/// let net = network!(Input(1, 2, 2) -> AdaptiveAvgPool2d(1));
/// let y = net.forward(&Image::from_planes(&[1.0, 2.0, 5.0, 4.0]));
/// assert_eq!(y[(0, 0, 0)], 3.0);
/// ```
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
pub struct AdaptiveAvgPool2d<const HEIGHT: usize, const WIDTH: usize>;

/// A window that slides along one dimension.
#[inline]
fn sliding(size: usize, outputs: usize, taps: usize, [stride, padding]: [usize; 2]) -> Axis {
    let axis = Axis {
        size,
        outputs,
        taps,
        stride,
        padding,
        dilation: 1,
    };
    axis.checked()
}

const ONE: Span = Span::Sliding(Axis::ONE);

impl<const K: usize, const S: usize> MaxPool1d<K, S> {
    #[inline]
    fn pool<X: Value>(&self) -> (Pooled, [Span; 2]) {
        let axis = sliding(X::SHAPE.dim(1), S, K, [self.stride, self.padding]);
        let dilation = self.dilation.max(1);
        (
            Pooled::Largest,
            [ONE, Span::Sliding(Axis { dilation, ..axis })],
        )
    }
}

impl<const KH: usize, const KW: usize, const H: usize, const W: usize> MaxPool2d<KH, KW, H, W> {
    #[inline]
    fn pool<X: Value>(&self) -> (Pooled, [Span; 2]) {
        let span = |i: usize, outputs, taps| {
            let options = [self.stride[i], self.padding[i]];
            let axis = sliding(X::SHAPE.dim(i + 1), outputs, taps, options);
            let dilation = self.dilation[i].max(1);
            Span::Sliding(Axis { dilation, ..axis })
        };
        (Pooled::Largest, [span(0, H, KH), span(1, W, KW)])
    }
}

impl<const K: usize, const S: usize> AvgPool1d<K, S> {
    #[inline]
    fn pool<X: Value>(&self) -> (Pooled, [Span; 2]) {
        let axis = sliding(X::SHAPE.dim(1), S, K, [self.stride, self.padding]);
        let counts_padding = self.count_include_pad;
        (Pooled::Mean { counts_padding }, [ONE, Span::Sliding(axis)])
    }
}

impl<const KH: usize, const KW: usize, const H: usize, const W: usize> AvgPool2d<KH, KW, H, W> {
    #[inline]
    fn pool<X: Value>(&self) -> (Pooled, [Span; 2]) {
        let span = |i: usize, outputs, taps| {
            let options = [self.stride[i], self.padding[i]];
            Span::Sliding(sliding(X::SHAPE.dim(i + 1), outputs, taps, options))
        };
        let pooled = match self.divisor_override {
            Some(divisor) => Pooled::SumOver(divisor as f64),
            None => Pooled::Mean {
                counts_padding: self.count_include_pad,
            },
        };
        (pooled, [span(0, H, KH), span(1, W, KW)])
    }
}

/// Of each place once.
const MEAN: Pooled = Pooled::Mean {
    counts_padding: false,
};

#[allow(clippy::unused_self, reason = "as of the others, which have options")]
impl<const S: usize> AdaptiveAvgPool1d<S> {
    #[inline]
    fn pool<X: Value>(&self) -> (Pooled, [Span; 2]) {
        let size = X::SHAPE.dim(1);
        (MEAN, [ONE, Span::Shared { size, outputs: S }])
    }
}

#[allow(clippy::unused_self, reason = "as of the others, which have options")]
impl<const H: usize, const W: usize> AdaptiveAvgPool2d<H, W> {
    #[inline]
    fn pool<X: Value>(&self) -> (Pooled, [Span; 2]) {
        let outputs = [H, W];
        let spans = [0, 1].map(|i| Span::Shared {
            size: X::SHAPE.dim(i + 1),
            outputs: outputs[i],
        });
        (MEAN, spans)
    }
}

/// `Slide` of a pool, and what follows from it.
macro_rules! pools {
    ([$($generics:tt)*] $X:ty => $Y:ty, $Layer:ty) => {
        slides! { [<T: Scalar, const C: usize, $($generics)*>] $X => $Y, $Layer }

        // SAFETY: the kernels fill what they are given.
        unsafe impl<T: Scalar, const C: usize, $($generics)*> Slide<$X> for $Layer {
            #[inline]
            fn slide(&self, x: &$X, y: &mut MaybeUninit<$Y>, function: Function) {
                let (pooled, [rows, columns]) = self.pool::<$X>();
                let pool = Pool {
                    x: x.as_slice().as_ptr(),
                    y: y.as_mut_ptr().cast(),
                    rows,
                    columns,
                    channels: C,
                    pooled,
                    function,
                };
                if C * size_of::<T>() <= 32 {
                    dispatch_narrow(&pool);
                } else {
                    dispatch(&pool);
                }
                if function.is_left() {
                    // SAFETY: it is filled.
                    let y = unsafe { y.assume_init_mut() };
                    T::apply(function, y.as_mut_slice(), C);
                }
            }

            #[inline(always)]
            fn halves(&self) -> bool {
                let (pooled, spans) = self.pool::<$X>();
                pooled == Pooled::Largest && spans.iter().all(Span::halves)
            }

            fn slide_back(
                &self,
                _: &mut Self,
                x: &$X,
                dy: &$Y,
                dx: Option<&mut MaybeUninit<$X>>,
            ) {
                let Some(dx) = dx else {
                    return;
                };
                let dx = zeroed(dx);
                let (pooled, [rows, columns]) = self.pool::<$X>();
                let pool = Pool {
                    x: ptr::null(),
                    y: ptr::null_mut(),
                    rows,
                    columns,
                    channels: C,
                    pooled,
                    function: Function::Identity,
                };
                pool.back(x.as_slice(), dy.as_slice(), dx.as_mut_slice());
            }
        }
    };
}

pools! {
    [const N: usize, const K: usize, const S: usize]
    SMatrix<T, C, N> => SMatrix<T, C, S>, MaxPool1d<K, S>
}
pools! {
    [const N: usize, const K: usize, const S: usize]
    SMatrix<T, C, N> => SMatrix<T, C, S>, AvgPool1d<K, S>
}
pools! {
    [const N: usize, const S: usize]
    SMatrix<T, C, N> => SMatrix<T, C, S>, AdaptiveAvgPool1d<S>
}
pools! {
    [
        const XH: usize, const XW: usize, const KH: usize, const KW: usize, const H: usize,
        const W: usize
    ]
    Image<T, C, XH, XW> => Image<T, C, H, W>, MaxPool2d<KH, KW, H, W>
}
pools! {
    [
        const XH: usize, const XW: usize, const KH: usize, const KW: usize, const H: usize,
        const W: usize
    ]
    Image<T, C, XH, XW> => Image<T, C, H, W>, AvgPool2d<KH, KW, H, W>
}
pools! {
    [const XH: usize, const XW: usize, const H: usize, const W: usize]
    Image<T, C, XH, XW> => Image<T, C, H, W>, AdaptiveAvgPool2d<H, W>
}
