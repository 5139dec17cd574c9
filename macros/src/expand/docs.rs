//! The table of layers that rustdoc and editors show.

use crate::ir::{Dim, Network, Stage};

/// Sizes are as they were written: a doc attribute holds no constants.
pub(crate) fn table(network: &Network) -> String {
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
