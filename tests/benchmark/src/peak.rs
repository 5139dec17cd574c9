//! How near layerwise comes to the fused multiply-adds that the processor can do.

use std::error::Error;
use std::fmt::Write;
use std::hint::black_box;

use crate::contestants::{BATCH, Mode, Prepared, Runner, layerwise};
use crate::measure::{self, Timing};
use crate::models::{self, Model};

/// Multiplies and adds in registers, as many at a time as hide the latency.
struct Fma {
    kernel: fn(u64),
    /// Floating-point operations of a call.
    operations: u64,
    vectors: &'static str,
}

/// How layerwise gets ready for a model.
type Prepare = fn(&Model, Mode) -> Prepared;

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

/// The FMAs of this processor, the widest first, each with what layerwise does on registers as wide;
/// nothing where they are not known here.
fn fmas() -> Vec<(Fma, Prepare)> {
    let mut fmas: Vec<(Fma, Prepare)> = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            let fma = Fma {
                // SAFETY: the processor has AVX-512.
                #[allow(unsafe_code)]
                kernel: |calls| unsafe { x86::avx512(calls) },
                operations: STEPS * SUMS as u64 * 16 * 2,
                vectors: "AVX-512",
            };
            fmas.push((fma, layerwise::prepare));
        }
        if is_x86_feature_detected!("fma") {
            let fma = Fma {
                // SAFETY: the processor has FMA, and AVX with it.
                #[allow(unsafe_code)]
                kernel: |calls| unsafe { x86::fma(calls) },
                operations: STEPS * SUMS as u64 * 8 * 2,
                vectors: "AVX2",
            };
            let is_widest = fmas.is_empty();
            fmas.push((
                fma,
                if is_widest {
                    layerwise::prepare
                } else {
                    layerwise::prepare_avx2
                },
            ));
        }
    }
    fmas
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
    let fmas = fmas();
    if fmas.is_empty() {
        return Ok("The peak of this processor is not known.\n".into());
    }
    let layers = models::layers();
    let mut runners: Vec<Box<dyn Runner>> = Vec::new();
    let mut operations = Vec::new();
    let (mut head, mut line) = (
        format!("| Linear → ReLU, batch {BATCH} |"),
        "|---|".to_owned(),
    );
    for (fma, prepare) in fmas {
        write!(head, " {}, GFLOP/s | of the peak |", fma.vectors)?;
        line.push_str("--:|--:|");
        operations.push(fma.operations as f64);
        runners.push(Box::new(fma));
        for layer in &layers {
            operations.push((layer.operations() * BATCH) as f64);
            runners.extend(prepare(layer, Mode::Batch)?);
        }
    }
    let times = measure::interleaved(&mut runners, timing);
    let speeds: Vec<f64> = operations
        .iter()
        .zip(times)
        .map(|(operations, time)| operations / time / 1e9)
        .collect();

    let names = ["peak"]
        .into_iter()
        .chain(layers.iter().map(|layer| layer.name));
    let mut text = format!("{head}\n{line}\n");
    for (row, name) in names.enumerate() {
        write!(text, "| {name} |")?;
        for speeds in speeds.chunks(1 + layers.len()) {
            let share = 100.0 * speeds[row] / speeds[0];
            write!(text, " {:.1} | {share:.0} % |", speeds[row])?;
        }
        text.push('\n');
    }
    Ok(text)
}
