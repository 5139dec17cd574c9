/**

| stage | layer | shape | parameters |
| --- | --- | --- | --- |
| `linear0` | `Linear(N, 2 * N, bias = false)` | N → 2 * N | weight \[2 * N, N\] |
| `leakyrelu1` | `LeakyReLU(0.2)` | 2 * N → 2 * N |  |
| `linear2` | `Linear(HIDDEN, 1)` | 2 * N → 1 | weight \[1, 2 * N\], bias \[1\] |

![The same as a picture](…
*/
#[cfg(feature = "double")]
struct Net {
    ///`Linear(N, 2 * N, bias = false)`
    pub linear0: ::layerwise::Linear<
        ::layerwise::__private::f64,
        { Net::NETWORK_SIZE_0 },
        { Net::NETWORK_SIZE_1 },
        ::layerwise::NoBias,
    >,
    ///`LeakyReLU(0.2)`
    pub leakyrelu1: ::layerwise::LeakyReLU,
    ///`Linear(HIDDEN, 1)`
    pub linear2: ::layerwise::Linear<
        ::layerwise::__private::f64,
        { Net::NETWORK_SIZE_1 },
        1,
    >,
}
#[cfg(feature = "double")]
impl ::layerwise::__private::Clone for Net {
    fn clone(&self) -> Self {
        Self {
            linear0: ::layerwise::__private::Clone::clone(&self.linear0),
            leakyrelu1: ::layerwise::__private::Clone::clone(&self.leakyrelu1),
            linear2: ::layerwise::__private::Clone::clone(&self.linear2),
        }
    }
}
#[cfg(feature = "double")]
unsafe impl ::layerwise::Parameters for Net {
    const ZEROS: Self = Self {
        linear0: ::layerwise::Parameters::ZEROS,
        leakyrelu1: {
            let mut layer = <::layerwise::LeakyReLU as ::layerwise::Parameters>::ZEROS;
            layer.negative_slope = 0.2;
            layer
        },
        linear2: ::layerwise::Parameters::ZEROS,
    };
    const LAYOUT: ::layerwise::Layout = ::layerwise::Layout::Struct(
        &[
            ::layerwise::Field::new(
                    "linear0",
                    "0",
                    <::layerwise::Linear<
                        ::layerwise::__private::f64,
                        { Net::NETWORK_SIZE_0 },
                        { Net::NETWORK_SIZE_1 },
                        ::layerwise::NoBias,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, linear0),
                )
                .stage(
                    "Linear",
                    ::layerwise::Shape::new(&[Net::NETWORK_SIZE_0]),
                    ::layerwise::Shape::new(&[Net::NETWORK_SIZE_1]),
                ),
            ::layerwise::Field::new(
                    "leakyrelu1",
                    "1",
                    <::layerwise::LeakyReLU as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, leakyrelu1),
                )
                .stage(
                    "LeakyReLU",
                    ::layerwise::Shape::new(&[Net::NETWORK_SIZE_1]),
                    ::layerwise::Shape::new(&[Net::NETWORK_SIZE_1]),
                ),
            ::layerwise::Field::new(
                    "linear2",
                    "2",
                    <::layerwise::Linear<
                        ::layerwise::__private::f64,
                        { Net::NETWORK_SIZE_1 },
                        1,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, linear2),
                )
                .stage(
                    "Linear",
                    ::layerwise::Shape::new(&[Net::NETWORK_SIZE_1]),
                    ::layerwise::Shape::new(&[1]),
                ),
        ],
    );
    fn place(place: &mut ::layerwise::__private::MaybeUninit<Self>) -> &mut Self {
        ::layerwise::__private::place_fields!(
            place : linear0 : ::layerwise::Parameters::place, leakyrelu1 : | place |
            place.write({ let mut layer = < ::layerwise::LeakyReLU as
            ::layerwise::Parameters > ::ZEROS; layer.negative_slope = 0.2; layer }),
            linear2 : ::layerwise::Parameters::place
        )
    }
}
#[cfg(feature = "double")]
impl ::layerwise::Layer<
    ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_0 }>,
> for Net {
    type Output = ::layerwise::SVector<::layerwise::__private::f64, 1>;
    #[inline]
    fn forward(
        &self,
        input: &::layerwise::SVector<
            ::layerwise::__private::f64,
            { Net::NETWORK_SIZE_0 },
        >,
    ) -> Self::Output {
        ::layerwise::__private::flow::forward(self, input)
    }
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn flow<__F: ::layerwise::__private::Flow>(
        &self,
        flow: &mut __F,
        x: __F::Of<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_0 }>,
        >,
    ) -> __F::Of<Self::Output> {
        let x = ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_1 }>,
        >::flow_after::<
            _,
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_0 }>,
            _,
        >(&self.leakyrelu1, flow, &self.linear0, x);
        ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_1 }>,
        >::flow(&self.linear2, flow, x)
    }
}
#[cfg(feature = "double")]
impl ::layerwise::Trainable<
    ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_0 }>,
> for Net {
    type Output = ::layerwise::SVector<::layerwise::__private::f64, 1>;
    type Kept<__F: ::layerwise::__private::Record> = (
        <::layerwise::Linear<
            ::layerwise::__private::f64,
            { Net::NETWORK_SIZE_0 },
            { Net::NETWORK_SIZE_1 },
            ::layerwise::NoBias,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_0 }>,
        >>::Kept<__F>,
        <::layerwise::LeakyReLU as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_1 }>,
        >>::Kept<__F>,
        <::layerwise::Linear<
            ::layerwise::__private::f64,
            { Net::NETWORK_SIZE_1 },
            1,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_1 }>,
        >>::Kept<__F>,
    );
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn keep<__F: ::layerwise::__private::Record>(
        &self,
        flow: &mut __F,
        x: __F::Of<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_0 }>,
        >,
    ) -> (__F::Of<Self::Output>, Self::Kept<__F>) {
        let (x, kept0, kept1) = ::layerwise::Trainable::<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_1 }>,
        >::keep_after::<
            _,
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_0 }>,
            _,
        >(&self.leakyrelu1, flow, &self.linear0, x);
        let (x, kept2) = <::layerwise::Linear<
            ::layerwise::__private::f64,
            { Net::NETWORK_SIZE_1 },
            1,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_1 }>,
        >>::keep(&self.linear2, flow, x);
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
    ) -> __F::Slope<
        ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_0 }>,
    > {
        let (kept0, kept1, kept2) = kept;
        let dy = <::layerwise::Linear<
            ::layerwise::__private::f64,
            { Net::NETWORK_SIZE_1 },
            1,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_1 }>,
        >>::back::<__F, true>(&self.linear2, &mut gradient.linear2, flow, kept2, dy);
        let dy = <::layerwise::LeakyReLU as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_1 }>,
        >>::back::<
            __F,
            true,
        >(&self.leakyrelu1, &mut gradient.leakyrelu1, flow, kept1, dy);
        let dy = <::layerwise::Linear<
            ::layerwise::__private::f64,
            { Net::NETWORK_SIZE_0 },
            { Net::NETWORK_SIZE_1 },
            ::layerwise::NoBias,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f64, { Net::NETWORK_SIZE_0 }>,
        >>::back::<__F, __INPUT>(&self.linear0, &mut gradient.linear0, flow, kept0, dy);
        dy
    }
}
::layerwise::__private::network_api! {
    (#[cfg(feature = "double")]) Net, "Net", (::layerwise::SVector <
    ::layerwise::__private::f64, { Net::NETWORK_SIZE_0 } >) (::layerwise::SVector <
    ::layerwise::__private::f64, 1 >), Net::NETWORK_SIZE_0, 1,
    "…
}
#[cfg(feature = "double")]
#[doc(hidden)]
impl Net {
    const NETWORK_SIZE_0: ::layerwise::__private::usize = ::layerwise::__private::Size::<
        { N },
    >::V;
    const NETWORK_SIZE_1: ::layerwise::__private::usize = ::layerwise::__private::Size::<
        { 2 * N },
    >::V;
    const NETWORK_SIZE_2: ::layerwise::__private::usize = ::layerwise::__private::Size::<
        { HIDDEN },
    >::V;
}
#[cfg(feature = "double")]
const _: () = {
    use ::layerwise::__private::check::size as __check;
    __check(Net::NETWORK_SIZE_0, "a size", "N")
};
#[cfg(feature = "double")]
const _: () = {
    use ::layerwise::__private::check::size as __check;
    __check(Net::NETWORK_SIZE_1, "a size", "2 * N")
};
#[cfg(feature = "double")]
const _: () = {
    use ::layerwise::__private::check::size as __check;
    __check(Net::NETWORK_SIZE_2, "a size", "HIDDEN")
};
#[cfg(feature = "double")]
const _: () = {
    const fn what_reaches_it() -> ::layerwise::__private::Unit {
        use ::layerwise::__private::check::inputs as __check;
        __check(
            Net::NETWORK_SIZE_2,
            Net::NETWORK_SIZE_1,
            "Linear(HIDDEN, 1)",
            "`Linear(N, 2 * N, bias = false)` before it gives",
            ["Linear(", ", 1)"],
        )
    }
    what_reaches_it()
};
