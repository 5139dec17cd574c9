use nalgebra::{SMatrix, SVector};

use super::*;
use crate::kernels::Level;

/// Weights that are all over the place.
fn some<const ROWS: usize, const COLUMNS: usize>() -> SMatrix<f32, ROWS, COLUMNS> {
    SMatrix::from_fn(|row, column| ((row * 37 + column * 101) % 64) as f32 / 128.0 - 0.25)
}

/// A step from each of two states, both with the same instructions, whatever other tests have those be.
struct Both<'a, L, S, X>(&'a L, &'a mut [S; 2], &'a X);

impl<'a, L, S, X, Y> Kernel for Both<'a, L, S, X>
where
    for<'s> Step<'s, L, S, X>: Kernel<Output = Y, First = &'s L, Second = &'s mut S, Third = &'s X>,
{
    type Output = [Y; 2];
    type First = &'a L;
    type Second = &'a mut [S; 2];
    type Third = &'a X;

    fn parts(self) -> (Self::First, Self::Second, Self::Third, Function) {
        (self.0, self.1, self.2, Function::Identity)
    }

    fn run<I: Isa>(
        isa: I,
        layer: Self::First,
        states: Self::Second,
        x: Self::Third,
        function: Function,
    ) -> [Y; 2] {
        states
            .each_mut()
            .map(|state| Step::<L, S, X>::run(isa, layer, state, x, function))
    }
}

/// Steps of a layer with so many units, with columns turned and not, give the same bits.
macro_rules! turns {
    ($test:ident, $Layer:ident, $hidden:literal, $sums:literal) => {
        #[test]
        fn $test() {
            let layer = $Layer::<f32, 1, $hidden, $sums> {
                weight_ih_l0: some(),
                weight_hh_l0: some(),
                bias_ih_l0: some(),
                bias_hh_l0: some(),
                deeper: Deeper { layers: [] },
            };
            for level in Level::available() {
                level.force();
                let mut states = [Hidden::default(), Hidden::default()];
                states[1].first.turned = true;
                for step in 0..20 {
                    let x = SVector::from([step as f32 / 8.0]);
                    let [first, second] = dispatch(Both(&layer, &mut states, &x));
                    assert_eq!(first, second, "at step {step} on {}", level.name());
                    assert_ne!(states[0].first.turned, states[1].first.turned);
                }
            }
        }
    };
}

turns!(of_two_halves, GRU, 64, 192);
turns!(with_a_middle, LSTM, 64, 256);
turns!(of_few, GRU, 5, 15);
