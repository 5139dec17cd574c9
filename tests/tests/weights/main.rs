//! Weight files that don't fit: the error names what is wrong, and the network stays as it was.

mod checkpoints;

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

/// What IEEE 754 says of a binary number with so many bits of exponent and mantissa.
fn by_definition(bits: u16, exponent_bits: i32, mantissa_bits: i32) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let mantissa = f64::from(bits & ((1 << mantissa_bits) - 1));
    let exponent = i32::from(bits >> mantissa_bits) & ((1 << exponent_bits) - 1);
    let last = (1 << exponent_bits) - 1;
    let shift = (1 << (exponent_bits - 1)) - 1 + mantissa_bits;
    let implicit = 2.0_f64.powi(mantissa_bits);
    sign * match exponent {
        0 => mantissa * 2.0_f64.powi(1 - shift),
        _ if exponent == last && mantissa == 0.0 => f64::INFINITY,
        _ if exponent == last => f64::NAN,
        _ => (implicit + mantissa) * 2.0_f64.powi(exponent - shift),
    }
}

#[test]
fn every_half_precision_number_is_read_exactly() {
    network! { struct Column = Linear(65536, 1, bias = false); }
    let bits: Vec<u8> = (0..=u16::MAX).flat_map(u16::to_le_bytes).collect();
    for (dtype, exponent_bits, mantissa_bits) in [(Dtype::F16, 5, 10), (Dtype::BF16, 8, 7)] {
        let tensor = TensorView::new(dtype, vec![1, 65536], &bits).unwrap();
        let file = safetensors::serialize([("0.weight", tensor)], None).unwrap();
        let mut net = Column::boxed();
        net.read_safetensors(&file).unwrap();
        for (bits, found) in (0..=u16::MAX).zip(&net.linear0.weight) {
            let (found, exact) = (
                f64::from(*found),
                by_definition(bits, exponent_bits, mantissa_bits),
            );
            let same = found.to_bits() == exact.to_bits() || found.is_nan() && exact.is_nan();
            assert!(same, "{dtype:?} {bits:#06x}: {found} instead of {exact}");
        }
    }
}

#[test]
fn bytes_that_are_no_file_say_how() {
    let good = Net::new().to_safetensors();
    let with_length = |length: u64| [&length.to_le_bytes(), &good[8..]].concat();
    let with = |from: &str, to: &str| {
        let header = String::from_utf8(good[8..good.len() - 44].to_vec()).unwrap();
        let header = header.replacen(from, to, 1).trim_end().to_owned();
        let length = (header.len() as u64).to_le_bytes();
        [&length, header.as_bytes(), &good[good.len() - 44..]].concat()
    };
    assert!(Net::from_safetensors(&with("", "")).is_ok());
    for (bytes, message) in [
        (Vec::new(), "(0 bytes): the length of the header is missing"),
        (
            b"fc1.weight = 1, 2, 3".to_vec(),
            "(20 bytes): its first eight bytes, 7451598621011698534, are no length of a header",
        ),
        (with_length(1 << 20), "its header of 1048576 bytes is cut"),
        (with_length(7), "its header should have"),
        (with_length(u64::MAX), "are no length of a header"),
        (
            with("[0,8]", "[4,8]"),
            "tensor `fc1.bias` does not begin where the one before it ends",
        ),
        (
            with("[0,8]", "[0,800]"),
            "tensor `fc1.bias` has 800 bytes, which is not the size of F32 [2]",
        ),
        (
            with("[2,3]", "[18446744073709551615,3]"),
            "which is not the size of F32 [18446744073709551615, 3]",
        ),
        (
            with("[2,3]", "[3,3]"),
            "tensor `fc1.weight` has 24 bytes, which is not the size of F32 [3, 3]",
        ),
        (
            good[..good.len() - 1].to_vec(),
            "its tensors take 44 bytes, but 43 follow the header",
        ),
        (
            [&good[..], b"x"].concat(),
            "its tensors take 44 bytes, but 45 follow the header",
        ),
    ] {
        let error = refused(&bytes);
        assert!(matches!(error, WeightsError::Format { .. }));
        let text = error.to_string();
        assert!(
            text.starts_with("not a complete safetensors file") && text.contains(message),
            "{text}"
        );
    }
}

#[test]
fn files_of_other_kinds_are_named() {
    let lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    let python = "from safetensors.torch import save_file; \
        save_file(torch.load(\"model.pt\", weights_only=True), \"model.safetensors\")";
    for (bytes, what, help) in [
        (&lfs[..], "it is a Git LFS pointer", "`git lfs pull`"),
        (
            b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.",
            "it is a pickle",
            python,
        ),
        (
            b"PK\x03\x04\0\0\x08\x08\0\0",
            "it is a zip archive, as `torch.save` writes",
            python,
        ),
    ] {
        let error = refused(bytes);
        assert!(matches!(error, WeightsError::Format { .. }));
        let text = error.to_string();
        assert!(text.contains(what) && text.contains(help), "{text}");
    }
}

/// Saves a network where the system allows no file of its size. `SAVE_TO` names the file.
#[test]
#[ignore = "a part of the next test, in a process of its own"]
fn save_beyond_the_limit() {
    network! { struct Wide = Linear(300, 300); }
    let path = std::env::var_os("SAVE_TO").expect("the next test sets it");
    let error = Wide::boxed().save(path).expect_err("there is no room");
    assert!(matches!(error, WeightsError::Write { .. }));
}

#[cfg(unix)]
#[test]
fn neither_a_crash_nor_a_full_disk_harms_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("net.safetensors");
    Net::new().save(&file).unwrap();
    // The signal kills the process amid the write; where it is ignored, the write fails.
    for (limit, is_killed) in [("ulimit -f 8", true), ("ulimit -f 8; trap '' XFSZ", false)] {
        let child = std::process::Command::new("sh")
            .args(["-c", &format!("{limit}; exec \"$0\" --ignored save_beyond")])
            .arg(std::env::current_exe().unwrap())
            .env("SAVE_TO", &file)
            .output()
            .unwrap();
        assert_eq!(child.status.success(), !is_killed, "{child:?}");
        assert_eq!(fs::read(&file).unwrap(), Net::new().to_safetensors());
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, if is_killed { 2 } else { 1 }, "what was begun");
        for rest in fs::read_dir(folder.path()).unwrap() {
            let path = rest.unwrap().path();
            if path != file {
                fs::remove_file(path).unwrap();
            }
        }
    }
}

/// In a container that starts again, a process has the number of the one that was killed.
#[test]
fn what_a_killed_process_began_is_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("net.safetensors");
    for number in 0..1000 {
        let part = format!("net.safetensors.{}-{number}.part", std::process::id());
        fs::write(folder.path().join(part), "begun").unwrap();
    }
    Net::new().save(&file).unwrap();
    assert_eq!(fs::read(&file).unwrap(), Net::new().to_safetensors());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1001);
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
