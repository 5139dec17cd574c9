use std::sync::Mutex;

use layerwise::{Parameters, Recurrent, SVector, network};

#[derive(Clone, Parameters)]
struct Last {}

#[derive(Clone, Default)]
struct Value(f32);

impl Recurrent<SVector<f32, 1>> for Last {
    type Output = SVector<f32, 1>;
    type State = Value;
    fn step(&self, state: &mut Value, x: &SVector<f32, 1>) -> SVector<f32, 1> {
        SVector::from([core::mem::replace(&mut state.0, x[0])])
    }
}

network! { struct Net = Stream(1) -> Last; }

static STATE: Mutex<NetState> = Mutex::new(NetState::new());
//                                         ^^^^^^^^^^^^^^^ can't be made in a constant

fn main() {
    let _ = Net::new().step(&mut STATE.lock().unwrap(), &SVector::from([1.0]));
}
