//! tanh as a quotient of two polynomials, which gates wait for less than for a power.

use super::{functions, isa::Vector};
use crate::scalar::Scalar;

/// x · p(x²) / q(x²), which is almost level from a bound on.
#[derive(Clone, Copy)]
pub struct OddQuotient<T> {
    bound: T,
    /// Of p and of q, from the lowest power up.
    coefficients: [[T; 5]; 2],
}

/// tanh to 1.7 · 10⁻⁸ of itself, and 3 · 10⁻⁷ as it is rounded: a minimax approximation. At this bound
/// both polynomials round to the same number.
pub(super) const TANH: OddQuotient<f32> = OddQuotient {
    bound: 8.79,
    coefficients: [
        [
            1.0,
            0.133_940_19,
            0.003_511_051_7,
            2.086_536e-5,
            1.371_463_2e-8,
        ],
        [
            1.0,
            0.467_273_38,
            0.025_935_723,
            3.310_994e-4,
            7.922_771_5e-7,
        ],
    ],
};

impl OddQuotient<f32> {
    /// The quotient of x / 2, halved.
    pub(super) const fn halved(self) -> Self {
        let [mut p, mut q] = self.coefficients;
        let (mut power, mut scale) = (0, 1.0);
        while power < q.len() {
            p[power] *= 0.25 * scale;
            q[power] *= scale;
            scale *= 0.25;
            power += 1;
        }
        Self {
            bound: 2.0 * self.bound,
            coefficients: [p, q],
        }
    }
}

impl<T: Scalar> OddQuotient<T> {
    #[inline(always)]
    pub(super) fn of<V: Vector<Scalar = T>>(self, isa: V::Isa, x: V) -> V {
        let bound = V::splat(isa, self.bound);
        let magnitude = bound.min(x.abs(isa));
        let x = magnitude.copysign(x);
        let square = magnitude.mul(magnitude);
        let fourth = square.mul(square);
        let [p, q] = self.coefficients;
        // Of each polynomial the first two terms, and the others divided by x⁴.
        let [p_first, p_rest] = halves(isa, p, square, fourth);
        let [q_first, q_rest] = halves(isa, q, square, fourth);
        let numerator = p_rest.mul_add(fourth.mul(x), p_first.mul(x));
        let denominator = q_rest.mul_add(fourth, q_first);
        // Two of the widest registers would wait for one another to be divided.
        if size_of::<V>() > 64 {
            functions::quotient(isa, numerator, denominator)
        } else {
            numerator.div(denominator)
        }
    }
}

/// c₀ + c₁ · x² and c₂ + c₃ · x² + c₄ · x⁴.
#[inline(always)]
fn halves<V: Vector>(isa: V::Isa, c: [V::Scalar; 5], square: V, fourth: V) -> [V; 2] {
    let first = square.mul_add(V::splat(isa, c[1]), V::splat(isa, c[0]));
    let rest = square.mul_add(V::splat(isa, c[3]), V::splat(isa, c[2]));
    [first, fourth.mul_add(V::splat(isa, c[4]), rest)]
}
