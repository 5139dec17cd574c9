//! The way back: what each operation of a [`Flow`] makes of the gradient of its output.

use core::ops::Range;

use nalgebra::{SMatrix, SVector};

use super::{Flow, slide::Slide};
use crate::{
    backward::Backward,
    kernels::{
        Function, Map,
        isa::{Isa, Vector},
    },
    parameters::Parameters,
    random,
    scalar::Scalar,
    value::Value,
};

/// One way for values to go through layers and for their gradients to come back.
pub trait Record: Flow {
    /// What stands for the gradient of a value. Whoever takes one by value is its last reader.
    type Slope<X: Value>;

    /// What is kept of a value that enters `weight · x + bias`.
    type Entered<X: Value>: From<Self::Of<X>>;

    /// [`Flow::linear`], and what [`linear_back`](Self::linear_back) takes.
    #[inline(always)]
    fn keep_linear<T: Scalar, const IN: usize, const OUT: usize>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        bias: &[T],
        x: Self::Of<SVector<T, IN>>,
        function: Function,
    ) -> (Self::Of<SVector<T, OUT>>, Self::Entered<SVector<T, IN>>) {
        let kept = self.share(&x).into();
        (self.linear(weight, bias, x, function), kept)
    }

    /// Of `weight · x + bias`. The gradient of `x` is left out where nobody reads it.
    fn linear_back<T: Scalar, const IN: usize, const OUT: usize, const INPUT: bool>(
        &mut self,
        weight: &SMatrix<T, OUT, IN>,
        gradient: (&mut SMatrix<T, OUT, IN>, &mut [T]),
        x: Self::Entered<SVector<T, IN>>,
        dy: Self::Slope<SVector<T, OUT>>,
    ) -> Self::Slope<SVector<T, IN>>;

    /// Of a function. `kept` is what `Function::slope` takes.
    fn function_back<X: Value>(
        &mut self,
        function: Function,
        kept: Self::Of<X>,
        dy: Self::Slope<X>,
    ) -> Self::Slope<X>;

    /// Of a map of each number. `kept` is what [`Map::slope`] takes.
    fn map_back<X: Value, M: Map>(
        &mut self,
        map: &M,
        kept: Self::Of<X>,
        dy: Self::Slope<X>,
    ) -> Self::Slope<X>;

    /// Of a layer that says itself what goes back.
    fn layer_back<X: Value, L: Backward<X>, const INPUT: bool>(
        &mut self,
        layer: &L,
        gradient: &mut L,
        kept: (Self::Of<X>, Self::Of<L::Output>),
        dy: Self::Slope<L::Output>,
    ) -> Self::Slope<X>;

    /// Of a layer that slides, for which `x` is what entered.
    #[inline(always)]
    fn slide_back<X: Value, L: Slide<X>, const INPUT: bool>(
        &mut self,
        layer: &L,
        gradient: &mut L,
        x: Self::Of<X>,
        dy: Self::Slope<L::Output>,
    ) -> Self::Slope<X> {
        // Nobody looks at the output.
        let y = self.room::<L::Output>();
        self.layer_back::<X, L, INPUT>(layer, gradient, (x, y), dy)
    }

    /// The same gradient for one more reader.
    fn share_slope<X: Value>(&mut self, dy: &Self::Slope<X>) -> Self::Slope<X>;

    /// `a + b`
    fn add_slopes<X: Value>(&mut self, a: Self::Slope<X>, b: Self::Slope<X>) -> Self::Slope<X>;

    /// `dy · x`, number by number.
    fn scale_slope<X: Value>(&mut self, dy: Self::Slope<X>, x: &Self::Of<X>) -> Self::Slope<X>;

    /// The channels of `dy` from `at` on, in each place.
    fn part<X: Value, Y: Value<Scalar = X::Scalar>>(
        &mut self,
        dy: &Self::Slope<Y>,
        at: usize,
    ) -> Self::Slope<X>;

    /// What stands for a gradient that nobody reads.
    fn nothing<X: Value>(&mut self) -> Self::Slope<X>;

    /// Zeros in a gradient that a layer adds to by itself, before the first samples.
    fn begin<P: Parameters>(&mut self, gradient: &mut P);

    /// Each channel less its mean over the batch and the places, divided by √(variance + eps); and which of the batch's
    /// statistics they are. Networks with it go in blocks of samples, several times: see
    /// [`tape`](super::tape).
    fn standardize<X: Value>(&mut self, x: Self::Of<X>, _eps: f64) -> (Self::Of<X>, Standardized) {
        (x, Standardized::default())
    }

    /// Of [`standardize`](Self::standardize), which gave `kept`.
    fn standardize_back<X: Value>(
        &mut self,
        _which: Standardized,
        _eps: f64,
        _kept: Self::Of<X>,
        dy: Self::Slope<X>,
    ) -> Self::Slope<X> {
        dy
    }

    /// The mean and the variance of each channel over the batch and so many places, the latter divided
    /// by one less than their number, where they have just become known.
    fn statistics<const N: usize>(
        &self,
        _which: Standardized,
        _places: usize,
    ) -> Option<[[f64; N]; 2]> {
        None
    }

    /// Where the random numbers of the next layer that draws some begin.
    fn draw(&mut self) -> u64;

    /// `x` after `change`, which is given each sample's number in the batch and its values.
    fn change<X: Value>(
        &mut self,
        x: Self::Of<X>,
        change: impl FnMut(u64, &mut [X::Scalar]),
    ) -> Self::Of<X>;

    /// `dy` after `change`, which is also given what the sample's values were.
    fn change_slope<X: Value>(
        &mut self,
        kept: Self::Of<X>,
        dy: Self::Slope<X>,
        change: impl FnMut(u64, &[X::Scalar], &mut [X::Scalar]),
    ) -> Self::Slope<X>;
}

/// What outputs are compared with: fills the gradients of those of the samples from a number on.
pub(crate) trait Judge<Y: Value> {
    /// `dy` has as many as `y`.
    fn judge(&mut self, first: usize, y: &[Y], dy: &mut [Y]);

    /// The same as part of a function for an instruction set.
    fn judge_in<I: Isa>(&mut self, isa: I, first: usize, y: &[Y], dy: &mut [Y]);

    /// The same with a sample of `samples` in each lane, and zero in the other lanes of `dy`, where that can
    /// be: whether it was done.
    #[inline(always)]
    fn judge_lanes<V: Vector<Scalar = Y::Scalar>>(
        &mut self,
        _isa: V::Isa,
        _samples: Range<usize>,
        _y: &[V],
        _dy: &mut [V],
    ) -> bool {
        false
    }

    /// Whether the loss is none to learn from, so that the way back is of no use. Asked for one sample in
    /// registers only.
    #[inline(always)]
    fn gives_up(&self) -> bool {
        false
    }

    /// Forgets what it has seen.
    fn begin(&mut self);
}

/// One that also says what becomes of a network by its gradient.
pub(crate) trait Follow<L, Y: Value>: Judge<Y> {
    /// What it finds, as a number of the network.
    type Loss;

    /// Where the sample is.
    fn start(&self) -> Start;

    /// What it has found.
    fn loss(&self) -> Self::Loss;

    /// Changes it, in a function for an instruction set.
    fn follow<I: Isa>(&mut self, isa: I, layer: &mut L, gradient: &L);
}

/// Where a part of a batch begins.
#[derive(Clone, Copy)]
pub(crate) struct Start {
    /// What random numbers follow from, beside the sample and the layer that draws them.
    pub(crate) seed: u64,
    /// How many steps were made, from which they follow, too.
    pub(crate) step: u64,
    /// The number of the first sample in the batch.
    pub(crate) first: u64,
}

impl Start {
    /// What the random numbers of a layer follow from: the one that draws as the `draw`-th.
    #[inline(always)]
    pub(crate) fn draw(&self, draw: u64) -> u64 {
        random::mix(random::mix(self.seed, self.step), draw)
    }
}

/// The samples of a batch.
pub(crate) trait Samples<X> {
    /// How many there are.
    fn len(&self) -> usize;

    /// How many at a time can be had.
    fn most(&self) -> usize {
        usize::MAX
    }

    /// `count` of them, from a number on.
    fn block(&mut self, from: usize, count: usize) -> &[X];
}

impl<X> Samples<X> for &[X] {
    fn len(&self) -> usize {
        <[X]>::len(self)
    }

    #[inline(always)]
    fn block(&mut self, from: usize, count: usize) -> &[X] {
        &self[from..from + count]
    }
}

/// Which features of a network were standardized: the number of the layer in the order of its run, and how
/// many features come before it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standardized {
    pub(super) layer: usize,
    pub(super) features: usize,
}
