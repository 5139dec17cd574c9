//! Beside the format's own crate.

use safetensors::{SafeTensors, tensor::TensorView};

use super::*;

fn tensor<'a>(name: &str, dtype: Dtype, shape: &[usize], data: &'a [u8]) -> Tensor<'a> {
    Tensor {
        name: name.to_owned(),
        dtype,
        shape: shape.to_vec(),
        data,
    }
}

#[test]
fn what_is_written_is_read_by_another() {
    let data: Vec<u8> = (0..24).collect();
    let tensors = [
        tensor("a.weight", Dtype::F32, &[2, 3], &data),
        tensor("\"\\ \u{1} é 🦀", Dtype::I64, &[], &data[..8]),
        tensor("none", Dtype::F64, &[0, 4], &[]),
    ];
    let file = write(&tensors);
    let theirs = SafeTensors::deserialize(&file).unwrap();
    let ours = File::read(&file).unwrap();
    assert_eq!((theirs.len(), ours.tensors().len()), (3, 3));
    for tensor in &tensors {
        assert_eq!(ours.tensor(&tensor.name), Some(tensor));
        let found = theirs.tensor(&tensor.name).unwrap();
        assert_eq!(
            format!("{:?}", found.dtype()),
            format!("{:?}", tensor.dtype)
        );
        assert_eq!((found.shape(), found.data()), (&*tensor.shape, tensor.data));
    }
    assert_eq!(ours.tensor("b"), None);
}

#[test]
fn files_are_those_of_another_to_the_byte() {
    let data: Vec<u8> = (0..32).collect();
    let tensors = [
        tensor("fc1.bias", Dtype::F32, &[2], &data[..8]),
        tensor("fc1.weight", Dtype::F32, &[2, 3], &data[8..]),
    ];
    let views = [
        ("fc1.weight", vec![2, 3], &data[8..]),
        ("fc1.bias", vec![2], &data[..8]),
    ];
    let views = views.map(|(name, shape, data)| {
        let view = TensorView::new(safetensors::Dtype::F32, shape, data);
        (name, view.unwrap())
    });
    assert_eq!(
        write(&tensors),
        safetensors::serialize(views, None).unwrap()
    );
}

#[test]
fn what_another_writes_is_read() {
    let data = [7; 16];
    let view = |dtype, shape: &[usize], bytes| {
        TensorView::new(dtype, shape.to_vec(), &data[..bytes]).unwrap()
    };
    let views = [
        ("b\n\u{7f}ü", view(safetensors::Dtype::BF16, &[2, 2], 8)),
        ("a", view(safetensors::Dtype::F64, &[1, 2], 16)),
        ("c", view(safetensors::Dtype::BOOL, &[3], 3)),
    ];
    let metadata = [("format".to_owned(), "p\"t".to_owned())].into();
    let file = safetensors::serialize(views, Some(metadata)).unwrap();
    let file = File::read(&file).unwrap();
    let names: Vec<&str> = file.tensors().iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["a", "b\n\u{7f}ü", "c"]);
    assert_eq!(file.tensor("a").unwrap().shape, [1, 2]);
    assert_eq!(file.tensor("c").unwrap().dtype, Dtype::BOOL);
}

/// A file of this header and so many bytes.
fn file(header: &str, bytes: usize) -> Vec<u8> {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(vec![0; bytes]);
    file
}

#[test]
fn whatever_leaves_something_open_is_refused() {
    let good = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
    assert!(File::read(&file(good, 8)).is_ok());
    for (header, bytes, fault) in [
        (good, 9, "its tensors take 8 bytes, but 9 follow the header"),
        (good, 7, "its tensors take 8 bytes, but 7 follow the header"),
        ("", 0, "its header should have `{` at byte 0"),
        ("{}x", 0, "its header should have nothing more at byte 2"),
        (
            r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
            4,
            "tensor `a` has 4 bytes, which is not the size of F32 [2]",
        ),
        (
            r#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#,
            0,
            "tensor `a` has 0 bytes, which is not the size of F32 [4294967296, 4294967296]",
        ),
        (
            r#"{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,0]}}"#,
            0,
            "tensor `a` has 0 bytes, which is not the size of F4 [1]",
        ),
        (
            r#"{"a":{"dtype":"F3","shape":[],"data_offsets":[0,0]}}"#,
            0,
            "tensor `a` has an unknown type, `F3`",
        ),
        (
            r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
            2,
            "tensor `a` does not begin where the one before it ends",
        ),
        (
            r#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
            1,
            "tensor `a` is there twice",
        ),
    ] {
        let bytes = file(header, bytes);
        assert_eq!(File::read(&bytes).unwrap_err().to_string(), fault);
        // The other accepts the last of two tensors of a name.
        let theirs = SafeTensors::deserialize(&bytes);
        assert_eq!(theirs.is_err(), !fault.contains("twice"), "{header}");
    }
    assert_eq!(File::read(&[0; 7]).unwrap_err(), Fault::Short);
    assert_eq!(
        File::read(&[255; 9]).unwrap_err(),
        Fault::HeaderTooLong(u64::MAX)
    );
    assert_eq!(
        File::read(&[9, 0, 0, 0, 0, 0, 0, 0, b'{']).unwrap_err(),
        Fault::HeaderIsCut(9)
    );
}

/// Every header that differs from a good one in one place: what is accepted is accepted by the
/// format's own crate, too, with the same meaning.
#[test]
fn nothing_is_read_that_another_refuses() {
    let good = r#"{"__metadata__":{"a":"b"},"é\u00e9\ud83e\udd80":{"dtype":"U8","shape":[1,2],"data_offsets":[0,2]},"x":{"shape":[],"dtype":"F16","data_offsets":[2,4]}}"#;
    let pieces = [
        "", "0", "-1", "1.0", "1e0", "00", " ", "\\", "\"", "{", "]", ",", ":", "null", "\n",
        "\\u0000", "\\ud800",
    ];
    let mut read = 0;
    for (at, c) in good.char_indices() {
        for piece in pieces {
            for end in [at, at + c.len_utf8()] {
                let header = format!("{}{piece}{}", &good[..at], &good[end..]);
                let bytes = file(&header, 4);
                let Ok(ours) = File::read(&bytes) else {
                    continue;
                };
                read += 1;
                let theirs = SafeTensors::deserialize(&bytes).expect(&header);
                assert_eq!(ours.tensors().len(), theirs.len(), "{header}");
                for tensor in ours.tensors() {
                    let found = theirs.tensor(&tensor.name).expect(&header);
                    assert_eq!((found.shape(), found.data()), (&*tensor.shape, tensor.data));
                }
            }
        }
    }
    assert!(read > 100, "{read}");
}

/// An `f32` has the same parts, in more bits.
#[test]
fn sixteen_bits_are_the_parts_of_an_f32() {
    let value = |dtype: Dtype, bits: u16| dtype.decoder().unwrap()(&bits.to_le_bytes());
    for bits in 0..=u16::MAX {
        let (sign, rest) = (u32::from(bits >> 15) << 31, u32::from(bits & 0x7fff) << 13);
        let scale = f32::from_bits(0x7780_0000);
        let expected = match (bits >> 10) & 0x1f {
            0x1f => f32::from_bits(sign | 0x7f80_0000 | rest),
            _ => f32::from_bits(sign | rest) * scale,
        };
        let found = value(Dtype::F16, bits);
        assert!(
            found.to_bits() == f64::from(expected).to_bits()
                || (found.is_nan() && expected.is_nan())
        );
    }
    assert_eq!(value(Dtype::BF16, 0xc040).to_bits(), (-3.0_f64).to_bits());
}

#[test]
fn files_of_other_kinds_are_named() {
    let lfs = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    let old = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.";
    for (bytes, other) in [
        (&lfs[..], Other::LfsPointer),
        (&old[..], Other::Pickle),
        (b"\x80\x05\x95\x0b\0\0\0\0\0\0\0}.", Other::Pickle),
        (b"PK\x03\x04\0\0\x08\x08\0\0", Other::Archive),
    ] {
        assert_eq!(File::read(bytes).unwrap_err(), Fault::Other(other));
    }
    // Whose length begins as a pickle does.
    let header = format!("{{{}}}", " ".repeat(638));
    let bytes = file(&header, 0);
    assert_eq!(bytes[..2], [0x80, 2]);
    assert!(File::read(&bytes).is_ok());
    assert_eq!(
        File::read(&bytes[..100]).unwrap_err(),
        Fault::HeaderIsCut(640)
    );
}

#[test]
fn a_prefix_leaves_what_is_behind_it() {
    let names = ["actor.0.weight", "actor.2.weight", "critic.0.weight", "std"];
    let tensors = names.map(|name| tensor(name, Dtype::U8, &[0], &[]));
    let bytes = write(&tensors);
    let behind = |prefix| File::read(&bytes).unwrap().behind(prefix);
    let names = |file: File<'_>| -> Vec<String> {
        let tensors = file.tensors().iter();
        tensors.map(|tensor| tensor.name.clone()).collect()
    };
    assert_eq!(names(behind("actor.").unwrap()), ["0.weight", "2.weight"]);
    assert_eq!(names(behind("").unwrap()).len(), 4);
    assert_eq!(behind("policy.").unwrap_err(), ["actor.", "critic.", "std"]);
}
