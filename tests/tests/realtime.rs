//! What a thread that makes sound asks of a step: the same numbers where the host has set flush-to-zero,
//! and not a single call of the system.
#![allow(unsafe_code, reason = "a register, and a process of its own")]

use layerwise::{Keys, SVector, network};
use layerwise_tests::{fixture, on_each_level};

network! {
    struct Gru = Stream(2) -> rnn: GRU(2, 16, bias = false) -> fc: Linear(16, 1);
    struct Deep = Stream(2) -> rnn: GRU(2, 8, num_layers = 2, bias = false) -> fc: Linear(8, 1);
    struct Lstm = Stream(2) -> rnn: LSTM(2, 16, bias = false) -> fc: Linear(16, 1);
    struct Rnn = Stream(2) -> rnn: RNN(2, 16, bias = false) -> fc: Linear(16, 1);
    struct Wave = Stream(2) -> Conv1d(2, 8, 1)
        -> Residual(
            Multiply(
                Conv1d(8, 8, 2, dilation = 4) -> Tanh,
                Conv1d(8, 8, 2, dilation = 4) -> Sigmoid
            ) -> Linear(8, 8)
        )
        -> LayerNorm(8) -> LSTM(8, 9) -> Softmax;
}

#[cfg(target_arch = "x86_64")]
mod flushed {
    use std::arch::asm;

    use layerwise_tests::numbers;

    use super::*;

    /// The bits of MXCSR by which a processor takes what is smaller than normal numbers for zero:
    /// flush-to-zero, and denormals-are-zero.
    const BITS: u32 = 1 << 15 | 1 << 6;

    fn get() -> u32 {
        let mut register = 0_u32;
        // SAFETY: it writes the register's four bytes.
        unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut register, options(nostack)) };
        register
    }

    fn set(register: u32) {
        // SAFETY: it reads four bytes, which came from `get` but for those bits.
        unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const register, options(nostack)) };
    }

    #[inline(never)]
    fn out_of_line<R>(run: impl FnOnce() -> R) -> R {
        run()
    }

    /// What `run` gives as ever, and as many hosts have it.
    fn both<R>(mut run: impl FnMut() -> R) -> [R; 2] {
        let as_ever = run();
        let before = get();
        set(before | BITS);
        let flushed = out_of_line(run);
        set(before);
        [as_ever, flushed]
    }

    macro_rules! dies_away {
        ($test:ident, $Net:ident) => {
            #[test]
            fn $test() {
                let name = concat!(stringify!($test), "_no_bias");
                let prefix = format!("{name}.");
                let net = $Net::load_with(fixture("streams"), Keys::new().prefix(&prefix)).unwrap();
                let inputs: Vec<_> = numbers("streams_decay", "input")
                    .chunks(2)
                    .map(|x| SVector::from([x[0] as f32, x[1] as f32]))
                    .collect();
                let expected = numbers("streams_decay", name);
                assert_eq!((inputs.len(), expected.len()), (1200, 1200));
                on_each_level(|level| {
                    let [as_ever, flushed] = both(|| {
                        let mut state = net.state();
                        let outputs = inputs.iter().map(|x| net.step(&mut state, x)[0]);
                        let steps: Vec<f32> = outputs.collect();
                        let mut stretch = vec![SVector::zeros(); inputs.len()];
                        net.steps(&mut net.state(), &inputs, &mut stretch);
                        (steps, stretch)
                    });
                    for (way, (steps, stretch)) in [("as ever", as_ever), ("flushed", flushed)] {
                        let outputs = steps.iter().zip(&stretch).zip(&expected);
                        for (at, ((step, stretch), expected)) in outputs.enumerate() {
                            for found in [*step, stretch[0]] {
                                let off = (f64::from(found) - expected).abs();
                                assert!(off <= 1e-5, "{way}, {level:?}, step {at}: {off:.1e} off");
                            }
                        }
                    }
                });
            }
        };
    }

    dies_away!(gru1, Gru);
    dies_away!(gru2, Deep);
    dies_away!(lstm1, Lstm);
    dies_away!(rnn1, Rnn);
}

/// A process of its own asks the system to kill it at its next call, takes its steps, and ends.
#[cfg(target_os = "linux")]
#[test]
fn a_step_calls_nothing_of_the_system() {
    /// What the child exits with.
    const RIGHT: i32 = 0;
    const WRONG: i32 = 1;
    const NOT_HERE: i32 = 2;

    fn steps(net: &Wave) -> [SVector<f32, 9>; 2] {
        let mut states = [WaveState::new(), WaveState::new()];
        let mut outputs = [SVector::zeros(); 2];
        for step in 0..2_000 {
            let x = SVector::from([(step % 100) as f32 / 50.0 - 1.0, 0.5]);
            match step % 3 {
                0 => outputs[0] = net.step(&mut states[0], &x),
                1 => net.steps(&mut states[0], &[x; 2], &mut outputs),
                _ => net.step_batch(&mut states, &[x; 2], &mut outputs),
            }
        }
        outputs
    }

    let net = Wave::new();
    on_each_level(|level| {
        let expected = steps(&net);
        // SAFETY: the child has this thread only, and does nothing that needs another; it ends before
        // anything is dropped.
        let status = unsafe {
            let child = libc::fork();
            assert!(child >= 0, "no process");
            if child == 0 {
                let code = if libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_STRICT) != 0 {
                    NOT_HERE
                } else if steps(&net) == expected {
                    RIGHT
                } else {
                    WRONG
                };
                // `exit_group`, which is how processes end otherwise, would be killed too.
                libc::syscall(libc::SYS_exit, code);
            }
            let mut status = 0;
            assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
            status
        };
        assert!(
            !libc::WIFSIGNALED(status),
            "it called the system, {level:?}"
        );
        match libc::WEXITSTATUS(status) {
            NOT_HERE => eprintln!("skipped: this system has no such mode"),
            code => assert_eq!(code, RIGHT, "its numbers are others, {level:?}"),
        }
    });
}
