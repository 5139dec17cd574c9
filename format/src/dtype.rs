//! The types of numbers.

/// Declares them with their bits.
macro_rules! dtypes {
    ($($Name:ident: $bits:literal,)*) => {
        /// The type of a tensor's numbers, by its name in the format.
        #[allow(missing_docs, non_camel_case_types, reason = "the format's own names")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Dtype {
            $($Name,)*
        }

        impl Dtype {
            /// The type of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($Name) => Some(Self::$Name),)*
                    _ => None,
                }
            }

            /// How many bits each number has.
            #[must_use]
            pub const fn bits(self) -> usize {
                match self {
                    $(Self::$Name => $bits,)*
                }
            }
        }
    };
}

dtypes! {
    BOOL: 8,
    F4: 4,
    F6_E2M3: 6,
    F6_E3M2: 6,
    U8: 8,
    I8: 8,
    F8_E5M2: 8,
    F8_E4M3: 8,
    F8_E8M0: 8,
    F8_E4M3FNUZ: 8,
    F8_E5M2FNUZ: 8,
    I16: 16,
    U16: 16,
    F16: 16,
    BF16: 16,
    I32: 32,
    U32: 32,
    F32: 32,
    C64: 64,
    F64: 64,
    I64: 64,
    U64: 64,
}

impl Dtype {
    /// What makes a value of a number's bytes, for types whose every value is an `f64`.
    #[must_use]
    pub fn decoder(self) -> Option<fn(&[u8]) -> f64> {
        Some(match self {
            Self::F16 => |bytes| f16(u16::from_le_bytes(array(bytes))),
            Self::BF16 => |bytes| bf16(u16::from_le_bytes(array(bytes))),
            Self::F32 => |bytes| f64::from(f32::from_le_bytes(array(bytes))),
            Self::F64 => |bytes| f64::from_le_bytes(array(bytes)),
            _ => return None,
        })
    }
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    std::array::from_fn(|index| bytes[index])
}

/// IEEE 754's binary16: a sign, 5 bits of exponent and 10 of mantissa.
fn f16(bits: u16) -> f64 {
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

/// The first half of an `f32`.
fn bf16(bits: u16) -> f64 {
    f64::from(f32::from_bits(u32::from(bits) << 16))
}
