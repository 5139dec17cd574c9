//! What a user's crate has of networks of each kind: small and middling ones, which are compiled here
//! with their sizes, and larger ones, which call the library's kernels.

use layerwise::{SVector, network};

network! {
    struct Seed = Linear(10, 5) -> ReLU -> Linear(5, 1);
    struct SeedSoftmax = Linear(10, 5) -> Linear(5, 3) -> Softmax;
    #[network(scalar = f64)]
    struct Doubles = Linear(3, 8) -> Tanh -> [Linear(8, 8) -> Sigmoid; 1];
    struct Mnist = Linear(784, 128) -> ReLU -> Linear(128, 64) -> ReLU -> Linear(64, 10) -> Softmax;
    struct Policy = Linear(17, 256) -> Tanh -> [Linear(256, 256) -> Tanh; 2] -> Linear(256, 6);
    struct Mid = Linear(64, 64, bias = false) -> Sigmoid -> body: (Linear(64, 64) -> LeakyReLU) -> Linear(64, 1);
}

macro_rules! calls {
    ($($Net:ident $T:ident $one:ident $many:ident;)*) => {
        $(
            #[unsafe(no_mangle)]
            pub fn $one(net: &$Net, x: &SVector<$T, { $Net::INPUTS }>) -> SVector<$T, { $Net::OUTPUTS }> {
                net.forward(x)
            }

            #[unsafe(no_mangle)]
            pub fn $many(
                net: &$Net,
                x: &[SVector<$T, { $Net::INPUTS }>],
                y: &mut [SVector<$T, { $Net::OUTPUTS }>],
            ) {
                net.forward_batch(x, y);
            }
        )*
    };
}

calls! {
    Seed f32 seed seeds;
    SeedSoftmax f32 seed_softmax seed_softmaxes;
    Doubles f64 doubles many_doubles;
    Mnist f32 mnist mnists;
    Policy f32 policy policies;
    Mid f32 mid mids;
}
