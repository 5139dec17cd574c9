//! The handwriting.

use std::{error::Error, io::Read};

use flate2::read::GzDecoder;
use layerwise::SVector;

/// 8 × 8 pixels, row by row, from 0 (white) to 1 (black).
pub(crate) type Pixels = SVector<f32, 64>;

/// An image and the digit that its writer meant.
pub(crate) struct Sample {
    pub(crate) pixels: Pixels,
    pub(crate) label: usize,
}

/// What is learnt from, and every fifth row, which isn't.
pub(crate) fn read() -> Result<(Vec<Sample>, Vec<Sample>), Box<dyn Error>> {
    let mut csv = String::new();
    GzDecoder::new(include_bytes!("digits.csv.gz").as_slice()).read_to_string(&mut csv)?;
    let (mut seen, mut unseen) = (Vec::new(), Vec::new());
    for (row, line) in csv.lines().enumerate() {
        let (pixels, label) = line.rsplit_once(',').ok_or("a row without a label")?;
        let pixels = pixels
            .split(',')
            .map(str::parse)
            .collect::<Result<Vec<f32>, _>>()?;
        if pixels.len() != Pixels::zeros().len() {
            return Err(format!("a row of {} pixels", pixels.len()).into());
        }
        let sample = Sample {
            pixels: Pixels::from_column_slice(&pixels) / 16.0,
            label: label.parse()?,
        };
        if row % 5 == 4 {
            unseen.push(sample);
        } else {
            seen.push(sample);
        }
    }
    Ok((seen, unseen))
}
