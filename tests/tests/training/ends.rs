//! What a network ends in, by which losses refuse it.

use layerwise::{
    Layer, LogSoftmax, Network, Parameters, SVector, Sigmoid, network, train::ends::Other,
};

mod own {
    use super::{Layer, Parameters, SVector};

    /// What has a built-in layer's name, and is somebody's own.
    #[derive(Clone, Parameters)]
    pub(super) struct Softmax;

    impl Layer<SVector<f32, 3>> for Softmax {
        type Output = SVector<f32, 3>;
        fn forward(&self, x: &SVector<f32, 3>) -> SVector<f32, 3> {
            x * 2.0
        }
    }

    /// What does anything with a network.
    #[derive(Clone, Parameters)]
    pub(super) struct Twice(super::Soft);

    impl Layer<SVector<f32, 3>> for Twice {
        type Output = SVector<f32, 3>;
        fn forward(&self, x: &SVector<f32, 3>) -> SVector<f32, 3> {
            self.0.forward(x) * 2.0
        }
    }
}

network! { pub struct Soft = Linear(3, 3) -> Softmax; }
network! {
    struct Nested = Linear(2, 3) -> Soft;
    struct Twice = nested: Nested -> Identity;
    struct Repeated = Linear(2, 3) -> [Soft; 2];
    struct Dropped = Linear(2, 3) -> LogSoftmax -> (Identity -> Dropout(p = 0.1));
    struct Flat = Input(2, 3) -> Softmax(dim = 1) -> Flatten;
    struct Block = head: (Linear(2, 3) -> body: (Linear(3, 3) -> Sigmoid));

    struct Before = Soft -> Linear(3, 3);
    struct Added = Linear(2, 3) -> Residual(Linear(3, 3) -> Softmax);
    struct Joined = Linear(2, 3) -> Concat(Softmax, Linear(3, 3) -> Softmax);
    struct OwnName = Linear(2, 3) -> own::Softmax;
    struct OwnWay = Linear(2, 3) -> own::Twice;
    struct Nothing = Input(3) -> Dropout(p = 0.5);
}

const fn ends_in<N: Network<End = End>, End>() {}

const _: () = {
    ends_in::<Soft, layerwise::Softmax>();
    ends_in::<Nested, layerwise::Softmax>();
    ends_in::<Twice, layerwise::Softmax>();
    ends_in::<Repeated, layerwise::Softmax>();
    ends_in::<Dropped, LogSoftmax>();
    ends_in::<Flat, layerwise::Softmax>();
    ends_in::<Block, Sigmoid>();

    ends_in::<Before, Other>();
    ends_in::<Added, Other>();
    ends_in::<Joined, Other>();
    ends_in::<OwnName, Other>();
    ends_in::<OwnWay, Other>();
    ends_in::<Nothing, Other>();
};
