//! A million weight files with some bytes changed: each is read whole or refused, and a network
//! that refuses is as it was. None is read that the format's own crate refuses. The fuzzer in `fuzz`
//! goes further, and needs a nightly compiler.

use std::{fs, thread};

use layerwise::network;
use layerwise_tests::{Counting, fixture, usage};
use rand::{Rng, RngExt, SeedableRng, rngs::SmallRng, seq::IndexedRandom};
use safetensors::SafeTensors;

#[global_allocator]
static COUNTING: Counting = Counting;

network! {
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

const FILES: usize = 1_000_000;

/// What a header's numbers, names and types become.
const PIECES: [&[u8]; 16] = [
    b"0",
    b"-1",
    b"1",
    b"4",
    b"18446744073709551615",
    b"99999999999999999999",
    b"1e300",
    b"null",
    b"[]",
    b"{}",
    b"\"F64\"",
    b"\"BF16\"",
    b"\"I64\"",
    b"\"fc2.weight\"",
    b"\xff",
    b"\\u0000",
];

/// Files that torch wrote (one with its offsets changed by hand), and one of ours in the other scalar.
fn seeds() -> Vec<Vec<u8>> {
    let ui = fixture("net").with_file_name("../ui/weights");
    let mut seeds: Vec<Vec<u8>> = ["net", "half", "more", "transposed", "integers", "offsets"]
        .iter()
        .map(|name| fs::read(ui.join(format!("{name}.safetensors"))).unwrap())
        .collect();
    network! {
        #[network(scalar = f64)]
        struct Double = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
    }
    seeds.push(Double::new().to_safetensors());
    seeds
}

/// Changes a file in one to three places.
fn mutate(file: &mut Vec<u8>, rng: &mut impl Rng) {
    for _ in 0..rng.random_range(1..=3) {
        let at = rng.random_range(0..=file.len());
        let end = rng.random_range(at..=file.len().min(at + 24));
        match rng.random_range(0..8) {
            0 => file.truncate(at),
            1 => drop(file.drain(at..end)),
            2 => {
                let copy = file[at..end].to_vec();
                file.splice(at..at, copy);
            }
            // The length of the header, near the true one or far from it.
            3 if file.len() >= 8 => file[rng.random_range(0..8)] = rng.random(),
            4 if file.len() >= 8 => file[0] = file[0].wrapping_add(rng.random_range(0..16)),
            // A number, a name or a type.
            5 | 6 => {
                let piece = PIECES.choose(rng).unwrap();
                file.splice(at..end, piece.iter().copied());
            }
            _ if at < file.len() => file[at] ^= 1 << rng.random_range(0..8),
            _ => {}
        }
    }
}

/// How many files were read and how many refused.
fn run(seed: u64, files: usize) -> [usize; 2] {
    let seeds = seeds();
    let mut rng = SmallRng::seed_from_u64(seed);
    let untouched = Net::new();
    let mut net = untouched.clone();
    let mut counts = [0, 0];
    for _ in 0..files {
        let mut file = seeds.choose(&mut rng).unwrap().clone();
        mutate(&mut file, &mut rng);
        let mut result = Ok(());
        let usage = usage(|| result = net.read_safetensors(&file));
        // The header's tables take a few times what its text takes.
        let allowed = 8 * file.len() + 16 * 1024;
        assert!(usage.peak.unsigned_abs() <= allowed, "{usage:?} {file:?}");
        match result {
            Ok(()) => {
                let theirs = SafeTensors::deserialize(&file);
                assert!(theirs.is_ok(), "{file:?} was read, but is {theirs:?}");
                let mut other = Net::zeros();
                other.read_safetensors(&file).unwrap();
                let same = net.to_safetensors() == other.to_safetensors();
                assert!(same, "a part of {file:?} was read");
                net = untouched.clone();
            }
            Err(ref error) => {
                let same = net.fc1 == untouched.fc1 && net.fc2 == untouched.fc2;
                assert!(same, "{error}: {file:?}");
            }
        }
        counts[usize::from(result.is_err())] += 1;
    }
    counts
}

#[test]
fn mutated_files_are_read_whole_or_refused() {
    const PARTS: usize = 4;
    let counts = thread::scope(|scope| {
        let part = |seed| scope.spawn(move || run(seed, FILES / PARTS));
        [0, 1, 2, 3].map(part).map(|thread| thread.join().unwrap())
    });
    let [read, refused] = counts
        .iter()
        .fold([0, 0], |sum, part| [sum[0] + part[0], sum[1] + part[1]]);
    println!("{read} files were read and {refused} refused");
    assert!(read + refused == FILES && read > 0 && refused > FILES / 2);
}
