//! Weight files that don't fit: the error names what is wrong, and the network stays as it was.

use std::fs;

use layerwise::{WeightsError, network};
use safetensors::{Dtype, tensor::TensorView};

network! {
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
    struct Renamed = fc1: Linear(3, 2) -> ReLU -> out: Linear(2, 1);
    struct Wider = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1) -> fc3: Linear(1, 1);
    struct Turned = fc1: Linear(2, 3) -> ReLU -> fc2: Linear(3, 1);
    #[network(scalar = f64)]
    struct Double = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

/// The error of reading `bytes` into a network, which must stay as it is.
fn refused(bytes: &[u8]) -> WeightsError {
    let mut net = Net::new();
    let error = net.read_safetensors(bytes).expect_err("it does not fit");
    assert_eq!(net.to_safetensors(), Net::new().to_safetensors());
    assert_eq!(
        Net::from_safetensors(bytes).unwrap_err().to_string(),
        error.to_string()
    );
    error
}

#[test]
fn a_missing_tensor_is_named_with_its_shape_and_what_is_there() {
    let error = refused(&Renamed::new().to_safetensors());
    assert!(
        matches!(&error, WeightsError::Missing { name, expected, .. }
        if name == "fc2.weight" && expected == &[1, 2])
    );
    assert_eq!(
        error.to_string(),
        "tensor `fc2.weight` of shape [1, 2] is missing; the file has `fc1.bias`, `fc1.weight`, \
         `out.bias`, `out.weight`"
    );
}

#[test]
fn an_unexpected_tensor_is_named() {
    let error = refused(&Wider::new().to_safetensors());
    assert!(matches!(&error, WeightsError::Unexpected { name, .. } if name == "fc3.bias"));
    assert!(error.to_string().contains("`fc1.weight`, `fc1.bias`"));
}

#[test]
fn a_wrong_shape_is_shown_beside_the_right_one() {
    let error = refused(&Turned::new().to_safetensors());
    assert_eq!(
        error.to_string(),
        "tensor `fc1.weight` has shape [3, 2] in the file, but [2, 3] in the network"
    );
}

#[test]
fn a_wrong_dtype_is_named() {
    let tensor = |shape, data| TensorView::new(Dtype::I64, shape, data).unwrap();
    let zeros = [0; 6 * 8];
    let file = [
        ("fc1.weight", tensor(vec![2, 3], &zeros[..48])),
        ("fc1.bias", tensor(vec![2], &zeros[..16])),
        ("fc2.weight", tensor(vec![1, 2], &zeros[..16])),
        ("fc2.bias", tensor(vec![1], &zeros[..8])),
    ];
    let error = refused(&safetensors::serialize(file, None).unwrap());
    assert_eq!(
        error.to_string(),
        "tensor `fc1.weight` is I64 in the file, but F16, BF16, F32 or F64 can be read"
    );
}

#[test]
fn either_scalar_reads_the_other() {
    let net = Net::new();
    let double = Double::from_safetensors(&net.to_safetensors()).unwrap();
    assert_eq!(
        double.fc1.weight[(1, 2)].to_bits(),
        f64::from(net.fc1.weight[(1, 2)]).to_bits()
    );
    let back = Net::from_safetensors(&double.to_safetensors()).unwrap();
    assert_eq!(back.to_safetensors(), net.to_safetensors());
}

#[test]
fn every_truncation_is_refused() {
    let bytes = Net::new().to_safetensors();
    for len in 0..bytes.len() {
        assert!(
            matches!(refused(&bytes[..len]), WeightsError::Format { .. }),
            "{len}"
        );
    }
}

#[test]
fn a_file_is_named_in_its_errors() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nowhere.safetensors");
    let error = Net::load(&missing).unwrap_err();
    assert!(matches!(&error, WeightsError::Read { path, .. } if *path == missing));
    assert!(error.to_string().contains("nowhere.safetensors"));
    assert!(matches!(
        Net::load(folder.path()).unwrap_err(),
        WeightsError::Read { .. }
    ));

    let file = folder.path().join("turned.safetensors");
    fs::write(&file, Turned::new().to_safetensors()).unwrap();
    let message = Net::load(&file).unwrap_err().to_string();
    assert!(message.contains("turned.safetensors") && message.contains("fc1.weight"));

    let nowhere = folder.path().join("no/folder/net.safetensors");
    let error = Net::new().save(&nowhere).unwrap_err();
    assert!(matches!(error, WeightsError::Write { .. }));
}

/// A type of 16 bits, and the value of such bits.
type HalfPrecision = (Dtype, fn(u16) -> f64);

#[test]
fn every_half_precision_number_is_read_exactly() {
    network! { struct Column = Linear(65536, 1, bias = false); }
    let bits: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_le_bytes).collect();
    let rows: [HalfPrecision; 2] = [
        (Dtype::F16, |bits| half::f16::from_bits(bits).to_f64()),
        (Dtype::BF16, |bits| half::bf16::from_bits(bits).to_f64()),
    ];
    for (dtype, exact) in rows {
        let tensor = TensorView::new(dtype, vec![1, 65536], &bits).unwrap();
        let file = safetensors::serialize([("0.weight", tensor)], None).unwrap();
        let mut net = Column::boxed();
        net.read_safetensors(&file).unwrap();
        for (bits, found) in (0..=u16::MAX).zip(&net.linear0.weight) {
            let (found, exact) = (f64::from(*found), exact(bits));
            let same = found.to_bits() == exact.to_bits() || found.is_nan() && exact.is_nan();
            assert!(same, "{dtype:?} {bits:#06x}: {found} instead of {exact}");
        }
    }
}

#[test]
fn saving_replaces_a_file_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("net.safetensors");
    Net::new().save(&file).unwrap();
    Net::zeros().save(&file).unwrap();
    assert_eq!(fs::read(&file).unwrap(), Net::zeros().to_safetensors());
    // A folder in the way: the write fails, and leaves nothing behind.
    let taken = folder.path().join("taken");
    fs::create_dir_all(taken.join("inside")).unwrap();
    let error = Net::new().save(&taken).unwrap_err();
    assert!(error.to_string().contains("taken"));
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 2, "no temporary file is left");
}
