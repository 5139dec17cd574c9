//! The methods and constants of every network, in terms of its traits. They are written here and
//! not in the procedural macro so that they can follow this crate's features; in expanded code,
//! `cfg(feature = …)` would ask for those of the user's crate.

/// `(attributes) Net, "Net", (input's type) (output's type), inputs, outputs, "<svg …"`: the inherent
/// items of one network.
#[doc(hidden)]
#[macro_export]
macro_rules! __network_api {
    (
        $cfg:tt $Net:ident, $name:literal, ($X:ty) ($Y:ty), $I:expr, $O:expr, $diagram:literal
    ) => {
        $crate::__network_core! { $cfg $Net, $name, $I, $O, $diagram }
        $crate::__network_layer! { $cfg $Net, $X, $Y }
        $crate::__network_std! { $cfg $Net }
        $crate::__network_rayon! { $cfg $Net, $X, $Y }
        $crate::__network_serde! { $cfg $Net }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __network_core {
    (
        ($(#[$cfg:meta])*) $Net:ident, $name:literal, $I:expr, $O:expr, $diagram:literal
    ) => {
        $(#[$cfg])*
        impl $Net {
            /// How many numbers enter.
            pub const INPUTS: $crate::__private::usize = $I;

            /// How many numbers leave.
            pub const OUTPUTS: $crate::__private::usize = $O;

            /// How many numbers are trained.
            pub const PARAMETERS: $crate::__private::usize =
                <Self as $crate::Parameters>::LAYOUT.parameters();

            /// How many multiply-accumulates one sample takes: one for each number of a matrix,
            /// so `Linear(i, o)` has i · o, and activations and normalisations none. For a layer
            /// of one's own it is an estimate.
            pub const MACS: $crate::__private::usize =
                <Self as $crate::Parameters>::LAYOUT.macs();

            /// How many bytes a network takes in memory: its tensors, and what it holds beside
            /// them, such as options.
            pub const BYTES: $crate::__private::usize = $crate::__private::size_of::<Self>();

            /// A picture of the network, as an SVG file; sizes are as they were written.
            // By a call, since rustdoc would show the text of a literal.
            pub const DIAGRAM: &'static $crate::__private::str =
                $crate::__private::identity($diagram);

            /// The table of layers, shapes and parameter counts.
            #[allow(long_running_const_eval, reason = "of a network with thousands of layers")]
            pub const SUMMARY: &'static $crate::__private::str = {
                const LAYOUT: $crate::Layout = <$Net as $crate::Parameters>::LAYOUT;
                const SIZES: $crate::__private::summary::Sizes =
                    $crate::__private::summary::Sizes::new($name, &LAYOUT);
                const BYTES: [$crate::__private::u8; SIZES.bytes()] =
                    $crate::__private::summary::write($name, &LAYOUT, &SIZES);
                $crate::__private::summary::text(&BYTES)
            };

            /// PyTorch's default initialisation, from a fixed seed: the same network every time.
            #[must_use]
            pub fn new() -> Self {
                $crate::__private::init::new()
            }

            /// PyTorch's default initialisation, drawn from `rng`.
            #[must_use]
            pub fn random<R: $crate::__private::Rng + ?$crate::__private::Sized>(
                rng: &mut R,
            ) -> Self {
                $crate::__private::init::random(rng)
            }

            /// Draws every parameter anew, as [`random`](Self::random) does.
            pub fn randomize<R: $crate::__private::Rng + ?$crate::__private::Sized>(
                &mut self,
                rng: &mut R,
            ) {
                $crate::__private::init::randomize(self, rng);
            }

            /// The network with every tensor zero; options keep their values.
            #[must_use]
            pub const fn zeros() -> Self {
                <Self as $crate::Parameters>::ZEROS
            }
        }

        $(#[$cfg])*
        impl $crate::__private::fmt::Debug for $Net {
            fn fmt(
                &self,
                formatter: &mut $crate::__private::fmt::Formatter<'_>,
            ) -> $crate::__private::fmt::Result {
                formatter.write_str(Self::SUMMARY)
            }
        }
    };
}

/// What a network has as a `Layer`.
#[doc(hidden)]
#[macro_export]
macro_rules! __network_layer {
    (($(#[$cfg:meta])*) $Net:ident, $X:ty, $Y:ty) => {
        $(#[$cfg])*
        impl $Net {
            /// How many bytes pass between the layers in a step of training: the values, and their
            /// gradients. They are on the stack, with some KB of the kernels' own, beside the network,
            /// its gradient and the optimiser's state.
            pub const TRAINING_BYTES: $crate::__private::usize =
                $crate::__private::tape::bytes::<<Self as $crate::Network>::Input, Self>();

            /// The output for one sample. Allocates nothing and never panics.
            #[must_use]
            pub fn forward(
                &self,
                input: &$X,
            ) -> $Y {
                $crate::Layer::forward(self, input)
            }

            /// The outputs for a slice of samples. Allocates nothing.
            ///
            /// # Panics
            ///
            /// Where `inputs` and `outputs` differ in length.
            #[track_caller]
            pub fn forward_batch(
                &self,
                inputs: &[$X],
                outputs: &mut [$Y],
            ) {
                $crate::__private::batch::forward(self, inputs, outputs);
            }
        }

        $(#[$cfg])*
        impl $crate::Network for $Net {
            type Input = $X;
            type End = <$crate::__private::ends::Number<
                { $crate::__private::ends::of(&<$Net as $crate::Parameters>::LAYOUT) },
            > as $crate::__private::ends::Ends>::In;
            type Room = $crate::__private::tape::Room<{ $Net::TRAINING_BYTES }>;
        }
    };
}

#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __network_std {
    (($(#[$cfg:meta])*) $Net:ident) => {
        $(#[$cfg])*
        impl $Net {
            /// [`new`](Self::new), made in place on the heap: for networks too large for a stack.
            #[must_use]
            pub fn boxed() -> $crate::__private::Box<Self> {
                $crate::__private::init::boxed()
            }

            /// Reads the weights from a safetensors file with PyTorch's names.
            ///
            /// # Errors
            ///
            /// Where the file can't be read, or its tensors are not exactly those of this network.
            pub fn load<P: $crate::__private::AsRef<$crate::__private::path::Path>>(
                path: P,
            ) -> $crate::__private::Result<Self, $crate::WeightsError> {
                $crate::__private::weights::load(path.as_ref(), $crate::Keys::new())
            }

            /// Reads the weights from a safetensors file of more than this network: `keys` says which
            /// of the file's keys are the network's.
            ///
            /// # Errors
            ///
            /// Where the file can't be read, or its tensors of these keys are not those of this
            /// network.
            pub fn load_with<P: $crate::__private::AsRef<$crate::__private::path::Path>>(
                path: P,
                keys: $crate::Keys<'_>,
            ) -> $crate::__private::Result<Self, $crate::WeightsError> {
                $crate::__private::weights::load(path.as_ref(), keys)
            }

            /// Writes the weights to a safetensors file that PyTorch can load. A new file takes the
            /// place of the old one when it is whole.
            ///
            /// # Errors
            ///
            /// Where the file can't be written.
            pub fn save<P: $crate::__private::AsRef<$crate::__private::path::Path>>(
                &self,
                path: P,
            ) -> $crate::__private::Result<(), $crate::WeightsError> {
                $crate::__private::save::save(self, path.as_ref())
            }

            /// A network with the weights of a safetensors file, given as its bytes.
            ///
            /// # Errors
            ///
            /// Where the tensors are not exactly those of this network.
            pub fn from_safetensors(
                bytes: &[$crate::__private::u8],
            ) -> $crate::__private::Result<Self, $crate::WeightsError> {
                $crate::__private::weights::from_safetensors(bytes, $crate::Keys::new())
            }

            /// Replaces the weights by those of a safetensors file, given as its bytes.
            ///
            /// # Errors
            ///
            /// Where the tensors are not exactly those of this network, which then stays as it is.
            pub fn read_safetensors(
                &mut self,
                bytes: &[$crate::__private::u8],
            ) -> $crate::__private::Result<(), $crate::WeightsError> {
                $crate::__private::weights::read(self, bytes, $crate::Keys::new())
            }

            /// Replaces the weights by those of a safetensors file of more than this network, given as
            /// its bytes: `keys` says which of the file's keys are the network's.
            ///
            /// # Errors
            ///
            /// Where the tensors of these keys are not those of this network, which then stays as it
            /// is.
            pub fn read_safetensors_with(
                &mut self,
                bytes: &[$crate::__private::u8],
                keys: $crate::Keys<'_>,
            ) -> $crate::__private::Result<(), $crate::WeightsError> {
                $crate::__private::weights::read(self, bytes, keys)
            }

            /// The weights as a safetensors file that PyTorch can load.
            #[must_use]
            pub fn to_safetensors(&self) -> $crate::__private::Vec<$crate::__private::u8> {
                $crate::__private::save::to_safetensors(self)
            }
        }
    };
}

#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __network_std {
    ($($ignored:tt)*) => {};
}

#[cfg(feature = "rayon")]
#[doc(hidden)]
#[macro_export]
macro_rules! __network_rayon {
    (($(#[$cfg:meta])*) $Net:ident, $X:ty, $Y:ty) => {
        $(#[$cfg])*
        impl $Net {
            /// The outputs for a slice of samples, computed on all cores.
            ///
            /// # Panics
            ///
            /// Where `inputs` and `outputs` differ in length.
            #[track_caller]
            pub fn forward_batch_parallel(
                &self,
                inputs: &[$X],
                outputs: &mut [$Y],
            ) {
                $crate::__private::batch::forward_parallel(self, inputs, outputs);
            }
        }
    };
}

#[cfg(not(feature = "rayon"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __network_rayon {
    ($($ignored:tt)*) => {};
}

#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __network_serde {
    (($(#[$cfg:meta])*) $Net:ident) => {
        /// A map from the fields' names to what they hold; a matrix is a list of rows.
        $(#[$cfg])*
        impl $crate::__private::serde::Serialize for $Net {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> $crate::__private::Result<S::Ok, S::Error> {
                $crate::__private::serialize::serialize(self, serializer)
            }
        }

        $(#[$cfg])*
        impl<'de> $crate::__private::serde::Deserialize<'de> for $Net {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> $crate::__private::Result<Self, D::Error> {
                $crate::__private::serialize::deserialize(deserializer)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __network_serde {
    ($($ignored:tt)*) => {};
}

/// The body of the test that a network with `check = …` carries.
#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __reference {
    ($Net:ident, $name:literal, $file:literal, $bytes:expr, $tolerance:literal) => {
        $crate::__private::reference::check(
            |x| $Net::pretrained().forward(x),
            [$name, $file],
            $bytes,
            $tolerance,
        )
    };
}

#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __reference {
    ($($ignored:tt)*) => {
        $crate::__private::compile_error!(
            "the reference check reads its file with layerwise's feature `std`\n\
             help: switch it on in `[dev-dependencies]`"
        )
    };
}
