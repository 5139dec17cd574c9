//! PyTorch's default initialisation.

use rand::{Rng, RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

use crate::{
    parameters::{Parameters, VisitorMut, path::Path},
    scalar::Scalar,
};

/// The seed of `Net::new()`, for xoshiro256++ by way of `SeedableRng::seed_from_u64`.
pub const SEED: u64 = 0;

/// Fills `value` as `torch.nn.Linear` fills itself: every tensor of a layer is drawn from the
/// uniform distribution on ±1/√k, with k the inputs of the layer's matrix (`in_features`; the
/// length of the vector, where a layer has vectors only). PyTorch writes it
/// `kaiming_uniform_(weight, a=√5)`, which comes to the same bound.
pub fn randomize<P: Parameters>(value: &mut P, rng: &mut (impl Rng + ?Sized)) {
    P::walk_mut([value], &Path::root::<P>(), &mut Fill { rng });
}

/// The value that `Net::new()` returns.
#[must_use]
pub fn new<P: Parameters>() -> P {
    random(&mut Xoshiro256PlusPlus::seed_from_u64(SEED))
}

/// The value that `Net::random(rng)` returns.
pub fn random<P: Parameters>(rng: &mut (impl Rng + ?Sized)) -> P {
    let mut value = P::ZEROS;
    randomize(&mut value, rng);
    value
}

/// The value that `Net::boxed()` returns.
#[cfg(feature = "std")]
#[must_use]
pub fn boxed<P: Parameters>() -> std::boxed::Box<P> {
    let mut value = super::place::boxed::<P>();
    randomize(&mut *value, &mut Xoshiro256PlusPlus::seed_from_u64(SEED));
    value
}

struct Fill<'a, R: ?Sized> {
    rng: &'a mut R,
}

impl<R: Rng + ?Sized> VisitorMut<1> for Fill<'_, R> {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [tensor]: [&mut [T]; 1]) {
        if let Some(value) = path.init() {
            return tensor.fill(T::from_f64(value));
        }
        let bound = 1.0 / square_root(path.fan_in());
        for x in tensor {
            *x = T::from_f64((self.rng.random::<f64>() * 2.0 - 1.0) * bound);
        }
    }

    fn count(&mut self, _: &Path<'_>, [count]: [&mut i64; 1]) {
        *count = 0;
    }
}

/// Newton's method from above, which stops falling at the root: `core` has no square root.
fn square_root(n: usize) -> f64 {
    let n = n.max(1) as f64;
    let mut root = n;
    loop {
        let next = f64::midpoint(root, n / root);
        if next >= root {
            return root;
        }
        root = next;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_square_root_is_that_of_the_standard_library() {
        for n in (1..10_000).chain([123_456_789, 1 << 40]) {
            let expected = (n as f64).sqrt();
            let error = (super::square_root(n) - expected).abs();
            assert!(error <= expected * f64::EPSILON, "√{n}");
        }
    }
}
