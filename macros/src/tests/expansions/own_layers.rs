/**

| stage | layer | shape | parameters |
| --- | --- | --- | --- |
| `encoder0` | [`Encoder`] | … → … |  |
| `scale1` | [`my::Scale<5>`] | … → … |  |
| `linear2` | `Linear(5, 2)` | … → 2 | weight \[2, …\], bias \[2\] |
| `softmax3` | `Softmax(dim = 1)` | 2 → 2 |  |

![The same as a picture](…
*/
pub(crate) struct Net {
    ///[`Encoder`]
    pub encoder0: Encoder,
    ///[`my::Scale<5>`]
    pub scale1: my::Scale<5>,
    ///`Linear(5, 2)`
    pub linear2: ::layerwise::Linear<
        ::layerwise::__private::f32,
        { Net::NETWORK_SHAPE_3.dim(0usize) },
        2,
    >,
    ///`Softmax(dim = 1)`
    pub softmax3: ::layerwise::Softmax,
}
impl ::layerwise::__private::Clone for Net {
    fn clone(&self) -> Self {
        Self {
            encoder0: ::layerwise::__private::Own::<
                { ::layerwise::__private::check::is_known(Net::NETWORK_SHAPE_1) },
            >::clone(&self.encoder0),
            scale1: ::layerwise::__private::Own::<
                { ::layerwise::__private::check::is_known(Net::NETWORK_SHAPE_2) },
            >::clone(&self.scale1),
            linear2: ::layerwise::__private::Clone::clone(&self.linear2),
            softmax3: ::layerwise::__private::Clone::clone(&self.softmax3),
        }
    }
}
unsafe impl ::layerwise::Parameters for Net {
    const ZEROS: Self = Self {
        encoder0: ::layerwise::__private::Own::<
            { ::layerwise::__private::check::is_known(Net::NETWORK_SHAPE_1) },
        >::zeros(),
        scale1: ::layerwise::__private::Own::<
            { ::layerwise::__private::check::is_known(Net::NETWORK_SHAPE_2) },
        >::zeros(),
        linear2: ::layerwise::Parameters::ZEROS,
        softmax3: {
            let mut layer = <::layerwise::Softmax as ::layerwise::Parameters>::ZEROS;
            layer.dim = 1;
            layer
        },
    };
    const LAYOUT: ::layerwise::Layout = ::layerwise::Layout::Struct(
        &[
            ::layerwise::Field::new(
                    "encoder0",
                    "0",
                    ::layerwise::__private::Own::<
                        { ::layerwise::__private::check::is_known(Net::NETWORK_SHAPE_1) },
                    >::layout::<Encoder>(),
                    ::layerwise::__private::offset_of!(Self, encoder0),
                )
                .stage("Encoder", Net::NETWORK_SHAPE_0, Net::NETWORK_SHAPE_1)
                .own(),
            ::layerwise::Field::new(
                    "scale1",
                    "1",
                    ::layerwise::__private::Own::<
                        { ::layerwise::__private::check::is_known(Net::NETWORK_SHAPE_2) },
                    >::layout::<my::Scale<5>>(),
                    ::layerwise::__private::offset_of!(Self, scale1),
                )
                .stage("Scale", Net::NETWORK_SHAPE_1, Net::NETWORK_SHAPE_2)
                .own(),
            ::layerwise::Field::new(
                    "linear2",
                    "2",
                    <::layerwise::Linear<
                        ::layerwise::__private::f32,
                        { Net::NETWORK_SHAPE_3.dim(0usize) },
                        2,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, linear2),
                )
                .stage(
                    "Linear",
                    ::layerwise::Shape::new(&[Net::NETWORK_SHAPE_3.dim(0usize)]),
                    ::layerwise::Shape::new(&[2]),
                ),
            ::layerwise::Field::new(
                    "softmax3",
                    "3",
                    <::layerwise::Softmax as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, softmax3),
                )
                .stage(
                    "Softmax",
                    ::layerwise::Shape::new(&[2]),
                    ::layerwise::Shape::new(&[2]),
                ),
        ],
    );
    fn place(place: &mut ::layerwise::__private::MaybeUninit<Self>) -> &mut Self {
        ::layerwise::__private::place_fields!(
            place : encoder0 : ::layerwise::__private::Own:: < {
            ::layerwise::__private::check::is_known(Net::NETWORK_SHAPE_1) } > ::place,
            scale1 : ::layerwise::__private::Own:: < {
            ::layerwise::__private::check::is_known(Net::NETWORK_SHAPE_2) } > ::place,
            linear2 : ::layerwise::Parameters::place, softmax3 : | place | place.write({
            let mut layer = < ::layerwise::Softmax as ::layerwise::Parameters > ::ZEROS;
            layer.dim = 1; layer })
        )
    }
}
impl ::layerwise::Layer<
    <::layerwise::__private::Of<
        { Net::NETWORK_SHAPE_0.rank() },
        { Net::NETWORK_SHAPE_0.dim(0) },
        { Net::NETWORK_SHAPE_0.dim(1) },
        { Net::NETWORK_SHAPE_0.dim(2) },
    > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
> for Net {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 2>;
    #[inline]
    fn forward(
        &self,
        input: &<::layerwise::__private::Of<
            { Net::NETWORK_SHAPE_0.rank() },
            { Net::NETWORK_SHAPE_0.dim(0) },
            { Net::NETWORK_SHAPE_0.dim(1) },
            { Net::NETWORK_SHAPE_0.dim(2) },
        > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
    ) -> Self::Output {
        ::layerwise::__private::flow::forward(self, input)
    }
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn flow<__F: ::layerwise::__private::Flow>(
        &self,
        flow: &mut __F,
        x: __F::Of<
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_0.rank() },
                { Net::NETWORK_SHAPE_0.dim(0) },
                { Net::NETWORK_SHAPE_0.dim(1) },
                { Net::NETWORK_SHAPE_0.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
        >,
    ) -> __F::Of<Self::Output> {
        let x = ::layerwise::__private::Stage::<
            { ::layerwise::__private::check::is_known(Net::NETWORK_SHAPE_1) },
        >::flow::<
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_0.rank() },
                { Net::NETWORK_SHAPE_0.dim(0) },
                { Net::NETWORK_SHAPE_0.dim(1) },
                { Net::NETWORK_SHAPE_0.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_1.rank() },
                { Net::NETWORK_SHAPE_1.dim(0) },
                { Net::NETWORK_SHAPE_1.dim(1) },
                { Net::NETWORK_SHAPE_1.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
            _,
            _,
        >(&self.encoder0, flow, x);
        let x = ::layerwise::__private::Stage::<
            { ::layerwise::__private::check::is_known(Net::NETWORK_SHAPE_2) },
        >::flow::<
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_1.rank() },
                { Net::NETWORK_SHAPE_1.dim(0) },
                { Net::NETWORK_SHAPE_1.dim(1) },
                { Net::NETWORK_SHAPE_1.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_2.rank() },
                { Net::NETWORK_SHAPE_2.dim(0) },
                { Net::NETWORK_SHAPE_2.dim(1) },
                { Net::NETWORK_SHAPE_2.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
            _,
            _,
        >(&self.scale1, flow, x);
        ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >::flow_after::<
            _,
            ::layerwise::SVector<
                ::layerwise::__private::f32,
                { Net::NETWORK_SHAPE_3.dim(0usize) },
            >,
            _,
        >(&self.softmax3, flow, &self.linear2, x)
    }
}
impl ::layerwise::Trainable<
    <::layerwise::__private::Of<
        { Net::NETWORK_SHAPE_0.rank() },
        { Net::NETWORK_SHAPE_0.dim(0) },
        { Net::NETWORK_SHAPE_0.dim(1) },
        { Net::NETWORK_SHAPE_0.dim(2) },
    > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
> for Net
where
    for<'__t> Encoder: ::layerwise::__private::backward::TrainableAt<
        0usize,
        <::layerwise::__private::Of<
            { Net::NETWORK_SHAPE_0.rank() },
            { Net::NETWORK_SHAPE_0.dim(0) },
            { Net::NETWORK_SHAPE_0.dim(1) },
            { Net::NETWORK_SHAPE_0.dim(2) },
        > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
        Output = <::layerwise::__private::Of<
            { Net::NETWORK_SHAPE_1.rank() },
            { Net::NETWORK_SHAPE_1.dim(0) },
            { Net::NETWORK_SHAPE_1.dim(1) },
            { Net::NETWORK_SHAPE_1.dim(2) },
        > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
    >,
    for<'__t> my::Scale<
        5,
    >: ::layerwise::__private::backward::TrainableAt<
        1usize,
        <::layerwise::__private::Of<
            { Net::NETWORK_SHAPE_1.rank() },
            { Net::NETWORK_SHAPE_1.dim(0) },
            { Net::NETWORK_SHAPE_1.dim(1) },
            { Net::NETWORK_SHAPE_1.dim(2) },
        > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
        Output = <::layerwise::__private::Of<
            { Net::NETWORK_SHAPE_2.rank() },
            { Net::NETWORK_SHAPE_2.dim(0) },
            { Net::NETWORK_SHAPE_2.dim(1) },
            { Net::NETWORK_SHAPE_2.dim(2) },
        > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
    >,
{
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 2>;
    type Kept<__F: ::layerwise::__private::Record> = (
        <Encoder as ::layerwise::__private::backward::TrainableAt<
            0usize,
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_0.rank() },
                { Net::NETWORK_SHAPE_0.dim(0) },
                { Net::NETWORK_SHAPE_0.dim(1) },
                { Net::NETWORK_SHAPE_0.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
        >>::Kept<__F>,
        <my::Scale<
            5,
        > as ::layerwise::__private::backward::TrainableAt<
            1usize,
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_1.rank() },
                { Net::NETWORK_SHAPE_1.dim(0) },
                { Net::NETWORK_SHAPE_1.dim(1) },
                { Net::NETWORK_SHAPE_1.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
        >>::Kept<__F>,
        <::layerwise::Linear<
            ::layerwise::__private::f32,
            { Net::NETWORK_SHAPE_3.dim(0usize) },
            2,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<
                ::layerwise::__private::f32,
                { Net::NETWORK_SHAPE_3.dim(0usize) },
            >,
        >>::Kept<__F>,
        <::layerwise::Softmax as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >>::Kept<__F>,
    );
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn keep<__F: ::layerwise::__private::Record>(
        &self,
        flow: &mut __F,
        x: __F::Of<
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_0.rank() },
                { Net::NETWORK_SHAPE_0.dim(0) },
                { Net::NETWORK_SHAPE_0.dim(1) },
                { Net::NETWORK_SHAPE_0.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
        >,
    ) -> (__F::Of<Self::Output>, Self::Kept<__F>) {
        let (x, kept0) = <Encoder as ::layerwise::__private::backward::TrainableAt<
            0usize,
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_0.rank() },
                { Net::NETWORK_SHAPE_0.dim(0) },
                { Net::NETWORK_SHAPE_0.dim(1) },
                { Net::NETWORK_SHAPE_0.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
        >>::keep(&self.encoder0, flow, x);
        let (x, kept1) = <my::Scale<
            5,
        > as ::layerwise::__private::backward::TrainableAt<
            1usize,
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_1.rank() },
                { Net::NETWORK_SHAPE_1.dim(0) },
                { Net::NETWORK_SHAPE_1.dim(1) },
                { Net::NETWORK_SHAPE_1.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
        >>::keep(&self.scale1, flow, x);
        let (x, kept2, kept3) = ::layerwise::Trainable::<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >::keep_after::<
            _,
            ::layerwise::SVector<
                ::layerwise::__private::f32,
                { Net::NETWORK_SHAPE_3.dim(0usize) },
            >,
            _,
        >(&self.softmax3, flow, &self.linear2, x);
        (x, (kept0, kept1, kept2, kept3))
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
        <::layerwise::__private::Of<
            { Net::NETWORK_SHAPE_0.rank() },
            { Net::NETWORK_SHAPE_0.dim(0) },
            { Net::NETWORK_SHAPE_0.dim(1) },
            { Net::NETWORK_SHAPE_0.dim(2) },
        > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
    > {
        let (kept0, kept1, kept2, kept3) = kept;
        let dy = <::layerwise::Softmax as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 2>,
        >>::back::<__F, true>(&self.softmax3, &mut gradient.softmax3, flow, kept3, dy);
        let dy = <::layerwise::Linear<
            ::layerwise::__private::f32,
            { Net::NETWORK_SHAPE_3.dim(0usize) },
            2,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<
                ::layerwise::__private::f32,
                { Net::NETWORK_SHAPE_3.dim(0usize) },
            >,
        >>::back::<__F, true>(&self.linear2, &mut gradient.linear2, flow, kept2, dy);
        let dy = <my::Scale<
            5,
        > as ::layerwise::__private::backward::TrainableAt<
            1usize,
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_1.rank() },
                { Net::NETWORK_SHAPE_1.dim(0) },
                { Net::NETWORK_SHAPE_1.dim(1) },
                { Net::NETWORK_SHAPE_1.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
        >>::back::<__F, true>(&self.scale1, &mut gradient.scale1, flow, kept1, dy);
        let dy = <Encoder as ::layerwise::__private::backward::TrainableAt<
            0usize,
            <::layerwise::__private::Of<
                { Net::NETWORK_SHAPE_0.rank() },
                { Net::NETWORK_SHAPE_0.dim(0) },
                { Net::NETWORK_SHAPE_0.dim(1) },
                { Net::NETWORK_SHAPE_0.dim(2) },
            > as ::layerwise::__private::ValueOf<::layerwise::__private::f32>>::Value,
        >>::back::<
            __F,
            __INPUT,
        >(&self.encoder0, &mut gradient.encoder0, flow, kept0, dy);
        dy
    }
}
::layerwise::__private::network_api! {
    () Net, "Net", (< ::layerwise::__private::Of < { Net::NETWORK_SHAPE_0.rank() }, {
    Net::NETWORK_SHAPE_0.dim(0) }, { Net::NETWORK_SHAPE_0.dim(1) }, {
    Net::NETWORK_SHAPE_0.dim(2) }, > as ::layerwise::__private::ValueOf <
    ::layerwise::__private::f32 >> ::Value) (::layerwise::SVector <
    ::layerwise::__private::f32, 2 >), Net::NETWORK_SHAPE_0.len(), 2,
    "…
}
#[doc(hidden)]
impl Net {
    const NETWORK_SHAPE_0: ::layerwise::__private::Shape = {
        use ::layerwise::__private::check::first as __check;
        __check(::layerwise::__private::first!(Encoder), "Encoder")
    };
    const NETWORK_SHAPE_1: ::layerwise::__private::Shape = {
        use ::layerwise::__private::check::outputs as __check;
        __check(
            ::layerwise::__private::reached!(
                Encoder, < ::layerwise::__private::Of < { Net::NETWORK_SHAPE_0.rank() },
                { Net::NETWORK_SHAPE_0.dim(0) }, { Net::NETWORK_SHAPE_0.dim(1) }, {
                Net::NETWORK_SHAPE_0.dim(2) }, > as ::layerwise::__private::ValueOf <
                ::layerwise::__private::f32 >> ::Value
            ),
            "Encoder",
            "",
            ["", ""],
        )
    };
    const NETWORK_SHAPE_2: ::layerwise::__private::Shape = {
        const fn what_reaches_it() -> ::layerwise::__private::Shape {
            use ::layerwise::__private::check::outputs as __check;
            __check(
                ::layerwise::__private::reached!(
                    my::Scale < 5 >, < ::layerwise::__private::Of < {
                    Net::NETWORK_SHAPE_1.rank() }, { Net::NETWORK_SHAPE_1.dim(0) }, {
                    Net::NETWORK_SHAPE_1.dim(1) }, { Net::NETWORK_SHAPE_1.dim(2) }, > as
                    ::layerwise::__private::ValueOf < ::layerwise::__private::f32 >>
                    ::Value
                ),
                "my::Scale<5>",
                "`Encoder` before it gives",
                ["", ""],
            )
        }
        what_reaches_it()
    };
    const NETWORK_SHAPE_3: ::layerwise::__private::Shape = {
        const fn what_reaches_it() -> ::layerwise::__private::Shape {
            use ::layerwise::__private::check::places::takes as __check;
            __check(
                Net::NETWORK_SHAPE_2,
                1u8,
                "a vector",
                ["", "", ""],
                "Linear(5, 2)",
                "`my::Scale<5>` before it gives",
            )
        }
        what_reaches_it()
    };
}
const _: () = {
    const fn what_reaches_it() -> ::layerwise::__private::Unit {
        use ::layerwise::__private::check::inputs as __check;
        __check(
            5,
            Net::NETWORK_SHAPE_3.dim(0usize),
            "Linear(5, 2)",
            "`my::Scale<5>` before it gives",
            ["Linear(", ", 2)"],
        )
    }
    what_reaches_it()
};
