//! The value of a number of sixteen bits.

/// Of IEEE 754's binary16: a sign, 5 bits of exponent and 10 of mantissa.
pub(crate) fn f16(bits: u16) -> f64 {
    const LEAST: f64 = 1.0 / (1 << 24) as f64;
    let (exponent, mantissa) = ((bits >> 10) & 0x1f, f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => mantissa * LEAST,
        0x1f if mantissa == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        _ => (1024.0 + mantissa) * LEAST * f64::from(1_u32 << (exponent - 1)),
    };
    if bits >> 15 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

/// Of the first half of an `f32`.
pub(crate) fn bf16(bits: u16) -> f64 {
    f64::from(f32::from_bits(u32::from(bits) << 16))
}
