//! WebAssembly's SIMD128, where the module is compiled for it: whoever runs a module with instructions
//! that it doesn't know refuses the whole of it, so there is nothing to ask when it runs.
//!
//! SAFETY, for all of this file: SIMD128 is part of the target. The pointers are the caller's part.
#![allow(clippy::wildcard_imports, reason = "the names are WebAssembly's")]
#![allow(
    unused_unsafe,
    reason = "arithmetic is safe: there is no WebAssembly function without its features"
)]

use core::arch::wasm32::*;

use super::declare::isa;

isa! {
    /// SIMD128; no fused multiply-add.
    Simd128 half Simd128 wide false fused false features "simd128"
    F32 F32x4(v128) [f32; 4] mask usize {
        mask(n) n;
        partial(p, m) match m {
            1 => v128_load32_zero(p.cast()),
            2 => v128_load64_zero(p.cast()),
            3 => v128_load32_lane::<2>(v128_load64_zero(p.cast()), p.add(2).cast()),
            _ => v128_load(p.cast()),
        };
        store_partial(q, k, v) match k {
            1 => v128_store32_lane::<0>(v, q.cast()),
            2 => v128_store64_lane::<0>(v, q.cast()),
            3 => {
                v128_store64_lane::<0>(v, q.cast());
                v128_store32_lane::<2>(v, q.add(2).cast());
            }
            _ => v128_store(q.cast(), v),
        };
        keep(v, m, o) v128_bitselect(v, o, f32x4_lt(f32x4(0.0, 1.0, 2.0, 3.0), f32x4_splat(m as f32)));
        mul_sub(a, b, c) f32x4_sub(c, f32x4_mul(a, b));
        mul_add(a, b, c) f32x4_add(f32x4_mul(a, b), c);
        select(l < r, t, e) v128_bitselect(t, e, f32x4_lt(l, r));
        copysign(x, s) v128_bitselect(s, x, u32x4_splat(1 << 31));
        shift(b) u32x4_shl(b, 23);
        sum(s, _n) {
            let pairs = f32x4_add(s, high_pair(s));
            first32(f32x4_add(pairs, i32x4_shuffle::<1, 1, 1, 1>(pairs, pairs)))
        };
        largest(g, _n) {
            let pairs = max32(g, high_pair(g));
            first32(max32(pairs, i32x4_shuffle::<1, 1, 1, 1>(pairs, pairs)))
        };
        f32x4_splat load store f32x4_add f32x4_sub f32x4_mul f32x4_div f32x4_sqrt
        max32 min32 first32
        {
            #[inline(always)]
            unsafe fn load_first(isa: Simd128, from: *const f32, mask: usize) -> Self {
                unsafe { Self::load(isa, from).keep(mask, Self::splat(isa, 0.0)) }
            }
            #[inline(always)]
            unsafe fn gather_four(_: Simd128, from: *const f32, stride: usize) -> [Self; 4] {
                unsafe {
                    Self::turned([
                        Self(load(from)),
                        Self(load(from.add(stride))),
                        Self(load(from.add(2 * stride))),
                        Self(load(from.add(3 * stride))),
                    ])
                }
            }
            const FOURS: bool = true;
            #[inline(always)]
            fn turned_four(four: [Self; 4]) -> [Self; 4] {
                Self::turned(four)
            }
            #[inline(always)]
            unsafe fn store_fours(self, to: *mut f32, _: usize) {
                unsafe { store(to, self.0) };
            }
        }
    }
    F64 F64x2(v128) [f64; 2] mask usize {
        mask(n) n;
        partial(p, m) if m == 1 { v128_load64_zero(p.cast()) } else { v128_load(p.cast()) };
        store_partial(q, k, v) if k == 1 {
            v128_store64_lane::<0>(v, q.cast());
        } else {
            v128_store(q.cast(), v);
        };
        keep(v, m, o) v128_bitselect(v, o, f64x2_lt(f64x2(0.0, 1.0), f64x2_splat(m as f64)));
        mul_sub(a, b, c) f64x2_sub(c, f64x2_mul(a, b));
        mul_add(a, b, c) f64x2_add(f64x2_mul(a, b), c);
        select(l < r, t, e) v128_bitselect(t, e, f64x2_lt(l, r));
        copysign(x, s) v128_bitselect(s, x, u64x2_splat(1 << 63));
        shift(b) u64x2_shl(b, 52);
        sum(s, _n) first64(f64x2_add(s, high_pair(s)));
        largest(g, _n) first64(max64(g, high_pair(g)));
        f64x2_splat load store f64x2_add f64x2_sub f64x2_mul f64x2_div f64x2_sqrt
        max64 min64 first64
        {
            #[inline(always)]
            unsafe fn load_first(isa: Simd128, from: *const f64, mask: usize) -> Self {
                unsafe { Self::load(isa, from).keep(mask, Self::splat(isa, 0.0)) }
            }
        }
    }
}

#[inline(always)]
unsafe fn load<T>(from: *const T) -> v128 {
    unsafe { v128_load(from.cast()) }
}

#[inline(always)]
unsafe fn store<T>(to: *mut T, x: v128) {
    unsafe { v128_store(to.cast(), x) };
}

/// The upper half of a register in both halves.
#[inline(always)]
fn high_pair(x: v128) -> v128 {
    i64x2_shuffle::<1, 1>(x, x)
}

/// `a` where it is larger, else `b`: WebAssembly's `pmax(b, a)` is `b < a ? a : b`.
#[inline(always)]
fn max32(a: v128, b: v128) -> v128 {
    f32x4_pmax(b, a)
}

#[inline(always)]
fn min32(a: v128, b: v128) -> v128 {
    f32x4_pmin(b, a)
}

#[inline(always)]
fn first32(x: v128) -> f32 {
    f32x4_extract_lane::<0>(x)
}

#[inline(always)]
fn max64(a: v128, b: v128) -> v128 {
    f64x2_pmax(b, a)
}

#[inline(always)]
fn min64(a: v128, b: v128) -> v128 {
    f64x2_pmin(b, a)
}

#[inline(always)]
fn first64(x: v128) -> f64 {
    f64x2_extract_lane::<0>(x)
}

impl F32x4 {
    /// Four by four.
    #[inline(always)]
    fn turned([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        let low_ab = i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0);
        let low_cd = i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0);
        let high_ab = i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0);
        let high_cd = i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0);
        [
            Self(i64x2_shuffle::<0, 2>(low_ab, low_cd)),
            Self(i64x2_shuffle::<1, 3>(low_ab, low_cd)),
            Self(i64x2_shuffle::<0, 2>(high_ab, high_cd)),
            Self(i64x2_shuffle::<1, 3>(high_ab, high_cd)),
        ]
    }
}
