/**

| stage | layer | shape | parameters |
| --- | --- | --- | --- |
| `fc1` | `Linear(3, 2)` | 3 → 2 | weight \[2, 3\], bias \[2\] |
| `relu1` | `ReLU` | 2 → 2 |  |
| `fc2` | `Linear(2, 1)` | 2 → 1 | weight \[1, 2\], bias \[1\] |

![The same as a picture](…
*/
struct Net {
    ///`Linear(3, 2)`
    pub fc1: ::layerwise::Linear<::layerwise::__private::f32, 3, 2>,
    ///`ReLU`
    pub relu1: ::layerwise::ReLU,
    ///`Linear(2, 1)`
    pub fc2: ::layerwise::Linear<::layerwise::__private::f32, 2, 1>,
}
impl ::layerwise::__private::Clone for Net {
    fn clone(&self) -> Self {
        Self {
            fc1: ::layerwise::__private::Clone::clone(&self.fc1),
            relu1: ::layerwise::__private::Clone::clone(&self.relu1),
            fc2: ::layerwise::__private::Clone::clone(&self.fc2),
        }
    }
}
unsafe impl ::layerwise::Parameters for Net {
    const ZEROS: Self = Self {
        fc1: ::layerwise::Parameters::ZEROS,
        relu1: ::layerwise::Parameters::ZEROS,
        fc2: ::layerwise::Parameters::ZEROS,
    };
    const LAYOUT: ::layerwise::Layout = ::layerwise::Layout::Struct(
        &[
            ::layerwise::Field::new(
                    "fc1",
                    "fc1",
                    <::layerwise::Linear<
                        ::layerwise::__private::f32,
                        3,
                        2,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, fc1),
                )
                .stage(
                    "Linear",
                    ::layerwise::Shape::new(&[3]),
                    ::layerwise::Shape::new(&[2]),
                ),
            ::layerwise::Field::new(
                    "relu1",
                    "1",
                    <::layerwise::ReLU as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, relu1),
                )
                .stage(
                    "ReLU",
                    ::layerwise::Shape::new(&[2]),
                    ::layerwise::Shape::new(&[2]),
                ),
            ::layerwise::Field::new(
                    "fc2",
                    "fc2",
                    <::layerwise::Linear<
                        ::layerwise::__private::f32,
                        2,
                        1,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, fc2),
                )
                .stage(
                    "Linear",
                    ::layerwise::Shape::new(&[2]),
                    ::layerwise::Shape::new(&[1]),
                ),
        ],
    );
    fn place(place: &mut ::layerwise::__private::MaybeUninit<Self>) -> &mut Self {
        ::layerwise::__private::place_fields!(
            place : fc1 : ::layerwise::Parameters::place, relu1 :
            ::layerwise::Parameters::place, fc2 : ::layerwise::Parameters::place
        )
    }
}
impl ::layerwise::Layer<::layerwise::SVector<::layerwise::__private::f32, 3>> for Net {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 1>;
    #[inline]
    fn forward(
        &self,
        input: &::layerwise::SVector<::layerwise::__private::f32, 3>,
    ) -> Self::Output {
        ::layerwise::__private::flow::forward(self, input)
    }
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn flow<__F: ::layerwise::__private::Flow>(
        &self,
        flow: &mut __F,
        x: __F::Of<::layerwise::SVector<::layerwise::__private::f32, 3>>,
    ) -> __F::Of<Self::Output> {
        let x = ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >::flow_after::<
            _,
            ::layerwise::SVector<::layerwise::__private::f32, 3>,
            _,
        >(&self.relu1, flow, &self.fc1, x);
        ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >::flow(&self.fc2, flow, x)
    }
}
impl ::layerwise::Trainable<::layerwise::SVector<::layerwise::__private::f32, 3>>
for Net {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 1>;
    type Kept<__F: ::layerwise::__private::Record> = (
        <::layerwise::Linear<
            ::layerwise::__private::f32,
            3,
            2,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 3>,
        >>::Kept<__F>,
        <::layerwise::ReLU as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >>::Kept<__F>,
        <::layerwise::Linear<
            ::layerwise::__private::f32,
            2,
            1,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >>::Kept<__F>,
    );
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn keep<__F: ::layerwise::__private::Record>(
        &self,
        flow: &mut __F,
        x: __F::Of<::layerwise::SVector<::layerwise::__private::f32, 3>>,
    ) -> (__F::Of<Self::Output>, Self::Kept<__F>) {
        let (x, kept0, kept1) = ::layerwise::Trainable::<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >::keep_after::<
            _,
            ::layerwise::SVector<::layerwise::__private::f32, 3>,
            _,
        >(&self.relu1, flow, &self.fc1, x);
        let (x, kept2) = <::layerwise::Linear<
            ::layerwise::__private::f32,
            2,
            1,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >>::keep(&self.fc2, flow, x);
        (x, (kept0, kept1, kept2))
    }
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn back<
        __F: ::layerwise::__private::Record,
        const __INPUT: ::layerwise::__private::bool,
    >(
        &self,
        gradient: &mut Self,
        flow: &mut __F,
        kept: Self::Kept<__F>,
        dy: __F::Slope<Self::Output>,
    ) -> __F::Slope<::layerwise::SVector<::layerwise::__private::f32, 3>> {
        let (kept0, kept1, kept2) = kept;
        let dy = <::layerwise::Linear<
            ::layerwise::__private::f32,
            2,
            1,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >>::back::<__F, true>(&self.fc2, &mut gradient.fc2, flow, kept2, dy);
        let dy = <::layerwise::ReLU as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >>::back::<__F, true>(&self.relu1, &mut gradient.relu1, flow, kept1, dy);
        let dy = <::layerwise::Linear<
            ::layerwise::__private::f32,
            3,
            2,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 3>,
        >>::back::<__F, __INPUT>(&self.fc1, &mut gradient.fc1, flow, kept0, dy);
        dy
    }
}
::layerwise::__private::network_api! {
    () Net, "Net", (::layerwise::SVector < ::layerwise::__private::f32, 3 >)
    (::layerwise::SVector < ::layerwise::__private::f32, 1 >), 3, 1,
    "…
}
#[doc(hidden)]
impl Net {
    #[allow(clippy::large_stack_arrays)]
    const NETWORK_FILE: ::layerwise::__private::embed::Header = ::layerwise::__private::embed::Header {
        name: "../tests/ui/weights/net.safetensors",
        prefix: "",
        is_strict: true,
        scalar: "f32",
        tensors: &[
            ::layerwise::__private::embed::FileTensor {
                name: "fc1.bias",
                dtype: "F32",
                is_readable: true,
                shape: &[2usize],
                at: 0usize,
            },
            ::layerwise::__private::embed::FileTensor {
                name: "fc1.weight",
                dtype: "F32",
                is_readable: true,
                shape: &[2usize, 3usize],
                at: 8usize,
            },
            ::layerwise::__private::embed::FileTensor {
                name: "fc2.bias",
                dtype: "F32",
                is_readable: true,
                shape: &[1usize],
                at: 32usize,
            },
            ::layerwise::__private::embed::FileTensor {
                name: "fc2.weight",
                dtype: "F32",
                is_readable: true,
                shape: &[1usize, 2usize],
                at: 36usize,
            },
        ],
    };
}
#[allow(long_running_const_eval)]
const _: () = {
    use ::layerwise::__private::check::weights::stage as __check;
    __check(
        &<Net as ::layerwise::Parameters>::LAYOUT,
        &Net::NETWORK_FILE,
        &[0usize],
        &[],
        "Linear(3, 2)",
    )
};
#[allow(long_running_const_eval)]
const _: () = {
    use ::layerwise::__private::check::weights::stage as __check;
    __check(
        &<Net as ::layerwise::Parameters>::LAYOUT,
        &Net::NETWORK_FILE,
        &[2usize],
        &[],
        "Linear(2, 1)",
    )
};
#[allow(long_running_const_eval)]
const _: () = {
    use ::layerwise::__private::check::weights::nothing_else as __check;
    __check(
        &<Net as ::layerwise::Parameters>::LAYOUT,
        &Net::NETWORK_FILE,
        &[&[0usize], &[2usize]],
    )
};
impl Net {
    /// The network with the weights that were embedded when it was compiled: it is in
    /// read-only memory, and nothing is computed here.
    #[must_use]
    #[allow(dead_code)]
    pub fn pretrained() -> &'static Self {
        #[allow(long_running_const_eval)]
        static PRETRAINED: Net = ::layerwise::__private::embed::value(
            &Net::NETWORK_FILE,
            b"0g\xA0>ygb=9&\xBE>\x9E\xD4\xAF\xBEo\xA5\x9F\xBDx\xC3\xA6\xBERHn\xBE9c\x08>6\xDD\xC4>\xAFL\xFD\xBEA(\x1D=",
        );
        &PRETRAINED
    }
}
const _: &[::layerwise::__private::u8] = ::layerwise::__private::include_bytes!(
    ::layerwise::__private::concat!(::layerwise::__private::env!("CARGO_MANIFEST_DIR"),
    "/", "../tests/ui/weights/net.safetensors")
);
const _: &[::layerwise::__private::u8] = ::layerwise::__private::include_bytes!(
    ::layerwise::__private::concat!(::layerwise::__private::env!("CARGO_MANIFEST_DIR"),
    "/", "../tests/ui/weights/net_check.safetensors")
);
const _: () = {
    use ::layerwise::__private::check::weights::reference as __check;
    __check(
        ::layerwise::Shape::new(&[3]),
        ::layerwise::Shape::new(&[1]),
        &::layerwise::__private::embed::Header {
            name: "../tests/ui/weights/net_check.safetensors",
            prefix: "",
            is_strict: true,
            scalar: "f32",
            tensors: &[
                ::layerwise::__private::embed::FileTensor {
                    name: "input",
                    dtype: "F32",
                    is_readable: true,
                    shape: &[4usize, 3usize],
                    at: 0usize,
                },
                ::layerwise::__private::embed::FileTensor {
                    name: "output",
                    dtype: "F32",
                    is_readable: true,
                    shape: &[4usize, 1usize],
                    at: 0usize,
                },
            ],
        },
    )
};
#[cfg(test)]
#[::layerwise::__private::test]
fn net_answers_as_its_reference() {
    ::layerwise::__private::reference!(
        Net, "Net", "../tests/ui/weights/net_check.safetensors",
        ::layerwise::__private::include_bytes!(::layerwise::__private::concat!(::layerwise::__private::env!("CARGO_MANIFEST_DIR"),
        "/", "../tests/ui/weights/net_check.safetensors")), 0.00001
    )
}
