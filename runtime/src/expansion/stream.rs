//! The methods and constants of every network that begins with `Stream`, as `api.rs` has those of
//! others.

/// `(attributes) Net, NetState, "Net", scalar, inputs, outputs, "<svg …"`: the inherent items of one
/// network.
#[doc(hidden)]
#[macro_export]
macro_rules! __stream_api {
    (
        $cfg:tt $Net:ident, $State:ident, $name:literal, $T:ident, $I:expr, $O:expr,
        $diagram:literal
    ) => {
        $crate::__network_core! { $cfg $Net, $name, $I, $O, $diagram }
        $crate::__stream_methods! { $cfg $Net, $State, $T, $I, $O }
        $crate::__stream_state! { $cfg $Net, $State, $T, $I }
        $crate::__stream_forward! { $cfg $Net, $T, $I, $O }
        $crate::__network_std! { $cfg $Net }
        $crate::__network_serde! { $cfg $Net }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __stream_methods {
    (($(#[$cfg:meta])*) $Net:ident, $State:ident, $T:ident, $I:expr, $O:expr) => {
        $(#[$cfg])*
        #[allow(dead_code)]
        impl $Net {
            /// What the network remembers when nothing has come yet.
            #[must_use]
            pub fn state(&self) -> $State {
                $crate::__private::Default::default()
            }

            /// The output for the next value of a stream, of which `state` holds what came before.
            /// Allocates nothing and never panics.
            pub fn step(
                &self,
                state: &mut $State,
                input: &$crate::SVector<$crate::__private::$T, { $I }>,
            ) -> $crate::SVector<$crate::__private::$T, { $O }> {
                $crate::Recurrent::step(self, state, input)
            }

            /// The outputs for the next values of one stream. Allocates nothing.
            ///
            /// # Panics
            ///
            /// Where `inputs` and `outputs` differ in length.
            #[track_caller]
            pub fn steps(
                &self,
                state: &mut $State,
                inputs: &[$crate::SVector<$crate::__private::$T, { $I }>],
                outputs: &mut [$crate::SVector<$crate::__private::$T, { $O }>],
            ) {
                $crate::__private::stream::steps(self, state, inputs, outputs);
            }

            /// The outputs for the next value of each of many streams. Allocates nothing.
            ///
            /// # Panics
            ///
            /// Where `states`, `inputs` and `outputs` differ in length.
            #[track_caller]
            pub fn step_batch(
                &self,
                states: &mut [$State],
                inputs: &[$crate::SVector<$crate::__private::$T, { $I }>],
                outputs: &mut [$crate::SVector<$crate::__private::$T, { $O }>],
            ) {
                $crate::__private::stream::step_batch(self, states, inputs, outputs);
            }
        }
    };
}

/// What there is not, for whoever calls it all the same: the compiler says what there is.
#[doc(hidden)]
#[macro_export]
macro_rules! __stream_forward {
    (($(#[$cfg:meta])*) $Net:ident, $T:ident, $I:expr, $O:expr) => {
        $(#[$cfg])*
        #[allow(dead_code)]
        impl $Net {
            #[doc(hidden)]
            pub fn forward(
                &self,
                _: &$crate::SVector<$crate::__private::$T, { $I }>,
            ) -> $crate::SVector<$crate::__private::$T, { $O }>
            where
                for<'__t> Self: $crate::__private::stream::Forgets,
            {
                $crate::Value::zeros()
            }

            #[doc(hidden)]
            pub fn forward_batch(
                &self,
                _: &[$crate::SVector<$crate::__private::$T, { $I }>],
                _: &mut [$crate::SVector<$crate::__private::$T, { $O }>],
            ) where
                for<'__t> Self: $crate::__private::stream::Forgets,
            {
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __stream_state {
    (($(#[$cfg:meta])*) $Net:ident, $State:ident, $T:ident, $I:expr) => {
        $(#[$cfg])*
        impl $crate::__private::stream::Stream for $Net {
            type Input = $crate::SVector<$crate::__private::$T, { $I }>;
        }

        $(#[$cfg])*
        #[allow(dead_code)]
        impl $State {
            /// Nothing has come yet: [`default`](Default::default) in a constant. A layer of one's
            /// own with a state of its own in the network rules it out.
            #[must_use]
            pub const fn new() -> Self
            where
                for<'__t> Self: $crate::__private::stream::Start,
            {
                <Self as $crate::__private::stream::Start>::START
            }

            /// Forgets what came before.
            pub fn reset(&mut self) {
                *self = $crate::__private::Default::default();
            }
        }

        $(#[$cfg])*
        impl $crate::__private::fmt::Debug for $State {
            fn fmt(
                &self,
                formatter: &mut $crate::__private::fmt::Formatter<'_>,
            ) -> $crate::__private::fmt::Result {
                formatter.write_str($crate::__private::concat!(
                    $crate::__private::stringify!($State),
                    " { .. }"
                ))
            }
        }
    };
}

/// The body of the test that a network with `check = …` carries: the file's samples are the steps of
/// one stream.
#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __stream_reference {
    ($Net:ident, $name:literal, $file:literal, $bytes:expr, $tolerance:literal) => {{
        let mut state = $Net::pretrained().state();
        $crate::__private::reference::check(
            |x| $Net::pretrained().step(&mut state, x),
            [$name, $file],
            $bytes,
            $tolerance,
        )
    }};
}

#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __stream_reference {
    ($($tokens:tt)*) => {
        $crate::__private::reference!($($tokens)*)
    };
}
