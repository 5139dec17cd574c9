use crate::{
    flow::{Flow, record::Record},
    kernels::Zip,
    value::Value,
};

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

    /// The gradient of what left, once more: it is that of what entered, too.
    #[inline(always)]
    pub fn open_back<X: Value, F: Record>(flow: &mut F, dy: &F::Slope<X>) -> F::Slope<X> {
        flow.share_slope(dy)
    }

    /// The sum of what the chain gives back and what goes past it, if it is read.
    #[inline(always)]
    pub fn close_back<X: Value, F: Record, const INPUT: bool>(
        flow: &mut F,
        dx: F::Slope<X>,
        past: F::Slope<X>,
    ) -> F::Slope<X> {
        if INPUT { flow.add_slopes(dx, past) } else { dx }
    }
}
