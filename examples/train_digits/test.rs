//! What is killed at random moments and started again ends as what was left alone.

mod learning;
#[path = "../digits/samples.rs"]
mod samples;

use std::{
    env, fs,
    io::{BufRead, BufReader, Write, stdin},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use learning::EPOCHS;

/// How many processes are killed before one is left alone.
const KILLS: u64 = 16;
const STEPS_OF_AN_EPOCH: u64 = 23;
/// What the process that learns says after each step, before the checkpoint if there is one.
const STEP: &str = "after a step";

fn learn(folder: &Path, mut after: impl FnMut()) {
    let (seen, _) = samples::read().expect("the data is whole");
    let mut trainer = learning::begin(folder).expect("it begins, or goes on");
    learning::learn(&mut trainer, folder, &seen, |_, progress| {
        assert_eq!(progress.batches, STEPS_OF_AN_EPOCH);
        after();
    })
    .expect("checkpoints are written");
    learning::finish(trainer.model(), folder).expect("it is written");
}

/// Waits for an answer after each step, so that who kills it knows that it isn't over.
#[test]
#[ignore = "a part of the next test, in a process of its own"]
fn learn_until_killed() {
    let folder = env::var_os("LEARN_IN").expect("the next test sets it");
    learn(Path::new(&folder), || {
        eprintln!("{STEP}");
        let answer = stdin().read_line(&mut String::new());
        assert_eq!(answer.expect("somebody is there"), 1);
    });
}

/// Starts a process that learns and gives the number of its steps. It is killed so long after such a step,
/// or lives until it has learnt.
fn life(folder: &Path, killed: Option<(u64, Duration)>) -> u64 {
    let mut child = Command::new(env::current_exe().expect("it has a path"))
        .args(["--ignored", "--exact", "learn_until_killed", "--nocapture"])
        .env("LEARN_IN", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut answers = child.stdin.take().expect("it is piped");
    let mut said = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let (last, wait) = killed.unwrap_or((u64::MAX, Duration::ZERO));
    let mut steps = 0;
    while steps < last {
        match said.next().transpose().expect("it is text") {
            Some(line) if line == STEP => answers.write_all(b"\n").expect("it waits"),
            Some(line) => panic!("{line}"),
            None => break,
        }
        steps += 1;
    }
    thread::sleep(wait);
    if killed.is_some() {
        child.kill().expect("it is there");
    }
    let status = child.wait().expect("it ends");
    assert_eq!(status.success(), killed.is_none(), "{status}");
    steps
}

/// Among what Cargo keeps for tests, without what was left of another run.
fn empty_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("train_digits")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("it is ours");
    }
    fs::create_dir_all(&folder).expect("there is room");
    folder
}

#[test]
fn killed_at_random_moments_it_ends_with_the_same_bits() {
    let [alone, killed] = ["alone", "killed"].map(empty_folder);
    let weights = |folder: &Path| fs::read(learning::weights(folder)).expect("it was written");
    learn(&alone, || {});

    let mut random = 15_u64;
    let mut below = |limit| {
        // Marsaglia's xorshift.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % limit
    };
    let mut steps = 0;
    for kill in 0..KILLS {
        // Every other time while a checkpoint is written, or about then.
        let more = if kill % 2 == 0 {
            below(STEPS_OF_AN_EPOCH)
        } else {
            0
        };
        let last = STEPS_OF_AN_EPOCH * below(4) + more;
        let wait = Duration::from_micros(below(4000));
        steps += life(&killed, Some((last, wait)));
    }
    let needed = EPOCHS * STEPS_OF_AN_EPOCH;
    let last = life(&killed, None);
    assert!(last < needed, "it goes on at a checkpoint");
    assert!(steps + last > needed, "steps were lost and made again");
    assert!(weights(&alone) == weights(&killed));
}
