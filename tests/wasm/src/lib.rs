//! Networks of many kinds, whose outputs `compare.mjs` compares between a module with SIMD128 and one in
//! plain Rust.
#![no_std]

use core::{cell::UnsafeCell, panic::PanicInfo};

use layerwise::{Adam, MSELoss, SVector, Scalar, Trainer, network};

/// Where the outputs of a case lie, for whoever called it.
struct Outputs(UnsafeCell<([f64; 0x4000], usize)>);

// SAFETY: a module without threads.
unsafe impl Sync for Outputs {}

static OUTPUTS: Outputs = Outputs(UnsafeCell::new(([0.0; 0x4000], 0)));

fn put(numbers: impl IntoIterator<Item = f64>) {
    // SAFETY: nobody else has a reference meanwhile.
    let (place, len) = unsafe { &mut *OUTPUTS.0.get() };
    for number in numbers {
        place[*len] = number;
        *len += 1;
    }
}

/// So many that no block of samples is full.
const SAMPLES: usize = 37;

/// The same vectors each time, of numbers from −3 to 3.
fn vectors<T: Scalar, const N: usize>() -> [SVector<T, N>; SAMPLES] {
    let mut state = 1_u32;
    core::array::from_fn(|_| {
        SVector::from_fn(|_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            T::from_f64(f64::from(state >> 8) / f64::from(1 << 24) * 6.0 - 3.0)
        })
    })
}

/// One sample, many, and a few steps of training.
macro_rules! chain {
    ($T:ident, $In:literal, $($chain:tt)*) => {{
        network! {
            #[network(scalar = $T)]
            struct Net = $($chain)*;
        }
        let net = Net::new();
        let xs = vectors::<$T, $In>();
        let mut ys = [SVector::<$T, { Net::OUTPUTS }>::zeros(); SAMPLES];
        net.forward_batch(&xs, &mut ys);
        put(ys.iter().flatten().map(|y| y.to_f64()));
        put(xs.iter().take(3).flat_map(|x| net.forward(x).map(|y| y.to_f64()).data.0[0]));
        let mut trainer = Trainer::new(net, Adam::new(1e-3), MSELoss::new());
        let targets = vectors::<$T, { Net::OUTPUTS }>();
        put((0..3).map(|_| trainer.step(&xs, &targets).to_f64()));
        put(trainer.model().forward(&xs[0]).iter().map(|y| y.to_f64()));
    }};
}

/// All steps of a stream.
macro_rules! stream {
    ($T:ident, $In:literal, $($chain:tt)*) => {{
        network! {
            #[network(scalar = $T)]
            struct Net = Stream($In) -> $($chain)*;
        }
        let net = Net::new();
        let mut state = NetState::default();
        for x in &vectors::<$T, $In>() {
            put(net.step(&mut state, x).iter().map(|y| y.to_f64()));
        }
    }};
}

macro_rules! cases {
    ($case:ident: $($number:literal $kind:ident $In:literal [$($chain:tt)*])*) => {
        // Those of `f64` come a hundred later.
        match ($case / 100, $case % 100) {
            $(
                (0, $number) => $kind!(f32, $In, $($chain)*),
                (1, $number) => $kind!(f64, $In, $($chain)*),
            )*
            _ => {}
        }
    };
}

/// Does what has this number, and returns how many numbers came out.
#[unsafe(no_mangle)]
extern "C" fn run(case: u32) -> usize {
    // SAFETY: as in `put`.
    unsafe { (*OUTPUTS.0.get()).1 = 0 };
    cases! { case:
        0 chain 1 [Linear(1, 1)]
        1 chain 3 [Linear(3, 2) -> Tanh -> Linear(2, 3)]
        2 chain 5 [Linear(5, 1) -> Sigmoid]
        3 chain 7 [Linear(7, 13) -> Tanh -> Linear(13, 6) -> Softmax(dim = 1)]
        4 chain 64 [Linear(64, 64) -> ReLU -> Linear(64, 10) -> Softmax(dim = 1)]
        5 chain 17 [Linear(17, 33) -> Sigmoid -> Linear(33, 19) -> Tanh]
        6 chain 40 [Linear(40, 16) -> GELU -> Linear(16, 4, bias = false)]
        7 chain 6 [Linear(6, 11) -> Concat(ReLU, ReLU6, LeakyReLU(0.1), Sigmoid, Tanh, Softmax(dim = 1), ELU, SELU, CELU(1.5))]
        8 chain 6 [Linear(6, 11) -> Concat(GELU, GELU(approximate = "tanh"), SiLU, Mish, Hardtanh, Hardsigmoid, Hardswish, Softplus, Softsign)]
        9 chain 6 [Linear(6, 11) -> Concat(LogSigmoid, Tanhshrink, Softshrink, Hardshrink, Threshold(0.1, 2.0), Softmin(dim = 1), LogSoftmax(dim = 1), PReLU)]
        10 chain 9 [Linear(9, 14) -> Residual(LayerNorm(14) -> GLU -> Linear(7, 14)) -> RMSNorm(14) -> BatchNorm1d(14) -> Linear(14, 5)]
        20 stream 3 [GRU(3, 9) -> Linear(9, 2)]
        21 stream 3 [LSTM(3, 6, num_layers = 2) -> Linear(6, 2)]
        22 stream 3 [Conv1d(3, 8, 3, dilation = 2) -> Tanh -> RNN(8, 5)]
    }
    // SAFETY: as above.
    unsafe { (*OUTPUTS.0.get()).1 }
}

/// Where what came out is.
#[unsafe(no_mangle)]
extern "C" fn outputs() -> *const f64 {
    OUTPUTS.0.get().cast()
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
