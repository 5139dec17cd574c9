//! Random numbers that follow from what they are for: the same however the work is divided.

/// The `n`-th number of a sequence of its own for each seed: splitmix64, after
/// [Steele, Lea and Flood](https://doi.org/10.1145/2714064.2660195).
#[inline(always)]
#[allow(clippy::inline_always, reason = "a few instructions")]
pub(crate) fn mix(seed: u64, n: u64) -> u64 {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut z = seed.wrapping_add(GOLDEN.wrapping_mul(n.wrapping_add(1)));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number from 0 to 1, without 1.
#[inline(always)]
#[allow(clippy::inline_always, reason = "a few instructions")]
pub(crate) fn unit(bits: u64) -> f64 {
    const BITS: u32 = f64::MANTISSA_DIGITS;
    (bits >> (64 - BITS)) as f64 / (1_u64 << BITS) as f64
}
