//! The table of layers and the picture that rustdoc and editors show.

use crate::ir::{Dim, Network, Stage};

/// Sizes are as they were written: a doc attribute holds no constants. The picture is an image, which
/// editors show too, where they would leave out an SVG element.
pub(crate) fn docs(network: &Network, diagram: &str) -> String {
    let (table, image) = (table(network), base64(diagram.as_bytes()));
    format!("{table}\n![The same as a picture](data:image/svg+xml;base64,{image})\n")
}

fn table(network: &Network) -> String {
    let rows: String = network.stages.iter().map(row).collect();
    format!("\n\n| stage | layer | shape | parameters |\n| --- | --- | --- | --- |\n{rows}")
}

fn row(stage: &Stage) -> String {
    let (field, written) = (&stage.field, &stage.written);
    let (input, output) = (stage.input.text(), stage.output.text());
    let cells = [
        format!("`{field}`"),
        written.clone(),
        format!("{input} → {output}"),
        tensors(stage),
    ];
    // A bar would end its cell.
    let cells = cells.map(|cell| cell.replace('|', "\\|"));
    format!("| {} |\n", cells.join(" | "))
}

/// `weight [5, 10], bias [5]`
fn tensors(stage: &Stage) -> String {
    let tensors: Vec<String> = stage
        .tensors
        .iter()
        .map(|(name, shape)| {
            let dims: Vec<String> = shape.iter().map(Dim::text).collect();
            format!("{name} \\[{}\\]", dims.join(", "))
        })
        .collect();
    tensors.join(", ")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let bits = [0, 1, 2].map(|place| usize::from(*chunk.get(place).unwrap_or(&0)));
        let bits = bits[0] << 16 | bits[1] << 8 | bits[2];
        let digit = |place: usize| char::from(DIGITS[bits >> (18 - 6 * place) & 63]);
        let len = chunk.len();
        [0, 1, 2, 3].map(|place| if place <= len { digit(place) } else { '=' })
    };
    bytes.chunks(3).flat_map(group).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_is_that_of_rfc_4648() {
        let pairs = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, encoded) in pairs {
            assert_eq!(super::base64(text.as_bytes()), encoded);
        }
        assert_eq!(super::base64(&[0xfb, 0xff]), "+/8=");
    }
}
