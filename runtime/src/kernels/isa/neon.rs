//! NEON, which every aarch64 has.
//!
//! SAFETY, for all of this file: NEON is part of the target. The pointers are the caller's part.
#![allow(clippy::wildcard_imports, reason = "the names are Arm's")]

use core::arch::aarch64::*;

use super::{Isa, Vector};
use crate::kernels::dispatch::Kernel;

/// NEON.
#[derive(Clone, Copy)]
pub struct Neon(());

impl Neon {
    /// The token, which needs no proof here.
    #[inline(always)]
    pub(in crate::kernels) fn new() -> Self {
        Self(())
    }
}

impl Isa for Neon {
    type F32 = F32x4;
    type F64 = F64x2;
    const WIDE: bool = true;

    #[inline(never)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        kernel.run(self)
    }
}

macro_rules! vector {
    (
        $V:ident($raw:ident) [$T:ident; $lanes:literal]
        partial($p:ident, $m:ident) $load_partial:expr;
        store_partial($q:ident, $k:ident, $v:ident) $store_partial:expr;
        shift($bits:ident) $shift:expr;
        sign $sign:expr;
        $splat:ident $load:ident $store:ident $add:ident $sub:ident $mul:ident $div:ident
        $fma:ident $fms:ident $less:ident $select:ident $sum:ident $largest:ident $first:path
    ) => {
        /// A register.
        #[derive(Clone, Copy)]
        pub struct $V($raw);

        impl Vector for $V {
            type Scalar = $T;
            type Isa = Neon;
            type Mask = usize;
            const LANES: usize = $lanes;
            const FUSED: bool = true;

            #[inline(always)]
            fn splat(_: Neon, x: $T) -> Self {
                Self(unsafe { $splat(x) })
            }
            #[inline(always)]
            fn from_fn(_: Neon, f: impl FnMut(usize) -> $T) -> Self {
                let lanes: [$T; $lanes] = core::array::from_fn(f);
                Self(unsafe { $load(lanes.as_ptr()) })
            }
            #[inline(always)]
            fn for_each(self, mut f: impl FnMut(usize, $T)) {
                let mut lanes = [0.0; $lanes];
                unsafe { $store(lanes.as_mut_ptr(), self.0) };
                for (lane, x) in lanes.into_iter().enumerate() {
                    f(lane, x);
                }
            }
            #[inline(always)]
            fn mask(_: Neon, n: usize) -> usize {
                n
            }
            #[inline(always)]
            unsafe fn load(_: Neon, from: *const $T) -> Self {
                Self(unsafe { $load(from) })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $T) {
                unsafe { $store(to, self.0) };
            }
            #[inline(always)]
            unsafe fn load_partial(_: Neon, $p: *const $T, $m: usize) -> Self {
                Self(unsafe { $load_partial })
            }
            #[inline(always)]
            unsafe fn store_partial(self, $q: *mut $T, $k: usize) {
                let $v = self.0;
                unsafe { $store_partial };
            }
            #[inline(always)]
            fn keep(self, mask: usize, other: Self) -> Self {
                let lanes = [0.0, 1.0, 2.0, 3.0];
                let kept = Self(unsafe { $load(lanes.as_ptr()) });
                kept.select_less(Self(unsafe { $splat(mask as $T) }), self, other)
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self(unsafe { $add(self.0, other.0) })
            }
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                Self(unsafe { $sub(self.0, other.0) })
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                Self(unsafe { $mul(self.0, other.0) })
            }
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                Self(unsafe { $div(self.0, other.0) })
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                Self(unsafe { $fma(term.0, self.0, factor.0) })
            }
            #[inline(always)]
            fn mul_sub_from(self, factor: Self, term: Self) -> Self {
                Self(unsafe { $fms(term.0, self.0, factor.0) })
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                other.select_less(self, self, other)
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                self.select_less(other, self, other)
            }
            #[inline(always)]
            fn select_less(self, other: Self, then: Self, otherwise: Self) -> Self {
                Self(unsafe { $select($less(self.0, other.0), then.0, otherwise.0) })
            }
            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                Self(unsafe { $select($sign, sign.0, self.0) })
            }
            #[inline(always)]
            fn shift_to_exponent(self) -> Self {
                let $bits = self.0;
                Self(unsafe { $shift })
            }
            #[inline(always)]
            fn first(self) -> $T {
                unsafe { $first(self.0) }
            }
            #[inline(always)]
            fn sum(self, _: usize) -> $T {
                unsafe { $sum(self.0) }
            }
            #[inline(always)]
            fn largest(self, _: usize) -> $T {
                unsafe { $largest(self.0) }
            }
        }
    };
}

vector! {
    F32x4(float32x4_t) [f32; 4]
    partial(p, m) match m {
        1 => vld1q_lane_f32::<0>(p, vdupq_n_f32(0.0)),
        2 => vcombine_f32(vld1_f32(p), vdup_n_f32(0.0)),
        3 => vcombine_f32(vld1_f32(p), vld1_lane_f32::<0>(p.add(2), vdup_n_f32(0.0))),
        _ => vld1q_f32(p),
    };
    store_partial(q, k, v) match k {
        1 => vst1q_lane_f32::<0>(q, v),
        2 => vst1_f32(q, vget_low_f32(v)),
        3 => {
            vst1_f32(q, vget_low_f32(v));
            vst1q_lane_f32::<2>(q.add(2), v);
        }
        _ => vst1q_f32(q, v),
    };
    shift(b) vreinterpretq_f32_u32(vshlq_n_u32::<23>(vreinterpretq_u32_f32(b)));
    sign vdupq_n_u32(1 << 31);
    vdupq_n_f32 vld1q_f32 vst1q_f32 vaddq_f32 vsubq_f32 vmulq_f32 vdivq_f32
    vfmaq_f32 vfmsq_f32 vcltq_f32 vbslq_f32 vaddvq_f32 vmaxnmvq_f32 vgetq_lane_f32::<0>
}

vector! {
    F64x2(float64x2_t) [f64; 2]
    partial(p, m) if m == 1 { vld1q_lane_f64::<0>(p, vdupq_n_f64(0.0)) } else { vld1q_f64(p) };
    store_partial(q, k, v) if k == 1 { vst1q_lane_f64::<0>(q, v) } else { vst1q_f64(q, v) };
    shift(b) vreinterpretq_f64_u64(vshlq_n_u64::<52>(vreinterpretq_u64_f64(b)));
    sign vdupq_n_u64(1 << 63);
    vdupq_n_f64 vld1q_f64 vst1q_f64 vaddq_f64 vsubq_f64 vmulq_f64 vdivq_f64
    vfmaq_f64 vfmsq_f64 vcltq_f64 vbslq_f64 vaddvq_f64 vmaxnmvq_f64 vgetq_lane_f64::<0>
}
