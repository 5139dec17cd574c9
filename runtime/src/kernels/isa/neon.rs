//! NEON, which every aarch64 has.
//!
//! SAFETY, for all of this file: NEON is part of the target. The pointers are the caller's part.
#![allow(clippy::wildcard_imports, reason = "the names are Arm's")]

use core::arch::aarch64::*;

use super::declare::isa;

isa! {
    /// NEON.
    Neon half Neon wide true fused true features "neon"
    F32 F32x4(float32x4_t) [f32; 4] mask usize {
        mask(n) n;
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
        keep(v, m, o) {
            let lanes = vld1q_f32([0.0, 1.0, 2.0, 3.0].as_ptr());
            vbslq_f32(vcltq_f32(lanes, vdupq_n_f32(m as f32)), v, o)
        };
        mul_sub(a, b, c) vfmsq_f32(c, a, b);
        mul_add(a, b, c) vfmaq_f32(c, a, b);
        select(l < r, t, e) vbslq_f32(vcltq_f32(l, r), t, e);
        copysign(x, s) vbslq_f32(vdupq_n_u32(1 << 31), s, x);
        shift(b) vreinterpretq_f32_u32(vshlq_n_u32::<23>(vreinterpretq_u32_f32(b)));
        sum(s, _n) vaddvq_f32(s);
        largest(g, _n) vmaxnmvq_f32(g);
        vdupq_n_f32 vld1q_f32 vst1q_f32 vaddq_f32 vsubq_f32 vmulq_f32 vdivq_f32 vsqrtq_f32
        max32 min32 first32
        {
            #[inline(always)]
            unsafe fn load_first(isa: Neon, from: *const f32, mask: usize) -> Self {
                unsafe { Self::load(isa, from).keep(mask, Self::splat(isa, 0.0)) }
            }
        }
    }
    F64 F64x2(float64x2_t) [f64; 2] mask usize {
        mask(n) n;
        partial(p, m) if m == 1 { vld1q_lane_f64::<0>(p, vdupq_n_f64(0.0)) } else { vld1q_f64(p) };
        store_partial(q, k, v) if k == 1 { vst1q_lane_f64::<0>(q, v) } else { vst1q_f64(q, v) };
        keep(v, m, o) {
            let lanes = vld1q_f64([0.0, 1.0].as_ptr());
            vbslq_f64(vcltq_f64(lanes, vdupq_n_f64(m as f64)), v, o)
        };
        mul_sub(a, b, c) vfmsq_f64(c, a, b);
        mul_add(a, b, c) vfmaq_f64(c, a, b);
        select(l < r, t, e) vbslq_f64(vcltq_f64(l, r), t, e);
        copysign(x, s) vbslq_f64(vdupq_n_u64(1 << 63), s, x);
        shift(b) vreinterpretq_f64_u64(vshlq_n_u64::<52>(vreinterpretq_u64_f64(b)));
        sum(s, _n) vaddvq_f64(s);
        largest(g, _n) vmaxnmvq_f64(g);
        vdupq_n_f64 vld1q_f64 vst1q_f64 vaddq_f64 vsubq_f64 vmulq_f64 vdivq_f64 vsqrtq_f64
        max64 min64 first64
        {
            #[inline(always)]
            unsafe fn load_first(isa: Neon, from: *const f64, mask: usize) -> Self {
                unsafe { Self::load(isa, from).keep(mask, Self::splat(isa, 0.0)) }
            }
        }
    }
}

/// `a` where it is larger, else `b`: Arm's own maximum treats NaN and −0 in another way.
#[inline(always)]
unsafe fn max32(a: float32x4_t, b: float32x4_t) -> float32x4_t {
    unsafe { vbslq_f32(vcltq_f32(b, a), a, b) }
}

#[inline(always)]
unsafe fn min32(a: float32x4_t, b: float32x4_t) -> float32x4_t {
    unsafe { vbslq_f32(vcltq_f32(a, b), a, b) }
}

#[inline(always)]
unsafe fn first32(x: float32x4_t) -> f32 {
    unsafe { vgetq_lane_f32::<0>(x) }
}

#[inline(always)]
unsafe fn max64(a: float64x2_t, b: float64x2_t) -> float64x2_t {
    unsafe { vbslq_f64(vcltq_f64(b, a), a, b) }
}

#[inline(always)]
unsafe fn min64(a: float64x2_t, b: float64x2_t) -> float64x2_t {
    unsafe { vbslq_f64(vcltq_f64(a, b), a, b) }
}

#[inline(always)]
unsafe fn first64(x: float64x2_t) -> f64 {
    unsafe { vgetq_lane_f64::<0>(x) }
}
