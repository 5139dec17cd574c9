//! Networks that remember, a step at a time, each of which takes what the one before gave: layerwise beside
//! C++ by hand for AVX2.
#![allow(unsafe_code)]

use std::error::Error;
use std::hint::black_box;
use std::ptr::NonNull;

use layerwise::__private::kernels::Level;
use layerwise::{Parameters, Path, Recurrent, SVector, Scalar, Visitor, network};

use crate::contestants::Runner;
use crate::environment;
use crate::measure::{self, Timing};

type Number = SVector<f32, 1>;

network! {
    struct Gru8 = Stream(1) -> GRU(1, 8) -> Linear(8, 1);
    struct Gru16 = Stream(1) -> GRU(1, 16) -> Linear(16, 1);
    struct Gru24 = Stream(1) -> GRU(1, 24) -> Linear(24, 1);
    struct Gru32 = Stream(1) -> GRU(1, 32) -> Linear(32, 1);
    struct Gru64 = Stream(1) -> GRU(1, 64) -> Linear(64, 1);
    struct Lstm8 = Stream(1) -> LSTM(1, 8) -> Linear(8, 1);
    struct Lstm16 = Stream(1) -> LSTM(1, 16) -> Linear(16, 1);
    struct Lstm24 = Stream(1) -> LSTM(1, 24) -> Linear(24, 1);
    struct Lstm32 = Stream(1) -> LSTM(1, 32) -> Linear(32, 1);
    struct Lstm40 = Stream(1) -> LSTM(1, 40) -> Linear(40, 1);
    struct Lstm64 = Stream(1) -> LSTM(1, 64) -> Linear(64, 1);
    struct Wave = Stream(1)
        -> Conv1d(1, 8, 3) -> Tanh
        -> Conv1d(8, 8, 3, dilation = 2) -> Tanh
        -> Conv1d(8, 8, 3, dilation = 4) -> Tanh
        -> Conv1d(8, 8, 3, dilation = 8) -> Tanh
        -> Linear(8, 1);
    struct Quiet = Stream(1) -> GRU(1, 16, bias = false) -> Linear(16, 1, bias = false);
}

/// What both are asked for.
struct Kind {
    name: &'static str,
    layerwise: fn(Option<Level>) -> Box<dyn Runner>,
    cpp: fn() -> Option<Box<dyn Runner>>,
}

macro_rules! kind {
    ($Net:ident, $name:literal, $new:ident, $hidden:literal) => {
        Kind {
            name: $name,
            layerwise: |level| Box::new(Layerwise::new($Net::new(), level)),
            cpp: || Some(Box::new(Cpp::new($new, $hidden, &$Net::new())?)),
        }
    };
}

const KINDS: [Kind; 12] = [
    kind!(Gru8, "GRU 8", stream_gru, 8),
    kind!(Gru16, "GRU 16", stream_gru, 16),
    kind!(Gru24, "GRU 24", stream_gru, 24),
    kind!(Gru32, "GRU 32", stream_gru, 32),
    kind!(Gru64, "GRU 64", stream_gru, 64),
    kind!(Lstm8, "LSTM 8", stream_lstm, 8),
    kind!(Lstm16, "LSTM 16", stream_lstm, 16),
    kind!(Lstm24, "LSTM 24", stream_lstm, 24),
    kind!(Lstm32, "LSTM 32", stream_lstm, 32),
    kind!(Lstm40, "LSTM 40", stream_lstm, 40),
    kind!(Lstm64, "LSTM 64", stream_lstm, 64),
    kind!(Wave, "4 × Conv1d(8, 8, 3)", stream_wave, 8),
];

/// Nanoseconds from one number of a sound to the next at 48 kHz.
const REAL_TIME: f64 = 1e9 / 48e3;

pub fn compare(timing: Timing) -> Result<(), Box<dyn Error>> {
    println!("{}\n", environment::describe());
    println!("| dependent steps, ns | layerwise | × real time | on AVX2 | C++, AVX2 |");
    println!("|---|--:|--:|--:|--:|");
    let avx2 = Level::available().find(|level| level.name() == "avx2");
    for kind in KINDS {
        let mut runners = vec![(kind.layerwise)(None), (kind.layerwise)(avx2)];
        runners.extend((kind.cpp)());
        check(kind.name, &mut runners)?;
        let times = measure::interleaved(&mut runners, timing);
        let [best, narrow] = [0, 1].map(|at| times[at] * 1e9);
        let cpp = times.get(2).map(|time| time * 1e9);
        let of_cpp = |time| cpp.map_or(String::new(), |cpp| format!(" ({:.2})", time / cpp));
        println!(
            "| {} | {best:.1}{} | {:.0} | {narrow:.1}{} | {} |",
            kind.name,
            of_cpp(best),
            REAL_TIME / best,
            of_cpp(narrow),
            cpp.map_or("–".to_string(), |cpp| format!("{cpp:.1}")),
        );
    }
    println!("\nIn brackets: the time over that of the C++.\n");

    let inputs = [0.5, 1e-40, 0.0];
    let mut runners: Vec<Box<dyn Runner>> = Vec::new();
    for x in inputs {
        runners.push(Box::new(Layerwise {
            fed: false,
            ..Layerwise::from(Quiet::new(), None, x)
        }));
    }
    let times = measure::interleaved(&mut runners, timing);
    let [normal, subnormal, silent] = [0, 1, 2].map(|at| times[at] * 1e9);
    println!(
        "GRU 16 without a bias: {normal:.1} ns where numbers are normal, {subnormal:.1} where they are \
         smaller than that, {silent:.1} in silence."
    );
    Ok(())
}

/// Whether all have come to the same number.
fn check(name: &str, runners: &mut [Box<dyn Runner>]) -> Result<(), Box<dyn Error>> {
    for runner in &mut *runners {
        runner.run(100);
    }
    let outputs: Vec<f32> = runners.iter().flat_map(|runner| runner.outputs()).collect();
    if outputs.iter().all(|y| (y - outputs[0]).abs() <= 1e-5) {
        Ok(())
    } else {
        Err(format!("{name}: the outputs differ: {outputs:?}").into())
    }
}

struct Layerwise<N: Recurrent<Number>> {
    net: N,
    state: N::State,
    x: Number,
    /// Whether the output is the next input.
    fed: bool,
    /// Where it runs, and where the process does.
    level: Option<Level>,
}

impl<N: Recurrent<Number, Output = Number>> Layerwise<N> {
    fn new(net: N, level: Option<Level>) -> Self {
        Self::from(net, level, START)
    }

    fn from(net: N, level: Option<Level>, x: f32) -> Self {
        Self {
            net,
            state: N::State::default(),
            x: Number::from([x]),
            fed: true,
            level,
        }
    }
}

/// The first input.
const START: f32 = 0.5;

impl<N: Recurrent<Number, Output = Number>> Runner for Layerwise<N> {
    fn run(&mut self, calls: u64) {
        if let Some(level) = self.level {
            level.force();
        }
        for _ in 0..calls {
            let y = black_box(&self.net).step(&mut self.state, &self.x);
            if self.fed {
                self.x = y;
            } else {
                black_box(y);
            }
        }
        if let Some(best) = self.level.and_then(|_| Level::available().last()) {
            best.force();
        }
    }

    fn outputs(&self) -> Vec<f32> {
        self.x.as_slice().to_vec()
    }
}

/// A `Stream` of `cpp/streams.cpp`.
#[repr(C)]
struct Stream {
    _opaque: [u8; 0],
}

type New = unsafe extern "C" fn(hidden: i32, tensors: *const f32) -> *mut Stream;

unsafe extern "C" {
    fn stream_gru(hidden: i32, tensors: *const f32) -> *mut Stream;
    fn stream_lstm(hidden: i32, tensors: *const f32) -> *mut Stream;
    fn stream_wave(hidden: i32, tensors: *const f32) -> *mut Stream;
    fn stream_steps(stream: *mut Stream, x: f32, steps: i64) -> f32;
    fn stream_delete(stream: *mut Stream);
}

struct Cpp {
    stream: NonNull<Stream>,
    x: f32,
}

impl Cpp {
    /// Nothing where there is no AVX2.
    fn new<N: Parameters>(new: New, hidden: i32, net: &N) -> Option<Self> {
        Level::available().find(|level| level.name() == "avx2")?;
        let mut tensors = Vec::new();
        N::walk([net], &Path::root::<N>(), &mut Numbers(&mut tensors));
        // SAFETY: it reads the tensors of a network of that kind and size.
        let stream = NonNull::new(unsafe { new(hidden, tensors.as_ptr()) })?;
        Some(Self { stream, x: START })
    }
}

/// The numbers of all tensors, each column by column.
struct Numbers<'a>(&'a mut Vec<f32>);

impl Visitor<1> for Numbers<'_> {
    fn tensor<T: Scalar>(&mut self, _: &Path<'_>, [numbers]: [&[T]; 1]) {
        self.0.extend(numbers.iter().map(|x| x.to_f64() as f32));
    }
}

impl Runner for Cpp {
    fn run(&mut self, calls: u64) {
        // SAFETY: it is alive.
        self.x = unsafe { stream_steps(self.stream.as_ptr(), self.x, calls as i64) };
    }

    fn outputs(&self) -> Vec<f32> {
        vec![self.x]
    }
}

impl Drop for Cpp {
    fn drop(&mut self) {
        // SAFETY: it came from `new`, and is deleted once.
        unsafe { stream_delete(self.stream.as_ptr()) }
    }
}
