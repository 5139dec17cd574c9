//! Networks that remember against PyTorch's whole sequences, from the files that
//! `fixtures/streams.py` wrote.

use layerwise::{Keys, SVector, Scalar, network};
use layerwise_tests::{fixture, numbers, on_each_level};

/// Declares one model for both scalars and compares it with its fixture: step by step, in stretches of
/// several lengths, and in batches of streams that began at different times.
macro_rules! model {
    ($test:ident, $($chain:tt)*) => {
        model!(@of "streams", 2, $test, $($chain)*);
    };
    (@of $file:literal, $streams:literal, $test:ident, $($chain:tt)*) => {
        mod $test {
            use super::*;

            network! {
                struct Single = Stream(2) -> $($chain)*;
                #[network(scalar = f64)]
                struct Double = Stream(2) -> $($chain)*;
            }

            model!(@scalar $file, $streams, $test, f32, Single, SingleState, 1e-5);
            model!(@scalar $file, $streams, $test, f64, Double, DoubleState, 1e-13);
        }
    };
    (
        @scalar $file:literal, $streams:literal, $test:ident, $T:ident, $Net:ident, $State:ident,
        $tolerance:literal
    ) => {
        #[test]
        fn $T() {
            let name = stringify!($test);
            let prefix = format!("{name}.");
            let keys = Keys::new().prefix(&prefix);
            let net = $Net::load_with(fixture($file), keys).unwrap();
            let inputs = inputs::<$T>();
            on_each_level(|level| {
                let compare = |way, outputs: &[SVector<$T, 1>]| {
                    compare(outputs, ($file, name), $tolerance, &format!("{way}, {level:?}"));
                };
                let mut state = $State::default();
                let steps = inputs.iter().map(|x| net.step(&mut state, x));
                compare("steps", &steps.collect::<Vec<_>>());

                let mut outputs = vec![SVector::zeros(); inputs.len()];
                state.reset();
                let (mut at, mut len) = (0, 1);
                while at < inputs.len() {
                    let end = inputs.len().min(at + len);
                    net.steps(&mut state, &inputs[at..end], &mut outputs[at..end]);
                    (at, len) = (end, len * 3 % 101);
                }
                compare("stretches", &outputs);

                // The second stream begins a step after the first, and so on. Many streams go less far.
                let mut states = vec![$State::new(); $streams];
                let mut last = vec![SVector::zeros(); $streams];
                let mut columns = vec![Vec::new(); $streams];
                for step in 0..2 * inputs.len() / $streams {
                    let begun = $streams.min(step + 1);
                    let now: Vec<_> = (0..begun).map(|stream| inputs[step - stream]).collect();
                    net.step_batch(&mut states[..begun], &now, &mut last[..begun]);
                    for (column, y) in columns.iter_mut().zip(&last[..begun]) {
                        column.push(*y);
                    }
                }
                for column in columns {
                    compare("batches", &column);
                }
            });
        }
    };
}

fn inputs<T: Scalar>() -> Vec<SVector<T, 2>> {
    let numbers: Vec<T> = numbers("streams_check", "input")
        .into_iter()
        .map(T::from_f64)
        .collect();
    numbers.chunks(2).map(SVector::from_column_slice).collect()
}

fn compare<T: Scalar>(
    outputs: &[SVector<T, 1>],
    (file, name): (&str, &str),
    tolerance: f64,
    way: &str,
) {
    let expected = numbers(&format!("{file}_check"), name);
    assert_eq!(expected.len(), 1000);
    for (step, (found, expected)) in outputs.iter().zip(expected).enumerate() {
        let found = found[0].to_f64();
        let off = (found - expected).abs();
        assert!(
            off <= tolerance,
            "{name} in {way}: {found} at step {step}, not {expected}: {off:.1e} off"
        );
    }
}

model!(gru1, rnn: GRU(2, 9) -> fc: Linear(9, 1));
model!(gru1_no_bias, rnn: GRU(2, 16, bias = false) -> fc: Linear(16, 1));
model!(gru2, rnn: GRU(_, 5, num_layers = 2) -> fc: Linear(_, 1));
model!(gru2_no_bias, rnn: GRU(2, 8, num_layers = 2, bias = false) -> fc: Linear(_, 1));
model!(gru3, rnn: GRU(2, 8, num_layers = 3) -> fc: Linear(_, 1));
model!(gru3_no_bias, rnn: GRU(2, 3, num_layers = 3, bias = false) -> fc: Linear(_, 1));
model!(lstm1, rnn: LSTM(2, 9) -> fc: Linear(9, 1));
model!(lstm1_no_bias, rnn: LSTM(2, 16, bias = false) -> fc: Linear(16, 1));
model!(lstm2, rnn: LSTM(2, 5, num_layers = 2) -> fc: Linear(5, 1));
model!(lstm2_no_bias, rnn: LSTM(2, 8, num_layers = 2, bias = false) -> fc: Linear(8, 1));
model!(lstm3, rnn: LSTM(2, 8, num_layers = 3) -> fc: Linear(8, 1));
model!(lstm3_no_bias, rnn: LSTM(2, 3, num_layers = 3, bias = false) -> fc: Linear(3, 1));
model!(rnn1, rnn: RNN(2, 9) -> fc: Linear(9, 1));
model!(rnn1_no_bias, rnn: RNN(2, 16, bias = false) -> fc: Linear(16, 1));
model!(rnn2, rnn: RNN(2, 5, num_layers = 2) -> fc: Linear(5, 1));
model!(rnn2_no_bias, rnn: RNN(2, 8, num_layers = 2, bias = false) -> fc: Linear(8, 1));
model!(relu3, rnn: RNN(2, HIDDEN, num_layers = 3, nonlinearity = "relu") -> fc: Linear(HIDDEN, 1));

model!(
    conv,
    Conv1d(2, 4, 3) -> Tanh -> Conv1d(4, 2 * THREE, THREE - 1, dilation = THREE + 1, groups = THREE - 1, bias = false) -> Tanh
        -> Conv1d(_, 1, 5, dilation = 3)
);

// Of these several steps or streams go through a layer together.
model!(@of "streams_large", 18, gru, rnn: GRU(2, 28, num_layers = 2) -> fc: Linear(28, 1));
model!(@of "streams_large", 18, lstm, rnn: LSTM(2, 3 * HIDDEN, num_layers = 2) -> fc: Linear(_, 1));
model!(@of "streams_large", 18, wide, rnn: GRU(2, 40) -> fc: Linear(40, 1));

// The columns of its weights change places from step to step.
mod larger {
    use super::*;

    model!(@of "streams_larger", 3, lstm, rnn: LSTM(2, 46) -> fc: Linear(46, 1));
}

const HIDDEN: usize = 8;
const THREE: usize = 3;

network! {
    #[network(
        weights = "fixtures/streams.safetensors",
        prefix = "lstm2.",
        check = "fixtures/streams_lstm2_check.safetensors"
    )]
    struct Embedded = Stream(2) -> rnn: LSTM(2, 5, num_layers = 2) -> fc: Linear(5, 1);
    struct Deep = Stream(1) -> GRU(1, 100, num_layers = 3);
}

#[test]
fn embedded_weights_are_the_files() {
    let net = Embedded::pretrained();
    let mut state = EmbeddedState::new();
    let outputs = inputs().into_iter().map(|x| net.step(&mut state, &x));
    compare(
        &outputs.collect::<Vec<_>>(),
        ("streams", "lstm2"),
        1e-5,
        "steps",
    );
}

#[test]
fn a_saved_file_has_pytorchs_keys() {
    let bytes = Embedded::pretrained().to_safetensors();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let original = std::fs::read(fixture("streams")).unwrap();
    let original = safetensors::SafeTensors::deserialize(&original).unwrap();
    let mut names = file.names();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "fc.bias",
            "fc.weight",
            "rnn.bias_hh_l0",
            "rnn.bias_hh_l1",
            "rnn.bias_ih_l0",
            "rnn.bias_ih_l1",
            "rnn.weight_hh_l0",
            "rnn.weight_hh_l1",
            "rnn.weight_ih_l0",
            "rnn.weight_ih_l1",
        ]
    );
    for name in names {
        let (found, expected) = (
            file.tensor(name).unwrap(),
            original.tensor(&format!("lstm2.{name}")).unwrap(),
        );
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn weights_are_drawn_from_one_over_the_root_of_the_hidden_size() {
    let net = Deep::new();
    let gru = &net.gru0;
    let mut tensors = vec![
        gru.weight_ih_l0.as_slice(),
        gru.weight_hh_l0.as_slice(),
        gru.bias_ih_l0.as_slice(),
        gru.bias_hh_l0.as_slice(),
    ];
    for layer in &gru.deeper.layers {
        tensors.extend([
            layer.weight_ih.as_slice(),
            layer.weight_hh.as_slice(),
            layer.bias_ih.as_slice(),
            layer.bias_hh.as_slice(),
        ]);
    }
    for tensor in tensors {
        let largest = tensor.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(0.09 < largest && largest <= 0.1, "{largest}");
    }
    assert_eq!(
        Deep::PARAMETERS,
        300 * (1 + 100 + 2) + 2 * 300 * (100 + 100 + 2)
    );
    let state = Deep::zeros().state();
    assert_eq!(format!("{state:?}"), "DeepState { .. }");
}

network! {
    /// Shows how far a gate is open for the first number, and what a candidate is for the second.
    struct Shown = Stream(2) -> gru: GRU(2, 1, bias = false);
}

/// Against the standard library's in `f64`, over the whole range of `f32`.
#[test]
fn a_gate_is_the_logistic_function_and_a_candidate_the_hyperbolic_tangent() {
    let mut net = Shown::zeros();
    net.gru.weight_ih_l0[(1, 0)] = 1.0;
    net.gru.weight_ih_l0[(2, 1)] = 1.0;
    on_each_level(|level| {
        let show = |state: &ShownState, x: [f32; 2]| {
            let mut state = state.clone();
            let y = net.step(&mut state, &SVector::from(x))[0];
            (f64::from(y), state)
        };
        // h' = z · h + (1 − z) · n
        let (_, zero) = show(&ShownState::default(), [0.0, 0.0]);
        let (one, full) = show(&zero, [-100.0, 100.0]);
        assert!((one - 1.0).abs() < 2e-7, "{level:?}: {one}");
        let all = (0..f32::INFINITY.to_bits()).step_by(199_999);
        for x in all.map(f32::from_bits).flat_map(|x| [x, -x]) {
            let wide = f64::from(x);
            let (gate, _) = show(&full, [x, 0.0]);
            let expected = one / (1.0 + (-wide).exp());
            assert!(
                (gate - expected).abs() <= 2e-7,
                "{level:?}: a gate is {gate} at {x}"
            );
            let (candidate, _) = show(&zero, [-100.0, x]);
            let (expected, least) = (wide.tanh(), 2.0_f64.powi(-64));
            let tolerance = if wide.abs() < least {
                least
            } else {
                4e-7 * expected.abs()
            };
            assert!(
                (candidate - expected).abs() <= tolerance,
                "{level:?}: a candidate is {candidate} at {x}"
            );
        }
    });
}
