use layerwise::{Parameters, SVector};

#[derive(Clone, Copy, Parameters)]
#[repr(C, packed(2))]
//        ^^^^^^^^^ tensors are not aligned in a packed struct | leave `packed` out
struct Scale {
    factor: SVector<f32, 5>,
}

fn main() {}
