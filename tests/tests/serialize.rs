//! Networks through serde: a format that describes itself, and one that doesn't.

use layerwise::{Layer, Parameters, SVector, network};

#[derive(Clone, Parameters)]
struct Scale {
    factor: SVector<f32, 2>,
    #[parameters(constant = 2.0)]
    gain: f32,
}

impl Layer<SVector<f32, 2>> for Scale {
    type Output = SVector<f32, 2>;
    fn forward(&self, x: &SVector<f32, 2>) -> SVector<f32, 2> {
        x.component_mul(&self.factor) * self.gain
    }
}

network! {
    struct Small = fc1: Linear(3, 2) -> ReLU -> Linear(_, 1, bias = false);
    struct Net = Linear(30, 2) -> Tanh -> [Linear(2, 2) -> ReLU; 2] -> scale: Scale
        -> body: (Linear(_, 1));
    #[network(scalar = f64)]
    struct Double = fc1: Linear(3, 2);
    struct Counts = norm: BatchNorm1d(1, affine = false);
}

#[test]
fn names_are_the_fields_and_matrices_are_rows() {
    let mut net = Small::zeros();
    net.fc1.weight[(1, 2)] = 0.1;
    net.fc1.bias[0] = -0.5;
    net.linear2.weight[(0, 1)] = 3.0;
    assert_eq!(
        serde_json::to_string(&net).unwrap(),
        r#"{"fc1":{"weight":[[0.0,0.0,0.0],[0.0,0.0,0.1]],"bias":[-0.5,0.0]},"linear2":{"weight":[[0.0,3.0]]}}"#
    );
}

#[test]
fn round_trips_are_exact() {
    let net = Net::new();
    let json = serde_json::to_string(&net).unwrap();
    let read: Net = serde_json::from_str(&json).unwrap();
    assert_eq!(read.to_safetensors(), net.to_safetensors());
    assert_eq!(read.scale.gain.to_bits(), 2.0_f32.to_bits());
    let bytes = postcard::to_stdvec(&net).unwrap();
    let read: Net = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(read.to_safetensors(), net.to_safetensors());
    assert!(bytes.len() < Net::PARAMETERS * 8, "numbers are `f32`");

    let mut counts = Counts::new();
    counts.norm.num_batches_tracked = -(1 << 53);
    let json = serde_json::to_string(&counts).unwrap();
    assert_eq!(
        json,
        r#"{"norm":{"running_mean":[0.0],"running_var":[1.0],"num_batches_tracked":-9007199254740992}}"#
    );
    let read: Counts = serde_json::from_str(&json).unwrap();
    assert_eq!(read.to_safetensors(), counts.to_safetensors());
    let read: Counts = postcard::from_bytes(&postcard::to_stdvec(&counts).unwrap()).unwrap();
    assert_eq!(read.to_safetensors(), counts.to_safetensors());

    let double = Double::new();
    let json = serde_json::to_string(&double).unwrap();
    let read: Double = serde_json::from_str(&json).unwrap();
    assert_eq!(read.to_safetensors(), double.to_safetensors());
}

#[test]
fn what_is_not_the_network_is_an_error_that_says_where() {
    let good =
        r#"{"fc1":{"bias":[-0.5,0],"weight":[[1,2,3],[4,5,6]]},"linear2":{"weight":[[0,3]]}}"#;
    let net: Small = serde_json::from_str(good).unwrap();
    assert_eq!(net.fc1.weight[(1, 0)].to_bits(), 4.0_f32.to_bits());
    for (from, to, message) in [
        (
            r#""bias""#,
            r#""bios""#,
            "unknown field `fc1.bios`, expected `weight`, `bias`",
        ),
        (r#""bias":[-0.5,0],"#, "", "missing field `fc1.bias`"),
        (
            r#","linear2":{"weight":[[0,3]]}"#,
            "",
            "missing field `linear2`",
        ),
        (r#""linear2""#, r#""fc1""#, "duplicate field `fc1`"),
        (
            "[-0.5,0]",
            "[-0.5]",
            "invalid length 1, expected 2 numbers in `fc1.bias`",
        ),
        (
            "[-0.5,0]",
            "[-0.5,0,0]",
            "invalid length 3, expected 2 numbers in `fc1.bias`",
        ),
        (
            "[1,2,3],",
            "",
            "invalid length 1, expected the 2 rows of `fc1.weight`",
        ),
        (
            "[1,2,3]",
            "[1,2]",
            "invalid length 2, expected 3 numbers in `fc1.weight`",
        ),
        (
            "[1,2,3]",
            "7",
            "invalid type: integer `7`, expected 3 numbers in `fc1.weight`",
        ),
        (
            "-0.5",
            "null",
            "invalid type: null, expected a number in `fc1.bias`",
        ),
        (
            "[[0,3]]",
            "[[0],[3]]",
            "invalid length 1, expected 2 numbers in `linear2.weight`",
        ),
        (
            r#"{"bias":[-0.5,0],"weight":[[1,2,3],[4,5,6]]}"#,
            "[]",
            "expected the fields of `fc1`",
        ),
    ] {
        let bad = good.replacen(from, to, 1);
        let error = serde_json::from_str::<Small>(&bad).unwrap_err().to_string();
        assert!(
            error.starts_with(message) || error.contains(message),
            "{error}"
        );
    }
}
