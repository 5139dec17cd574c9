use nalgebra::{SMatrix, SVector};

use super::*;
use crate::kernels::dispatch::on_each_level;

/// Weights that are all over the place.
fn some<T: Scalar, const ROWS: usize, const COLUMNS: usize>() -> SMatrix<T, ROWS, COLUMNS> {
    SMatrix::from_fn(|row, column| {
        T::from_f64(((row * 37 + column * 101) % 64) as f64 / 128.0 - 0.25)
    })
}

/// Steps of a layer with so many units, with columns turned and not, give the same bits; and columns do turn.
macro_rules! turns {
    ($test:ident, $Layer:ident<$T:ident, $hidden:literal, $sums:literal>, $edge:literal) => {
        #[test]
        fn $test() {
            let edge = Cell::<$T, $hidden>::edge($sums / $hidden);
            assert_eq!(edge, $edge);
            let layer = $Layer::<$T, 1, $hidden, $sums> {
                weight_ih_l0: some(),
                weight_hh_l0: some(),
                bias_ih_l0: some(),
                bias_hh_l0: some(),
                deeper: Deeper { layers: [] },
            };
            on_each_level(|level| {
                let mut states = [Hidden::default(), Hidden::default()];
                states[1].first.turned = true;
                for step in 0..20_i16 {
                    let x = SVector::from([$T::from(step) / 8.0]);
                    let [first, second] = states.each_mut().map(|state| layer.step(state, &x));
                    assert_eq!(first, second, "at step {step} on {}", level.name());
                    assert_ne!(states[0].first.turned, states[1].first.turned);
                }
            });
        }
    };
}

turns!(two_halves, GRU<f32, 64, 192>, 32);
turns!(two_halves_in_narrow_registers, GRU<f32, 72, 216>, 28);
turns!(ends_and_a_middle, LSTM<f32, 64, 256>, 24);
turns!(ends_and_a_middle_of_f64, LSTM<f64, 46, 184>, 16);
turns!(units_alone, GRU<f32, 40, 120>, 0);
