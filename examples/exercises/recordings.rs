//! What a smartwatch felt.

use std::{error::Error, io::Read};

use flate2::read::GzDecoder;
use layerwise::{SMatrix, SVector};

/// How many steps a window has, at 12.5 in a second.
pub(crate) const STEPS: usize = 64;
/// From the beginning of a window to that of the next.
const HOP: usize = 16;

/// Acceleration along x, y and z in g, and rotation about them in fifths of a radian a second, step by step.
pub(crate) type Window = SMatrix<f32, 6, STEPS>;

/// Windows, and the exercise that each is of.
#[derive(Default)]
pub(crate) struct Windows {
    pub(crate) xs: Vec<Window>,
    pub(crate) exercises: Vec<usize>,
}

#[derive(Default)]
pub(crate) struct Recordings {
    /// What is learnt from: the first three quarters of what eight people did, as they wore the watch and
    /// as they might have.
    pub(crate) seen: Windows,
    /// The last quarter.
    pub(crate) later: Windows,
    /// What two other people did.
    pub(crate) others: Windows,
}

pub(crate) fn read() -> Result<Recordings, Box<dyn Error>> {
    let mut csv = String::new();
    GzDecoder::new(include_bytes!("exercises.csv.gz").as_slice()).read_to_string(&mut csv)?;
    let mut recordings = Recordings::default();
    for line in csv.lines() {
        let columns: Vec<&str> = line.split(',').collect();
        let [person, _, exercise, numbers @ ..] = &columns[..] else {
            return Err("a line without steps".into());
        };
        let (person, exercise): (u32, usize) = (person.parse()?, exercise.parse()?);
        let numbers = numbers.iter().map(|number| number.parse());
        let steps: Vec<_> = numbers
            .collect::<Result<Vec<f32>, _>>()?
            .chunks_exact(6)
            .map(SVector::from_column_slice)
            .collect();
        let (first, last) = steps.split_at(steps.len() * 3 / 4);
        if person > 8 {
            recordings
                .others
                .add(&steps, exercise, &[as_worn(1.0, 0.0)]);
            continue;
        }
        let angles = [-0.35, 0.0, 0.35];
        let worn = [1.0, -1.0].map(|arm| angles.map(|angle| as_worn(arm, angle)));
        recordings.seen.add(first, exercise, worn.as_flattened());
        recordings.later.add(last, exercise, &[as_worn(1.0, 0.0)]);
    }
    Ok(recordings)
}

impl Windows {
    /// The windows of some steps, each once for each way to wear the watch.
    fn add(&mut self, steps: &[SVector<f32, 6>], exercise: usize, worn: &[SMatrix<f32, 6, 6>]) {
        for steps in steps.windows(STEPS).step_by(HOP) {
            let x = Window::from_columns(steps) / 50.0;
            self.xs.extend(worn.iter().map(|worn| worn * x));
            self.exercises.extend(worn.iter().map(|_| exercise));
        }
    }
}

/// What the watch feels where it is worn on the other arm (−1), whose movements are mirrored, and turned by
/// some radians about the arm.
fn as_worn(arm: f32, angle: f32) -> SMatrix<f32, 6, 6> {
    let mirrored = SMatrix::from_diagonal(&[arm, 1.0, 1.0, 1.0, arm, arm].into());
    let (sin, cos) = angle.sin_cos();
    let mut turned = SMatrix::<f32, 6, 6>::identity();
    for x in [0, 3] {
        let turn = SMatrix::from([[cos, sin], [-sin, cos]]);
        turned.fixed_view_mut::<2, 2>(x + 1, x + 1).copy_from(&turn);
    }
    mirrored * turned
}
