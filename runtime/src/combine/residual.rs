use crate::{flow::Flow, kernels::Zip, value::Value};

/// `Residual(chain)`: what enters and what leaves it, added number by number. The chain's stages are
/// fields of the same struct, so that this is in two parts, before the first stage and behind the last.
pub struct Residual;

impl Residual {
    /// What enters, once more.
    #[inline(always)]
    pub fn open<X: Value, F: Flow>(flow: &mut F, x: &F::Of<X>) -> F::Of<X> {
        flow.share(x)
    }

    /// The sum of what left and what entered.
    #[inline(always)]
    pub fn close<X: Value, F: Flow>(flow: &mut F, left: F::Of<X>, entered: F::Of<X>) -> F::Of<X> {
        flow.zip(Zip::Add, left, entered)
    }
}
