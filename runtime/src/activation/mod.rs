//! The activations: PyTorch's, by PyTorch's names. One file and one row each.
//!
#![doc = include_str!("table.md")]
#![allow(
    clippy::inline_always,
    reason = "a small network is one function for each instruction set"
)]

use crate::{
    flow::Flow, kernels::Function, layer::Layer, parameters::Parameters, scalar::Scalar,
    stream::Recurrent, value::Value,
};

/// A layer without weights that works in place on the features of a vector, or on the channels of each
/// step or pixel, of either scalar. Whatever implements it is a [`Layer`].
///
/// ```
/// use layerwise::{Activation, Parameters, Scalar, SVector, network};
///
/// /// `x · sigmoid(x)`.
/// #[derive(Clone, Parameters)]
/// pub struct Swish;
///
/// impl Activation for Swish {
///     fn apply<T: Scalar>(&self, x: &mut [T]) {
///         for x in x {
///             *x *= x.sigmoid();
///         }
///     }
/// }
///
/// let net = network!(Linear(4, 3) -> Swish -> Linear(_, 1));
/// assert!(net.forward(&SVector::from([0.1, 0.2, 0.3, 0.4]))[0].is_finite());
/// ```
pub trait Activation: Parameters {
    /// Replaces the features of one sample, or the channels of one step or pixel, by the activation's
    /// output.
    fn apply<T: Scalar>(&self, x: &mut [T]);

    /// The same as the kernels know it, if they do; then it needs no pass of its own.
    #[doc(hidden)]
    #[inline(always)]
    fn function(&self) -> Option<Function> {
        None
    }

    /// [`function`](Self::function), of one that the kernels know.
    #[doc(hidden)]
    #[inline(always)]
    fn known(&self) -> Function {
        self.function().unwrap_or(Function::Identity)
    }

    /// The output, where the kernels don't know the function.
    #[doc(hidden)]
    #[inline(always)]
    fn pass<F: Flow, X: Value>(&self, flow: &mut F, x: F::Of<X>) -> F::Of<X> {
        flow.layer(self, x)
    }
}

impl<A: Activation, X: Value> Layer<X> for A {
    type Output = X;

    #[inline]
    fn forward(&self, input: &X) -> X {
        let mut output = input.clone();
        match self.function() {
            Some(function) => X::Scalar::apply(function, output.as_mut_slice(), X::CHANNELS),
            None => {
                for place in output.as_mut_slice().chunks_mut(X::CHANNELS.max(1)) {
                    self.apply(place);
                }
            }
        }
        output
    }

    #[inline(always)]
    fn flow<F: Flow>(&self, flow: &mut F, x: F::Of<X>) -> F::Of<X> {
        match self.function() {
            Some(function) => flow.function(function, x),
            None => self.pass(flow, x),
        }
    }

    #[inline(always)]
    fn flow_after<F: Flow, W: Value, B: Layer<W, Output = X>>(
        &self,
        flow: &mut F,
        before: &B,
        x: F::Of<W>,
    ) -> F::Of<X> {
        match self.function() {
            Some(function) => before.flow_with(flow, x, function),
            None => {
                let x = before.flow(flow, x);
                self.pass(flow, x)
            }
        }
    }

    #[inline]
    fn step_after<W, B: Recurrent<W, Output = X>>(
        &self,
        before: &B,
        state: &mut B::State,
        x: &W,
    ) -> X {
        match self.function() {
            Some(function) => before.step_with(state, x, function),
            None => self.forward(&before.step(state, x)),
        }
    }
}

/// An activation by its [`Map`](crate::kernels::Map), which is compiled where it is used.
macro_rules! elementwise {
    ($Name:ident) => {
        impl $crate::activation::Activation for $Name {
            #[inline]
            fn apply<T: $crate::scalar::Scalar>(&self, x: &mut [T]) {
                $crate::kernels::map(self, x);
            }

            #[inline(always)]
            fn pass<F: $crate::flow::Flow, X: $crate::value::Value>(
                &self,
                flow: &mut F,
                x: F::Of<X>,
            ) -> F::Of<X> {
                flow.map::<X, _>(self, x)
            }
        }

        impl<X: $crate::value::Value> $crate::backward::Trainable<X> for $Name {
            type Output = X;
            type Kept<F: $crate::flow::record::Record> = F::Of<X>;

            #[inline(always)]
            fn keep<F: $crate::flow::record::Record>(
                &self,
                flow: &mut F,
                x: F::Of<X>,
            ) -> (F::Of<X>, Self::Kept<F>) {
                if $crate::kernels::Map::is_by_value(self) {
                    let y = flow.map::<X, _>(self, x);
                    let kept = flow.share::<X>(&y);
                    (y, kept)
                } else {
                    let kept = flow.share(&x);
                    (flow.map(self, x), kept)
                }
            }

            #[inline(always)]
            fn back<F: $crate::flow::record::Record, const INPUT: bool>(
                &self,
                _: &mut Self,
                flow: &mut F,
                kept: Self::Kept<F>,
                dy: F::Slope<X>,
            ) -> F::Slope<X> {
                flow.map_back(self, kept, dy)
            }
        }
    };
}

/// [`Trainable`] of an activation that the kernels know.
macro_rules! by_function {
    ($Name:ident) => {
        impl<X: $crate::value::Value> $crate::backward::Trainable<X> for $Name {
            type Output = X;
            type Kept<F: $crate::flow::record::Record> = F::Of<X>;

            #[inline(always)]
            fn keep<F: $crate::flow::record::Record>(
                &self,
                flow: &mut F,
                x: F::Of<X>,
            ) -> (F::Of<X>, Self::Kept<F>) {
                let function = self.known();
                if function.is_by_value() {
                    let y = flow.function(function, x);
                    let kept = flow.share(&y);
                    (y, kept)
                } else {
                    let kept = flow.share(&x);
                    (flow.function(function, x), kept)
                }
            }

            #[inline(always)]
            fn keep_after<
                F: $crate::flow::record::Record,
                W: $crate::value::Value,
                B: $crate::backward::Trainable<W, Output = X>,
            >(
                &self,
                flow: &mut F,
                before: &B,
                x: F::Of<W>,
            ) -> (F::Of<X>, B::Kept<F>, Self::Kept<F>) {
                let function = self.known();
                if function.is_by_value() {
                    let (y, first) = before.keep_with(flow, x, function);
                    let kept = flow.share(&y);
                    (y, first, kept)
                } else {
                    let (x, first) = before.keep(flow, x);
                    let (y, kept) = self.keep(flow, x);
                    (y, first, kept)
                }
            }

            #[inline(always)]
            fn back<F: $crate::flow::record::Record, const INPUT: bool>(
                &self,
                _: &mut Self,
                flow: &mut F,
                kept: Self::Kept<F>,
                dy: F::Slope<X>,
            ) -> F::Slope<X> {
                flow.function_back(self.known(), kept, dy)
            }
        }
    };
}

/// Declares the activations' modules, and lists the names that [`layerwise_macros`] must know.
macro_rules! activations {
    ($($module:ident: $Name:ident { $($option:ident),* };)*) => {
        $(
            mod $module;
            pub use $module::$Name;
        )*

        #[cfg(test)]
        mod tests {
            /// Each row's name and options are those of the macro's own registry, and each
            /// option is a field of the struct.
            #[test]
            fn the_macro_knows_the_same_activations() {
                $(let _ = |layer: &super::$Name| { $(let _ = &layer.$option;)* let _ = layer; };)*
                let here: &[(&str, &[&str])] =
                    &[$((stringify!($Name), &[$(stringify!($option)),*])),*];
                let there: &[(&str, &[&str])] = layerwise_macros::__activations!();
                assert_eq!(here, there);
            }
        }
    };
}

pub use gelu::Approximate;

activations! {
    relu: ReLU {};
    relu6: ReLU6 {};
    leaky_relu: LeakyReLU { negative_slope };
    sigmoid: Sigmoid {};
    tanh: Tanh {};
    softmax: Softmax { dim };
    identity: Identity {};
    elu: ELU { alpha };
    selu: SELU {};
    celu: CELU { alpha };
    gelu: GELU { approximate };
    silu: SiLU {};
    mish: Mish {};
    hardtanh: Hardtanh { min_val, max_val };
    hardsigmoid: Hardsigmoid {};
    hardswish: Hardswish {};
    softplus: Softplus { beta, threshold };
    softsign: Softsign {};
    log_sigmoid: LogSigmoid {};
    tanhshrink: Tanhshrink {};
    softshrink: Softshrink { lambd };
    hardshrink: Hardshrink { lambd };
    threshold: Threshold { threshold, value };
    rrelu: RReLU { lower, upper };
    softmin: Softmin { dim };
    log_softmax: LogSoftmax { dim };
    dropout: Dropout { p };
}
