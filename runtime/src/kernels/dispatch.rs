//! Which instruction set runs a kernel.

#[cfg(target_arch = "aarch64")]
use super::isa::Neon;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::isa::Simd128;
#[cfg(target_arch = "x86_64")]
use super::isa::{Avx2, Avx512, Avx512Half, Sse2};
use super::{
    Function,
    isa::{Isa, Portable},
};

/// A computation that is written once for all instruction sets.
///
/// Its operands go to a function of its own in a few parts. A number or a pair of numbers is passed
/// in registers; whatever is larger is written to memory just before it is read, and a layer that
/// waits for that takes some 10 ns longer.
pub trait Kernel: Sized {
    /// What it returns.
    type Output;
    /// A part of its operands.
    type First;
    /// Another.
    type Second;
    /// Another.
    type Third;
    /// Whether it only chooses another, which is not worth a function of its own. It calculates
    /// nothing then: there is no instruction set where it is compiled.
    const CHOOSES: bool = false;
    /// All operands.
    fn parts(self) -> Parts<Self>;
    /// Must be `#[inline(always)]`, as everything that it calls with the token: only then is it
    /// compiled for the instruction set of the function it is called from.
    fn run<I: Isa>(
        isa: I,
        first: Self::First,
        second: Self::Second,
        third: Self::Third,
        function: Function,
    ) -> Self::Output;
}

/// The operands of a kernel.
pub type Parts<K> = (
    <K as Kernel>::First,
    <K as Kernel>::Second,
    <K as Kernel>::Third,
    Function,
);

/// Whether plain Rust is among them: where a target has nothing else, and in debug builds, for tests and for
/// comparisons with targets that have nothing else. In a release build it would be a fifth of the library that
/// nobody calls.
const HAS_PORTABLE: bool = cfg!(any(
    debug_assertions,
    not(any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        all(target_arch = "wasm32", target_feature = "simd128")
    ))
));

/// The instruction sets that a kernel is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Level {
    /// Plain Rust.
    Portable,
    /// x86-64's baseline.
    #[cfg(target_arch = "x86_64")]
    Sse2,
    /// AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 F, BW, DQ, VL.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// aarch64's baseline.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// WebAssembly's vectors, where the module is compiled for them.
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd128,
}

impl Level {
    /// All of this target, the best last.
    pub const ALL: &[Self] = &[
        Self::Portable,
        #[cfg(target_arch = "x86_64")]
        Self::Sse2,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
        #[cfg(target_arch = "aarch64")]
        Self::Neon,
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        Self::Simd128,
    ];

    /// The name in the environment variable `LAYERWISE_ISA`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Self::Sse2 => "sse2",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => "avx512",
            #[cfg(target_arch = "aarch64")]
            Self::Neon => "neon",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::Simd128 => "simd128",
        }
    }

    /// Whether a program takes it by itself where it is there. In a debug build each operation has room of
    /// its own on the stack, and with registers of 64 bytes a function needs megabytes of it.
    fn is_taken(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 if cfg!(debug_assertions) => false,
            _ => self.is_available(),
        }
    }

    /// Whether this processor has it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => HAS_PORTABLE,
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Self::Avx2 => {
                std::arch::is_x86_feature_detected!("avx2")
                    && std::arch::is_x86_feature_detected!("fma")
            }
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            Self::Avx512 => {
                Self::Avx2.is_available()
                    && std::arch::is_x86_feature_detected!("avx512f")
                    && std::arch::is_x86_feature_detected!("avx512bw")
                    && std::arch::is_x86_feature_detected!("avx512dq")
                    && std::arch::is_x86_feature_detected!("avx512vl")
            }
            #[cfg(all(target_arch = "x86_64", not(feature = "std")))]
            Self::Avx2 => cfg!(all(target_feature = "avx2", target_feature = "fma")),
            #[cfg(all(target_arch = "x86_64", not(feature = "std")))]
            Self::Avx512 => cfg!(all(
                target_feature = "avx2",
                target_feature = "fma",
                target_feature = "avx512f",
                target_feature = "avx512bw",
                target_feature = "avx512dq",
                target_feature = "avx512vl"
            )),
            #[allow(unreachable_patterns, reason = "the baseline of targets that have one")]
            _ => true,
        }
    }
}

#[cfg(feature = "std")]
impl Level {
    /// All that this processor has.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(|level| level.is_available())
    }

    /// Has every kernel run on this level from now on, in the whole process: for tests.
    ///
    /// # Panics
    ///
    /// Where it is not available.
    pub fn force(self) {
        assert!(self.is_available(), "{self:?} is not here");
        cache::set(self);
    }
}

/// Runs `f` on each level that there is, one test at a time.
#[cfg(all(test, feature = "std"))]
pub(crate) fn on_each_level(mut f: impl FnMut(Level)) {
    use std::sync::{Mutex, PoisonError};

    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    for level in Level::available() {
        level.force();
        f(level);
    }
}

/// The best that this processor has, looked up once: to ask costs as much as a small network.
#[cfg(feature = "std")]
mod cache {
    use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

    use super::Level;

    static LEVEL: AtomicU8 = AtomicU8::new(u8::MAX);

    /// A [`Level`], or none before the first call.
    #[inline(always)]
    pub(super) fn get() -> u8 {
        LEVEL.load(Relaxed)
    }

    pub(super) fn set(level: Level) {
        LEVEL.store(level as u8, Relaxed);
    }

    pub(super) fn level() -> Level {
        let known = Level::ALL.get(usize::from(get()));
        known.copied().unwrap_or_else(detect)
    }

    /// `LAYERWISE_ISA`, which tests set, may ask for less than the processor has; what isn't there is ignored.
    #[cold]
    fn detect() -> Level {
        let wanted = std::env::var("LAYERWISE_ISA").unwrap_or_default();
        let level = Level::available()
            .find(|level| wanted == level.name())
            .or_else(|| Level::ALL.iter().rfind(|level| level.is_taken()).copied())
            .unwrap_or(Level::Portable);
        set(level);
        level
    }
}

/// The best that the compiler may assume.
#[cfg(not(feature = "std"))]
mod cache {
    use super::Level;

    #[inline(always)]
    pub(super) fn get() -> u8 {
        level() as u8
    }

    #[inline(always)]
    pub(super) fn level() -> Level {
        let mut best = Level::Portable;
        for &level in Level::ALL {
            if level.is_taken() {
                best = level;
            }
        }
        best
    }
}

#[cfg(target_arch = "x86_64")]
const AVX2: u8 = Level::Avx2 as u8;
#[cfg(target_arch = "x86_64")]
const AVX512: u8 = Level::Avx512 as u8;

/// Runs a kernel on the best instruction set there is.
#[inline(always)]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    let parts = kernel.parts();
    match cache::get() {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was found to be available.
        AVX512 => unsafe { Avx512::new() }.call_with::<K>(parts),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        AVX2 => unsafe { Avx2::new() }.call_with::<K>(parts),
        _ => slower::<K, false>(parts.0, parts.1, parts.2, parts.3),
    }
}

/// The same with registers of 32 bytes at most.
#[inline(always)]
pub fn dispatch_narrow<K: Kernel>(kernel: K) -> K::Output {
    let parts = kernel.parts();
    match cache::get() {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the level was found to be available.
        AVX512 => unsafe { Avx512Half::new() }.call_with::<K>(parts),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        AVX2 => unsafe { Avx2::new() }.call_with::<K>(parts),
        _ => slower::<K, true>(parts.0, parts.1, parts.2, parts.3),
    }
}

/// Runs a kernel by AVX2, also where there is AVX-512: of loads from what was just written in registers of 32
/// bytes the compiler would make one of 64, which waits. Nothing is run where there is neither, and before the
/// first call of another kernel.
#[inline(always)]
pub fn dispatch_avx2<K: Kernel>(kernel: K) -> Option<K::Output> {
    #[cfg(target_arch = "x86_64")]
    if matches!(cache::get(), AVX2 | AVX512) {
        // SAFETY: it was found to be available, AVX2 as a part of AVX-512.
        return Some(unsafe { Avx2::new() }.call_with::<K>(kernel.parts()));
    }
    let _ = kernel;
    None
}

/// The first call, and what is slower anyway: out of line, so that a caller on a better processor
/// doesn't carry it about.
#[inline(never)]
fn slower<K: Kernel, const NARROW: bool>(
    first: K::First,
    second: K::Second,
    third: K::Third,
    function: Function,
) -> K::Output {
    let parts = (first, second, third, function);
    match cache::level() {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: it was found to be available.
        Level::Avx512 if NARROW => unsafe { Avx512Half::new() }.call_with::<K>(parts),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        Level::Avx512 => unsafe { Avx512::new() }.call_with::<K>(parts),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        Level::Avx2 => unsafe { Avx2::new() }.call_with::<K>(parts),
        Level::Portable if HAS_PORTABLE => Portable.call_with::<K>(parts),
        _ => baseline().call_with::<K>(parts),
    }
}

/// What every processor of the target has.
#[cfg(target_arch = "x86_64")]
pub(super) fn baseline() -> Sse2 {
    // SAFETY: it is a part of x86-64.
    unsafe { Sse2::new() }
}

/// What every processor of the target has.
#[cfg(target_arch = "aarch64")]
pub(super) fn baseline() -> Neon {
    // SAFETY: it is a part of aarch64.
    unsafe { Neon::new() }
}

/// What the module is compiled for.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) fn baseline() -> Simd128 {
    // SAFETY: the condition says so.
    unsafe { Simd128::new() }
}

/// What every processor of the target has.
#[cfg(not(any(
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
pub(super) fn baseline() -> Portable {
    Portable
}
