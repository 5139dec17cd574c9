//! The numbers of each type that the functions stand on.

/// The numbers that differ between `f32` and `f64`. Polynomials go from the highest power down.
pub trait Coefficients: Sized + 'static {
    /// From here down eˣ − 1 rounds to −1.
    const EXPM1_LEAST: Self;
    /// From here down x · eˣ rounds to zero.
    const LEAST_GATED: Self;
    /// From here on 1 + e⁻ˣ rounds to 1, and tanh(ln(1 + eˣ)) too.
    const MOST_GATED: Self;
    /// Powers of two below the negative of it are nothing next to 1.
    const LEAST_POWER: Self;
    /// From here on, to either side, x · Φ(x) is zero or x.
    const GELU_RANGE: Self;
    /// The same for its approximation by tanh.
    const GELU_TANH_RANGE: [Self; 2];
    /// 2^⌈mantissa bits / 2⌉ + 1
    const SPLITTER: Self;
    /// (ln(1 + t) − t) / t² for t from 0 to 1.
    const LOG1P: &'static [Self];
    /// Φ(−a) · e^(a² / 2) · (a + 3.1875) in (a − 3.1875) / (a + 3.1875).
    const SCALED_TAIL: &'static [Self];
    /// (x − tanh x) / x³ in x², for |x| < 1.
    const TANHSHRINK: &'static [Self];
    /// √(8 / π): a part of half as many bits, and the rest.
    const GELU_LINEAR: [Self; 2];
    /// 0.044715 · √(8 / π), and what it loses in rounding.
    const GELU_CUBIC: [Self; 2];
}

impl Coefficients for f32 {
    const EXPM1_LEAST: Self = -30.0;
    const LEAST_GATED: Self = -110.0;
    const MOST_GATED: Self = 40.0;
    const LEAST_POWER: Self = 40.0;
    const GELU_RANGE: Self = 14.5;
    const GELU_TANH_RANGE: [Self; 2] = [-11.2, 8.0];
    const SPLITTER: Self = 4097.0;
    const LOG1P: &[Self] = &[
        0.002_801_642,
        -0.017_184_267,
        0.049_309_973,
        -0.091_394_14,
        0.130_333_65,
        -0.163_651_53,
        0.199_567_08,
        -0.249_967_6,
        0.333_332_36,
        -0.5,
    ];
    const SCALED_TAIL: &[Self] = &[
        0.000_033_698_732,
        0.000_175_187_74,
        0.000_045_430_08,
        -0.001_146_708_8,
        -0.000_609_088_05,
        0.008_257_301,
        -0.002_269_811_2,
        -0.072_321_23,
        0.263_665_4,
        -0.532_357_5,
        0.735_491_4,
    ];
    const TANHSHRINK: &[Self] = &[
        -0.000_152_973_02,
        0.000_962_345_86,
        -0.003_266_267,
        0.008_744_376,
        -0.021_849_14,
        0.053_967_677,
        -0.133_333_52,
        0.333_333_34,
    ];
    const GELU_LINEAR: [Self; 2] = [1.595_703_1, 0.000_065_996_6];
    const GELU_CUBIC: [Self; 2] = [0.071_354_814, 2.398_832_5e-9];
}

impl Coefficients for f64 {
    const EXPM1_LEAST: Self = -50.0;
    const LEAST_GATED: Self = -752.0;
    const MOST_GATED: Self = 60.0;
    const LEAST_POWER: Self = 64.0;
    const GELU_RANGE: Self = 39.0;
    const GELU_TANH_RANGE: [Self; 2] = [-21.57, 12.0];
    const SPLITTER: Self = 134_217_729.0;
    const LOG1P: &[Self] = &[
        -0.000_022_938_856_818_471_438,
        0.000_265_295_970_542_531,
        -0.001_456_924_847_332_917_4,
        0.005_081_090_478_548_994,
        -0.012_732_150_528_247_672,
        0.024_682_950_191_684_934,
        -0.039_125_051_152_339_44,
        0.053_223_522_460_321_214,
        -0.065_040_103_660_368_55,
        0.074_448_170_199_422_26,
        -0.082_561_854_162_782_5,
        0.090_718_352_925_342_61,
        -0.099_963_243_475_501_37,
        0.111_105_711_428_558_06,
        -0.124_999_412_815_076_87,
        0.142_857_097_454_455_43,
        -0.166_666_664_309_783_4,
        0.199_999_999_924_716_3,
        -0.249_999_999_998_720_5,
        0.333_333_333_333_324_66,
        -0.5,
    ];
    const SCALED_TAIL: &[Self] = &[
        1.212_400_945_483_513e-9,
        1.682_617_088_105_200_1e-9,
        -1.075_236_668_131_789e-8,
        -2.439_073_562_563_546_4e-8,
        2.514_683_857_488_249_7e-8,
        1.346_807_684_433_544_8e-7,
        8.526_848_646_600_328e-8,
        -3.790_075_767_442_286_6e-7,
        -8.947_938_783_386_179e-7,
        1.414_525_295_543_972_5e-7,
        3.911_338_970_453_005e-6,
        4.927_313_775_267_095e-6,
        -0.000_011_026_348_663_764_27,
        -0.000_036_451_907_659_671_8,
        0.000_014_626_683_818_953_7,
        0.000_201_860_383_849_985_54,
        0.000_066_720_727_012_855_68,
        -0.001_153_592_277_195_075_9,
        -0.000_614_047_125_149_039_8,
        0.008_258_473_097_893_055,
        -0.002_270_266_475_164_810_7,
        -0.072_321_453_216_739_56,
        0.263_665_632_775_969_7,
        -0.532_357_497_612_445_3,
        0.735_491_382_540_806,
    ];
    const TANHSHRINK: &[Self] = &[
        -2.515_502_365_938_210_5e-8,
        2.633_077_223_295_933_7e-7,
        -1.379_181_449_908_334_2e-6,
        4.987_760_317_520_347e-6,
        -0.000_014_606_131_676_715_378,
        0.000_038_389_607_893_147_334,
        -0.000_096_462_777_433_131_81,
        0.000_238_957_052_287_382_25,
        -0.000_589_979_294_630_005_2,
        0.001_455_824_692_096_494_1,
        -0.003_592_126_679_366_341,
        0.008_863_235_404_578_283,
        -0.021_869_488_529_129_09,
        0.053_968_253_968_046_37,
        -0.133_333_333_333_330_9,
        0.333_333_333_333_333_3,
    ];
    const GELU_LINEAR: [Self; 2] = [1.595_769_107_341_766_4, 1.426_396_435_433_791e-8];
    const GELU_CUBIC: [Self; 2] = [0.071_354_816_272_600_25, -6.175_149_918_155_315e-19];
}
