//! WAV files.

use std::{io::Read, path::Path};

use hound::{Result, SampleFormat, WavReader, WavSpec, WavWriter};

/// A sound: numbers from −1 to 1, channel by channel.
pub(crate) struct Sound {
    /// Numbers a second.
    pub(crate) rate: u32,
    pub(crate) channels: Vec<Vec<f32>>,
}

impl Sound {
    /// Reads whole numbers of 8 to 32 bits, or floats.
    pub(crate) fn read(file: impl Read) -> Result<Self> {
        let reader = WavReader::new(file)?;
        let spec = reader.spec();
        let numbers: Vec<f32> = match spec.sample_format {
            SampleFormat::Float => reader.into_samples().collect::<Result<_>>()?,
            SampleFormat::Int => {
                let loudest = 2_f32.powi(i32::from(spec.bits_per_sample) - 1);
                let numbers = reader.into_samples::<i32>();
                let numbers = numbers.map(|number| Ok(number? as f32 / loudest));
                numbers.collect::<Result<_>>()?
            }
        };
        let channels = usize::from(spec.channels);
        Ok(Self {
            rate: spec.sample_rate,
            channels: (0..channels)
                .map(|channel| {
                    numbers
                        .iter()
                        .copied()
                        .skip(channel)
                        .step_by(channels)
                        .collect()
                })
                .collect(),
        })
    }

    /// Writes other numbers in its place, with 16 bits each; what is too loud is cut off.
    pub(crate) fn write(&self, path: &Path, channels: &[Vec<f32>]) -> Result<()> {
        let spec = WavSpec {
            channels: channels.len() as u16,
            sample_rate: self.rate,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut writer = WavWriter::create(path, spec)?;
        for at in 0..channels.first().map_or(0, Vec::len) {
            for channel in channels {
                writer.write_sample((channel[at] * 32767.0) as i16)?;
            }
        }
        writer.finalize()
    }
}
