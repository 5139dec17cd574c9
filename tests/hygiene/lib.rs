//! Declarations in a crate that renamed the dependency, has no prelude, shadows whatever has a
//! name, and denies every lint: what the macros expand to must not mind.
#![no_implicit_prelude]
#![deny(warnings, missing_docs, clippy::pedantic, unreachable_pub, unused)]
#![forbid(unsafe_code)]

/// A declaration as it stands in most programs.
pub mod plain {
    ::nn::network! {
        /// Documented.
        pub struct Net = fc1: Linear(10, 5) -> ReLU -> fc2: Linear(5, 1);

        pub struct Undocumented = Linear(2, WIDTH) -> LeakyReLU(0.1) -> Linear(_, 2) -> Softmax(dim = 1);

        pub struct Nested = encoder: (Linear(4, 10, bias = false) -> Tanh) -> Net -> [Linear(1, 1); 2];

        struct Unused = Linear(1, 1);

        #[network(
            weights = "../ui/weights/net.safetensors",
            check = "../ui/weights/net_check.safetensors",
            tolerance = 1,
        )]
        pub struct Embedded = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);

        #[network(weights = "../ui/weights/net.safetensors")]
        struct EmbeddedAndUnused = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
    }

    /// A size.
    pub const WIDTH: ::core::primitive::usize = 3;
}

/// Everything that generated code could name by mistake.
pub mod shadowed {
    #![allow(
        non_camel_case_types,
        dead_code,
        reason = "they are there to be in the way"
    )]

    macro_rules! shadow {
        ($($name:ident)*) => { $(struct $name;)* };
    }
    shadow! {
        Vec Option Some None Result Ok Err Box String Clone Debug Default Copy Sized Fn Into From
        core std alloc f32 f64 usize isize u8 bool str char
        ReLU ReLU6 LeakyReLU Sigmoid Tanh Softmax Identity Linear Input NoBias
        Layer Parameters Network Value Layout Field Stage Tensor Path Visitor VisitorMut Scalar
        SVector SMatrix nalgebra layerwise Probe Size Otherwise check init summary weights
    }
    ::nn::network! {
        /// All layers, none of them those above.
        pub struct Net = Input(3) -> ReLU -> ReLU6 -> LeakyReLU -> Sigmoid -> Tanh -> Linear(3, 4)
            -> block: (Identity -> Softmax) -> [Linear(_, 4) -> ReLU; 2] -> Linear(4, { 1 + 1 });

        /// The other scalar, and weights.
        #[network(
            scalar = f64,
            weights = "../ui/weights/net.safetensors",
            check = "../ui/weights/net_check.safetensors",
        )]
        pub struct Embedded = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);

        /// The other scalar.
        #[network(scalar = f64)]
        pub struct Double = Linear(3, 4) -> ReLU;
    }
}

/// A layer of one's own.
pub mod own {
    use ::core::clone::Clone;

    /// Multiplies each feature by a factor of its own.
    #[derive(Clone, ::nn::Parameters)]
    #[parameters(crate = ::nn)]
    pub struct Scale {
        /// The factors.
        pub factor: ::nn::SVector<f32, 5>,
        /// Not trained.
        #[parameters(constant = 2.0)]
        pub gain: f32,
    }

    impl ::nn::Layer<::nn::SVector<f32, 5>> for Scale {
        type Output = ::nn::SVector<f32, 5>;
        fn forward(&self, x: &::nn::SVector<f32, 5>) -> ::nn::SVector<f32, 5> {
            x.component_mul(&self.factor) * self.gain
        }
    }

    ::nn::network! {
        /// With the layer above.
        pub struct Net = Linear(2, 5) -> Scale -> Linear(_, 1);
    }
}

/// The output of networks that are declared where statements are.
#[must_use]
pub fn in_a_function() -> f32 {
    const WIDTH: usize = 5;
    ::nn::network! {
        struct Local = Linear(2, WIDTH) -> Tanh;
    }
    let unnamed = ::nn::network!(< Linear(5, 4) -> ReLU -> Linear(_, 1) >);
    unnamed.forward(&Local::new().forward(&::nn::SVector::from_element(0.5)))[0]
}

#[cfg(test)]
mod tests {
    use ::core::{assert, assert_eq};

    #[test]
    fn what_compiles_also_runs() {
        assert!(crate::in_a_function().is_finite());
        assert_eq!(crate::plain::Nested::PARAMETERS, 40 + 61 + 4);
        let x = ::nn::SVector::from_element(1.0);
        assert_eq!(crate::shadowed::Net::new().forward(&x).len(), 2);
        assert!(crate::plain::Embedded::pretrained().fc1.bias[0].is_finite());
        assert!(crate::shadowed::Embedded::pretrained().fc1.bias[0].is_finite());
        assert!(crate::own::Net::zeros().forward(&::nn::SVector::zeros())[0].abs() < 1e-9);
    }
}
