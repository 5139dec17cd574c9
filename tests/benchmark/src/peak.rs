//! How near layerwise comes to the fused multiply-adds that the processor can do.

use std::error::Error;
use std::fmt::Write;
use std::hint::black_box;

use crate::contestants::{BATCH, Mode, Runner, layerwise};
use crate::measure::{self, Timing};
use crate::models;

/// Multiplies and adds in registers, as many at a time as hide the latency.
struct Fma {
    kernel: fn(u64),
    /// Floating-point operations of a call.
    operations: u64,
    vectors: &'static str,
}

const SUMS: usize = 12;
const STEPS: u64 = 1000;

impl Runner for Fma {
    fn run(&mut self, calls: u64) {
        (self.kernel)(calls);
    }

    fn outputs(&self) -> Vec<f32> {
        Vec::new()
    }
}

/// The widest FMA of this processor; nothing where it is not known here.
fn fma() -> Option<Fma> {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            return Some(Fma {
                // SAFETY: the processor has AVX-512.
                #[allow(unsafe_code)]
                kernel: |calls| unsafe { x86::avx512(calls) },
                operations: STEPS * SUMS as u64 * 16 * 2,
                vectors: "AVX-512",
            });
        }
        if is_x86_feature_detected!("fma") {
            return Some(Fma {
                // SAFETY: the processor has FMA, and AVX with it.
                #[allow(unsafe_code)]
                kernel: |calls| unsafe { x86::fma(calls) },
                operations: STEPS * SUMS as u64 * 8 * 2,
                vectors: "AVX2",
            });
        }
    }
    None
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256, __m512, _mm256_fmadd_ps, _mm256_set1_ps, _mm512_fmadd_ps, _mm512_set1_ps,
    };

    use super::{STEPS, SUMS, black_box};

    macro_rules! kernel {
        ($name:ident, $feature:literal, $V:ty, $splat:ident, $fma:ident) => {
            #[target_feature(enable = $feature)]
            pub(super) fn $name(calls: u64) {
                let (a, b) = (black_box($splat(0.5)), black_box($splat(1.0)));
                // Values that the compiler can't know, or it would see that all sums are one.
                let mut sums: [$V; SUMS] = std::array::from_fn(|i| black_box($splat(i as f32)));
                for _ in 0..calls * STEPS {
                    for sum in &mut sums {
                        *sum = $fma(a, *sum, b);
                    }
                }
                black_box(&sums);
            }
        };
    }
    kernel!(avx512, "avx512f", __m512, _mm512_set1_ps, _mm512_fmadd_ps);
    kernel!(fma, "avx,fma", __m256, _mm256_set1_ps, _mm256_fmadd_ps);
}

/// The table of single layers, at batch [`BATCH`].
pub fn shares(timing: Timing) -> Result<String, Box<dyn Error>> {
    let Some(fma) = fma() else {
        return Ok("The peak of this processor is not known.\n".into());
    };
    let (peak_operations, vectors) = (fma.operations as f64, fma.vectors);
    let layers = models::layers();
    let mut runners: Vec<Box<dyn Runner>> = vec![Box::new(fma)];
    for layer in &layers {
        runners.extend(layerwise::prepare(layer, Mode::Batch)?);
    }
    let times = measure::interleaved(&mut runners, timing);
    let peak = peak_operations / times[0] / 1e9;

    let mut text =
        format!("| Linear → ReLU, batch {BATCH} | GFLOP/s | of the peak |\n|---|--:|--:|\n");
    for (layer, time) in layers.iter().zip(&times[1..]) {
        let speed = (layer.operations() * BATCH) as f64 / time / 1e9;
        writeln!(
            text,
            "| {} | {speed:.1} | {:.0} % |",
            layer.name,
            100.0 * speed / peak
        )?;
    }
    writeln!(text, "| peak, {vectors} | {peak:.1} | |")?;
    Ok(text)
}
