//! What the docs of the activations show: the table of errors and times, and a plot of each.
//!
//! All of it is written by
//!
//! ```text
//! cargo test --release -p layerwise-tests --test functions -- --ignored write
//! ```

mod exact;
mod plot;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    hint::black_box,
    path::PathBuf,
    time::{Duration, Instant},
};

use exact::{FUNCTIONS, Function};
use layerwise::__private::kernels::Level;

/// Without a function of one number: those of a whole row, and the identity that trains.
const OTHERS: [&str; 4] = ["Softmax", "Softmin", "LogSoftmax", "Dropout"];
/// What a function may be off, in units in the last place.
const BOUND: f64 = 4.0;
/// A prime, so that all mantissas and exponents are met.
const STRIDE: usize = 499;
/// The numbers that are timed together, and how often.
const NUMBERS: usize = 4096;
const ROUNDS: usize = 300;
const CALLS: u32 = 16;

fn docs(file: &str) -> PathBuf {
    let activation = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/src/activation");
    [activation, file].iter().collect()
}

/// Each activation once, also where options have rows of their own.
fn plots() -> impl Iterator<Item = (PathBuf, String)> {
    let first: BTreeMap<_, _> = FUNCTIONS.iter().rev().map(|f| (f.file, f)).collect();
    first.into_values().map(|function| {
        let svg = plot::svg(function.name, function.exact);
        (docs(&format!("plots/{}.svg", function.file)), svg)
    })
}

#[test]
fn every_activation_has_its_row_and_its_plot() {
    let table = fs::read_to_string(docs("table.md")).unwrap();
    let registry: &[(&str, &[&str])] = layerwise_macros::__activations!();
    for (name, _) in registry.iter().filter(|(name, _)| !OTHERS.contains(name)) {
        let is_it = |f: &&Function| f.name.split('(').next() == Some(name);
        let function = FUNCTIONS.iter().find(is_it);
        let Function { file, .. } = function.unwrap_or_else(|| panic!("{name} has no row"));
        let source = fs::read_to_string(docs(&format!("{file}.rs"))).unwrap();
        let include = format!("#[doc = include_str!(\"plots/{file}.svg\")]");
        assert!(source.contains(&include), "{name} doesn't show its plot");
    }
    for Function { name, .. } in FUNCTIONS {
        let row = format!("| `{name}` |");
        assert!(table.contains(&row), "{name} isn't in table.md");
    }
    for (file, svg) in plots() {
        assert!(svg.len() < 1536, "{file:?} has {} bytes", svg.len());
        assert_eq!(fs::read_to_string(&file).unwrap(), svg, "{file:?} is old");
    }
    let files = fs::read_dir(docs("plots")).unwrap().count();
    assert_eq!(files, plots().count(), "a plot too many");
}

#[test]
#[ignore = "writes the docs, from a release build on a quiet machine"]
fn write() {
    for (file, svg) in plots() {
        fs::write(file, svg).unwrap();
    }
    let level = Level::available().last().unwrap();
    level.force();
    let mut table = format!(
        "Of each elementwise activation, the largest error over every {STRIDE}th `f32`, against the function\n\
         in `f64`, in units in the last place; and the nanoseconds a number of {NUMBERS} takes in place, on one\n\
         thread: the least of {ROUNDS} turns on {}, with {}.\n\
         `cargo test --release -p layerwise-tests --test functions -- --ignored write` writes the table.\n\n\
         | | error | time |\n|---|--:|--:|\n",
        processor(),
        level.name(),
    );
    for (
        Function {
            name, apply, exact, ..
        },
        nanoseconds,
    ) in FUNCTIONS.iter().zip(times())
    {
        let (error, at) = worst(*apply, *exact);
        assert!(error <= BOUND, "{name}: {error} at {at:e}");
        writeln!(table, "| `{name}` | {error:.2} | {nanoseconds:.2} |").unwrap();
    }
    fs::write(docs("table.md"), table).unwrap();
}

/// The largest error, and where it is.
fn worst(apply: fn(&mut [f32]), exact: fn(f64) -> f64) -> (f64, f32) {
    let all = (0..=u32::MAX).step_by(STRIDE).map(f32::from_bits);
    let x: Vec<f32> = all.filter(|x| x.is_finite()).collect();
    let mut y = x.clone();
    apply(&mut y);
    let errors = x.iter().zip(y).map(|(&x, y)| {
        let (y, exact) = (f64::from(y), exact(f64::from(x)));
        let is_too_large =
            exact.abs() > f64::from(f32::MAX) && y.is_infinite() && (y > 0.0) == (exact > 0.0);
        let error = if is_too_large {
            0.0
        } else {
            (y - exact).abs() / ulp(exact)
        };
        (if error.is_nan() { f64::INFINITY } else { error }, x)
    });
    errors.fold(
        (0.0, 0.0),
        |worst, one| if one.0 > worst.0 { one } else { worst },
    )
}

/// The distance between neighbouring `f32` around a value.
fn ulp(value: f64) -> f64 {
    let least = f64::from(f32::MIN_POSITIVE);
    let exponent = (value.abs().max(least).to_bits() >> 52) as i32 - 1023;
    2.0_f64.powi(exponent - 23)
}

/// The nanoseconds a number, of each function. They take turns, so that a change of the machine's
/// speed hits all alike.
fn times() -> Vec<f64> {
    // From −4 to 4, in an order without a pattern.
    let x: Vec<f32> = (0..NUMBERS)
        .map(|i| (i * 2_477 % NUMBERS) as f32 / (NUMBERS / 8) as f32 - 4.0)
        .collect();
    let mut y = x.clone();
    let mut turn = |apply: Option<fn(&mut [f32])>| {
        let start = Instant::now();
        for _ in 0..CALLS {
            // What is applied again and again ends in numbers that a processor is slow with.
            y.copy_from_slice(black_box(&x));
            if let Some(apply) = apply {
                apply(black_box(&mut y));
            }
            black_box(&mut y);
        }
        start.elapsed() / CALLS
    };
    let mut copy = Duration::MAX;
    let mut least = vec![Duration::MAX; FUNCTIONS.len()];
    for _ in 0..ROUNDS {
        copy = copy.min(turn(None));
        for (least, function) in least.iter_mut().zip(FUNCTIONS) {
            *least = (*least).min(turn(Some(function.apply)));
        }
    }
    let own = least.into_iter().map(|time| time.saturating_sub(copy));
    own.map(|time| time.as_secs_f64() * 1e9 / NUMBERS as f64)
        .collect()
}

/// Prints the times, for who compares them.
#[test]
#[ignore = "prints times"]
fn print_times() {
    for (function, time) in FUNCTIONS.iter().zip(times()) {
        println!("time\t{}\t{time}", function.name);
    }
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info
        .lines()
        .find_map(|line| line.strip_prefix("model name\t: "));
    name.unwrap_or("an unnamed processor").to_string()
}
