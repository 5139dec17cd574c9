//! The table: an `id` and eight columns of numbers, which depend on nothing but their place.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};

use datafusion::{
    arrow::{
        array::{ArrayRef, Float32Array, Int64Array},
        datatypes::{DataType, Field, Schema},
        record_batch::RecordBatch,
    },
    error::Result,
    parquet::{arrow::ArrowWriter, basic::Encoding, file::properties::WriterProperties},
};

use crate::COLUMNS;

/// So many rows are a row group, the part of a file that can be read alone.
const GROUP: usize = 1 << 16;

const NAMES: [&str; COLUMNS] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// Any number's successor in a sequence without order (SplitMix64).
pub fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Column `i` of `rows` rows from the row `start` on: numbers from −1 to 1.
pub fn column(i: usize, start: usize, rows: usize) -> Vec<f32> {
    (start..start + rows)
        .map(|row| (mix((row * COLUMNS + i) as u64) >> 40) as f32 / (1 << 23) as f32 - 1.0)
        .collect()
}

/// Where the table of so many rows is, which is written where it isn't.
pub fn file(rows: usize) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/rows");
    let path = folder.join(format!("{rows}.parquet"));
    if !path.exists() {
        fs::create_dir_all(&folder)?;
        // Under its name there is nothing but a whole table.
        let unfinished = path.with_extension("unfinished");
        write(&unfinished, rows)?;
        fs::rename(&unfinished, &path)?;
    }
    Ok(path)
}

fn write(path: &Path, rows: usize) -> Result<()> {
    let mut fields = vec![Field::new("id", DataType::Int64, false)];
    fields.extend(NAMES.map(|name| Field::new(name, DataType::Float32, false)));
    let schema = Arc::new(Schema::new(fields));
    // Numbers without order have nothing that a dictionary could gather; of those in a row only the differences
    // are written, which a fifth of the file would be otherwise.
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_column_encoding("id".into(), Encoding::DELTA_BINARY_PACKED)
        .set_max_row_group_row_count(Some(GROUP))
        .build();
    let mut writer = ArrowWriter::try_new(File::create(path)?, schema.clone(), Some(properties))?;
    for start in (0..rows).step_by(GROUP) {
        let size = GROUP.min(rows - start);
        let ids = (start as i64..(start + size) as i64).collect::<Vec<_>>();
        let mut columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(ids))];
        for i in 0..COLUMNS {
            columns.push(Arc::new(Float32Array::from(column(i, start, size))));
        }
        writer.write(&RecordBatch::try_new(schema.clone(), columns)?)?;
    }
    writer.close()?;
    Ok(())
}
