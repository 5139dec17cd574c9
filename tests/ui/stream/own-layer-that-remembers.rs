use layerwise::{Parameters, Recurrent, SVector, network};

#[derive(Clone, Parameters)]
struct Sum {}

impl Recurrent<SVector<f32, 2>> for Sum {
    type Output = SVector<f32, 2>;
    type State = SVector<f32, 2>;
    fn step(&self, state: &mut Self::State, x: &SVector<f32, 2>) -> SVector<f32, 2> {
        *state += x;
        *state
    }
}

network! {
    struct Net = Linear(4, 2) -> Sum;
    //                           ^^^ `Sum` remembers what came before | `Stream(n)`
    struct Of = Stream(3) -> Sum;
    //                       ^^^ `Sum` does not take 3 inputs of f32 | `Recurrent<SVector<f32, N>>`
    struct Fine = Stream(2) -> Sum -> Linear(2, 1);
}

fn main() {
    let _ = Net::new().forward(&SVector::from([1.0; 4]));
    let mut state = OfState::default();
    let _ = Of::new().step(&mut state, &SVector::from([1.0; 3]));
}
