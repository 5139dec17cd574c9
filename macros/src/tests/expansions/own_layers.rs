/**

| stage | layer | shape | parameters |
| --- | --- | --- | --- |
| `encoder0` | [`Encoder`] | … → … |  |
| `scale1` | [`my::Scale<5>`] | … → … |  |
| `linear2` | `Linear(5, 2)` | … → 2 | weight \[2, …\], bias \[2\] |
| `softmax3` | `Softmax(dim = 1)` | 2 → 2 |  |
*/
#[derive(::layerwise::__private::Clone)]
pub(crate) struct Net {
    ///[`Encoder`]
    pub encoder0: Encoder,
    ///[`my::Scale<5>`]
    pub scale1: my::Scale<5>,
    ///`Linear(5, 2)`
    pub linear2: ::layerwise::Linear<
        ::layerwise::__private::f32,
        { Net::__STAGE2.outputs },
        2,
    >,
    ///`Softmax(dim = 1)`
    pub softmax3: ::layerwise::Softmax,
}
impl ::layerwise::Parameters for Net {
    const ZEROS: Self = Self {
        encoder0: ::layerwise::Parameters::ZEROS,
        scale1: ::layerwise::Parameters::ZEROS,
        linear2: ::layerwise::Parameters::ZEROS,
        softmax3: {
            let mut layer = <::layerwise::Softmax as ::layerwise::Parameters>::ZEROS;
            layer.dim = 1;
            layer
        },
    };
    const LAYOUT: ::layerwise::Layout = ::layerwise::Layout::Struct(
        &[
            ::layerwise::Field::new::<Encoder>("encoder0", "0")
                .stage("Encoder", Net::__SIZE0, Net::__STAGE1.outputs),
            ::layerwise::Field::new::<my::Scale<5>>("scale1", "1")
                .stage("Scale", Net::__STAGE1.outputs, Net::__STAGE2.outputs),
            ::layerwise::Field::new::<
                ::layerwise::Linear<
                    ::layerwise::__private::f32,
                    { Net::__STAGE2.outputs },
                    2,
                >,
            >("linear2", "2")
                .stage("Linear", Net::__STAGE2.outputs, 2),
            ::layerwise::Field::new::<::layerwise::Softmax>("softmax3", "3")
                .stage("Softmax", 2, 2),
        ],
    );
    fn walk<const __K: ::layerwise::__private::usize>(
        values: [&Self; __K],
        path: &::layerwise::Path<'_>,
        visitor: &mut impl ::layerwise::Visitor<__K>,
    ) {
        ::layerwise::Parameters::walk(
            values.map(|value| &value.encoder0),
            &path.field(0usize),
            visitor,
        );
        ::layerwise::Parameters::walk(
            values.map(|value| &value.scale1),
            &path.field(1usize),
            visitor,
        );
        ::layerwise::Parameters::walk(
            values.map(|value| &value.linear2),
            &path.field(2usize),
            visitor,
        );
        ::layerwise::Parameters::walk(
            values.map(|value| &value.softmax3),
            &path.field(3usize),
            visitor,
        );
    }
    fn walk_mut<const __K: ::layerwise::__private::usize>(
        mut values: [&mut Self; __K],
        path: &::layerwise::Path<'_>,
        visitor: &mut impl ::layerwise::VisitorMut<__K>,
    ) {
        ::layerwise::Parameters::walk_mut(
            values.each_mut().map(|value| &mut value.encoder0),
            &path.field(0usize),
            visitor,
        );
        ::layerwise::Parameters::walk_mut(
            values.each_mut().map(|value| &mut value.scale1),
            &path.field(1usize),
            visitor,
        );
        ::layerwise::Parameters::walk_mut(
            values.each_mut().map(|value| &mut value.linear2),
            &path.field(2usize),
            visitor,
        );
        ::layerwise::Parameters::walk_mut(
            values.each_mut().map(|value| &mut value.softmax3),
            &path.field(3usize),
            visitor,
        );
    }
}
impl ::layerwise::Layer<
    ::layerwise::SVector<::layerwise::__private::f32, { Net::__SIZE0 }>,
> for Net {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 2>;
    #[inline]
    fn forward(
        &self,
        input: &::layerwise::SVector<::layerwise::__private::f32, { Net::__SIZE0 }>,
    ) -> Self::Output {
        let x: ::layerwise::SVector<
            ::layerwise::__private::f32,
            { Net::__STAGE1.outputs },
        > = ::layerwise::__private::Stage::<
            { Net::__STAGE1.fits },
        >::forward(&self.encoder0, input);
        let x: ::layerwise::SVector<
            ::layerwise::__private::f32,
            { Net::__STAGE2.outputs },
        > = ::layerwise::__private::Stage::<
            { Net::__STAGE2.fits },
        >::forward(&self.scale1, &x);
        let x = ::layerwise::Layer::forward(&self.linear2, &x);
        ::layerwise::Layer::forward(&self.softmax3, &x)
    }
}
::layerwise::__private::network_api! {
    () Net, "Net", f32, Net::__SIZE0, 2
}
#[doc(hidden)]
impl Net {
    const __SIZE0: ::layerwise::__private::usize = ::layerwise::__private::entrance!(
        Encoder
    );
    const __STAGE1: ::layerwise::__private::Reached = ::layerwise::__private::reached!(
        Encoder, ::layerwise::SVector < ::layerwise::__private::f32, { Net::__SIZE0 } >
    );
    const __STAGE2: ::layerwise::__private::Reached = ::layerwise::__private::reached!(
        my::Scale < 5 >, ::layerwise::SVector < ::layerwise::__private::f32, {
        Net::__STAGE1.outputs } >
    );
}
const _: () = {
    use ::layerwise::__private::check::fits as __check;
    __check(Net::__STAGE1, "Encoder", "", ["", ""])
};
const _: () = {
    use ::layerwise::__private::check::fits as __check;
    if Net::__STAGE1.fits {
        __check(Net::__STAGE2, "my::Scale<5>", "Encoder", ["", ""])
    }
};
const _: () = {
    use ::layerwise::__private::check::inputs as __check;
    if Net::__STAGE2.fits {
        __check(
            5,
            Net::__STAGE2.outputs,
            "Linear(5, 2)",
            "my::Scale<5>",
            ["Linear(", ", 2)"],
        )
    }
};
