/**

| stage | layer | shape | parameters |
| --- | --- | --- | --- |
| `body` | `NetBody` | 4 → 4 |  |
| `repeat1` | `NetRepeat1` × 3 | 4 → 4 |  |

![The same as a picture](…
*/
struct Net {
    ///`NetBody`
    pub body: NetBody,
    ///`NetRepeat1` × 3
    pub repeat1: [NetRepeat1; 3],
}
impl ::layerwise::__private::Clone for Net {
    fn clone(&self) -> Self {
        Self {
            body: ::layerwise::__private::Clone::clone(&self.body),
            repeat1: ::layerwise::__private::Clone::clone(&self.repeat1),
        }
    }
}
unsafe impl ::layerwise::Parameters for Net {
    const ZEROS: Self = Self {
        body: ::layerwise::Parameters::ZEROS,
        repeat1: ::layerwise::Parameters::ZEROS,
    };
    const LAYOUT: ::layerwise::Layout = ::layerwise::Layout::Struct(
        &[
            ::layerwise::Field::new(
                    "body",
                    "body",
                    <NetBody as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, body),
                )
                .stage(
                    "NetBody",
                    ::layerwise::Shape::new(&[4]),
                    ::layerwise::Shape::new(&[4]),
                ),
            ::layerwise::Field::new(
                    "repeat1",
                    "1",
                    <[NetRepeat1; 3] as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, repeat1),
                )
                .stage(
                    "NetRepeat1",
                    ::layerwise::Shape::new(&[4]),
                    ::layerwise::Shape::new(&[4]),
                ),
        ],
    );
    fn place(place: &mut ::layerwise::__private::MaybeUninit<Self>) -> &mut Self {
        ::layerwise::__private::place_fields!(
            place : body : ::layerwise::Parameters::place, repeat1 :
            ::layerwise::Parameters::place
        )
    }
}
impl ::layerwise::Layer<::layerwise::SVector<::layerwise::__private::f32, 4>> for Net {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 4>;
    #[inline]
    fn forward(
        &self,
        input: &::layerwise::SVector<::layerwise::__private::f32, 4>,
    ) -> Self::Output {
        ::layerwise::__private::flow::forward(self, input)
    }
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn flow<__F: ::layerwise::__private::Flow>(
        &self,
        flow: &mut __F,
        x: __F::Of<::layerwise::SVector<::layerwise::__private::f32, 4>>,
    ) -> __F::Of<Self::Output> {
        let x = ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >::flow(&self.body, flow, x);
        ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >::flow(&self.repeat1, flow, x)
    }
}
impl ::layerwise::Trainable<::layerwise::SVector<::layerwise::__private::f32, 4>> for Net
where
    for<'__t> NetBody: ::layerwise::Trainable<
        ::layerwise::SVector<::layerwise::__private::f32, 4>,
        Output = ::layerwise::SVector<::layerwise::__private::f32, 4>,
    >,
    for<'__t> [NetRepeat1; 3]: ::layerwise::Trainable<
        ::layerwise::SVector<::layerwise::__private::f32, 4>,
        Output = ::layerwise::SVector<::layerwise::__private::f32, 4>,
    >,
{
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 4>;
    type Kept<__F: ::layerwise::__private::Record> = (
        <NetBody as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::Kept<__F>,
        <[NetRepeat1; 3] as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::Kept<__F>,
    );
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn keep<__F: ::layerwise::__private::Record>(
        &self,
        flow: &mut __F,
        x: __F::Of<::layerwise::SVector<::layerwise::__private::f32, 4>>,
    ) -> (__F::Of<Self::Output>, Self::Kept<__F>) {
        let (x, kept0) = <NetBody as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::keep(&self.body, flow, x);
        let (x, kept1) = <[NetRepeat1; 3] as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::keep(&self.repeat1, flow, x);
        (x, (kept0, kept1))
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
    ) -> __F::Slope<::layerwise::SVector<::layerwise::__private::f32, 4>> {
        let (kept0, kept1) = kept;
        let dy = <[NetRepeat1; 3] as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::back::<__F, true>(&self.repeat1, &mut gradient.repeat1, flow, kept1, dy);
        let dy = <NetBody as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::back::<__F, __INPUT>(&self.body, &mut gradient.body, flow, kept0, dy);
        dy
    }
}
::layerwise::__private::network_api! {
    () Net, "Net", (::layerwise::SVector < ::layerwise::__private::f32, 4 >)
    (::layerwise::SVector < ::layerwise::__private::f32, 4 >), 4, 4,
    "…
}
/**

| stage | layer | shape | parameters |
| --- | --- | --- | --- |
| `linear0` | `Linear(4, 4)` | 4 → 4 | weight \[4, 4\], bias \[4\] |
| `tanh1` | `Tanh` | 4 → 4 |  |

![The same as a picture](…
*/
struct NetBody {
    ///`Linear(4, 4)`
    pub linear0: ::layerwise::Linear<::layerwise::__private::f32, 4, 4>,
    ///`Tanh`
    pub tanh1: ::layerwise::Tanh,
}
impl ::layerwise::__private::Clone for NetBody {
    fn clone(&self) -> Self {
        Self {
            linear0: ::layerwise::__private::Clone::clone(&self.linear0),
            tanh1: ::layerwise::__private::Clone::clone(&self.tanh1),
        }
    }
}
unsafe impl ::layerwise::Parameters for NetBody {
    const ZEROS: Self = Self {
        linear0: ::layerwise::Parameters::ZEROS,
        tanh1: ::layerwise::Parameters::ZEROS,
    };
    const LAYOUT: ::layerwise::Layout = ::layerwise::Layout::Struct(
        &[
            ::layerwise::Field::new(
                    "linear0",
                    "0",
                    <::layerwise::Linear<
                        ::layerwise::__private::f32,
                        4,
                        4,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, linear0),
                )
                .stage(
                    "Linear",
                    ::layerwise::Shape::new(&[4]),
                    ::layerwise::Shape::new(&[4]),
                ),
            ::layerwise::Field::new(
                    "tanh1",
                    "1",
                    <::layerwise::Tanh as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, tanh1),
                )
                .stage(
                    "Tanh",
                    ::layerwise::Shape::new(&[4]),
                    ::layerwise::Shape::new(&[4]),
                ),
        ],
    );
    fn place(place: &mut ::layerwise::__private::MaybeUninit<Self>) -> &mut Self {
        ::layerwise::__private::place_fields!(
            place : linear0 : ::layerwise::Parameters::place, tanh1 :
            ::layerwise::Parameters::place
        )
    }
}
impl ::layerwise::Layer<::layerwise::SVector<::layerwise::__private::f32, 4>>
for NetBody {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 4>;
    #[inline]
    fn forward(
        &self,
        input: &::layerwise::SVector<::layerwise::__private::f32, 4>,
    ) -> Self::Output {
        ::layerwise::__private::flow::forward(self, input)
    }
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn flow<__F: ::layerwise::__private::Flow>(
        &self,
        flow: &mut __F,
        x: __F::Of<::layerwise::SVector<::layerwise::__private::f32, 4>>,
    ) -> __F::Of<Self::Output> {
        ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >::flow_after::<
            _,
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
            _,
        >(&self.tanh1, flow, &self.linear0, x)
    }
}
impl ::layerwise::Trainable<::layerwise::SVector<::layerwise::__private::f32, 4>>
for NetBody {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 4>;
    type Kept<__F: ::layerwise::__private::Record> = (
        <::layerwise::Linear<
            ::layerwise::__private::f32,
            4,
            4,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::Kept<__F>,
        <::layerwise::Tanh as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::Kept<__F>,
    );
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn keep<__F: ::layerwise::__private::Record>(
        &self,
        flow: &mut __F,
        x: __F::Of<::layerwise::SVector<::layerwise::__private::f32, 4>>,
    ) -> (__F::Of<Self::Output>, Self::Kept<__F>) {
        let (x, kept0, kept1) = ::layerwise::Trainable::<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >::keep_after::<
            _,
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
            _,
        >(&self.tanh1, flow, &self.linear0, x);
        (x, (kept0, kept1))
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
    ) -> __F::Slope<::layerwise::SVector<::layerwise::__private::f32, 4>> {
        let (kept0, kept1) = kept;
        let dy = <::layerwise::Tanh as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::back::<__F, true>(&self.tanh1, &mut gradient.tanh1, flow, kept1, dy);
        let dy = <::layerwise::Linear<
            ::layerwise::__private::f32,
            4,
            4,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::back::<__F, __INPUT>(&self.linear0, &mut gradient.linear0, flow, kept0, dy);
        dy
    }
}
::layerwise::__private::network_api! {
    () NetBody, "NetBody", (::layerwise::SVector < ::layerwise::__private::f32, 4 >)
    (::layerwise::SVector < ::layerwise::__private::f32, 4 >), 4, 4,
    "…
}
/**

| stage | layer | shape | parameters |
| --- | --- | --- | --- |
| `linear0` | `Linear(_, 4)` | 4 → 4 | weight \[4, 4\], bias \[4\] |
| `relu1` | `ReLU` | 4 → 4 |  |

![The same as a picture](…
*/
struct NetRepeat1 {
    ///`Linear(_, 4)`
    pub linear0: ::layerwise::Linear<::layerwise::__private::f32, 4, 4>,
    ///`ReLU`
    pub relu1: ::layerwise::ReLU,
}
impl ::layerwise::__private::Clone for NetRepeat1 {
    fn clone(&self) -> Self {
        Self {
            linear0: ::layerwise::__private::Clone::clone(&self.linear0),
            relu1: ::layerwise::__private::Clone::clone(&self.relu1),
        }
    }
}
unsafe impl ::layerwise::Parameters for NetRepeat1 {
    const ZEROS: Self = Self {
        linear0: ::layerwise::Parameters::ZEROS,
        relu1: ::layerwise::Parameters::ZEROS,
    };
    const LAYOUT: ::layerwise::Layout = ::layerwise::Layout::Struct(
        &[
            ::layerwise::Field::new(
                    "linear0",
                    "0",
                    <::layerwise::Linear<
                        ::layerwise::__private::f32,
                        4,
                        4,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, linear0),
                )
                .stage(
                    "Linear",
                    ::layerwise::Shape::new(&[4]),
                    ::layerwise::Shape::new(&[4]),
                ),
            ::layerwise::Field::new(
                    "relu1",
                    "1",
                    <::layerwise::ReLU as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, relu1),
                )
                .stage(
                    "ReLU",
                    ::layerwise::Shape::new(&[4]),
                    ::layerwise::Shape::new(&[4]),
                ),
        ],
    );
    fn place(place: &mut ::layerwise::__private::MaybeUninit<Self>) -> &mut Self {
        ::layerwise::__private::place_fields!(
            place : linear0 : ::layerwise::Parameters::place, relu1 :
            ::layerwise::Parameters::place
        )
    }
}
impl ::layerwise::Layer<::layerwise::SVector<::layerwise::__private::f32, 4>>
for NetRepeat1 {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 4>;
    #[inline]
    fn forward(
        &self,
        input: &::layerwise::SVector<::layerwise::__private::f32, 4>,
    ) -> Self::Output {
        ::layerwise::__private::flow::forward(self, input)
    }
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn flow<__F: ::layerwise::__private::Flow>(
        &self,
        flow: &mut __F,
        x: __F::Of<::layerwise::SVector<::layerwise::__private::f32, 4>>,
    ) -> __F::Of<Self::Output> {
        ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >::flow_after::<
            _,
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
            _,
        >(&self.relu1, flow, &self.linear0, x)
    }
}
impl ::layerwise::Trainable<::layerwise::SVector<::layerwise::__private::f32, 4>>
for NetRepeat1 {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 4>;
    type Kept<__F: ::layerwise::__private::Record> = (
        <::layerwise::Linear<
            ::layerwise::__private::f32,
            4,
            4,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::Kept<__F>,
        <::layerwise::ReLU as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::Kept<__F>,
    );
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn keep<__F: ::layerwise::__private::Record>(
        &self,
        flow: &mut __F,
        x: __F::Of<::layerwise::SVector<::layerwise::__private::f32, 4>>,
    ) -> (__F::Of<Self::Output>, Self::Kept<__F>) {
        let (x, kept0, kept1) = ::layerwise::Trainable::<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >::keep_after::<
            _,
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
            _,
        >(&self.relu1, flow, &self.linear0, x);
        (x, (kept0, kept1))
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
    ) -> __F::Slope<::layerwise::SVector<::layerwise::__private::f32, 4>> {
        let (kept0, kept1) = kept;
        let dy = <::layerwise::ReLU as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::back::<__F, true>(&self.relu1, &mut gradient.relu1, flow, kept1, dy);
        let dy = <::layerwise::Linear<
            ::layerwise::__private::f32,
            4,
            4,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 4>,
        >>::back::<__F, __INPUT>(&self.linear0, &mut gradient.linear0, flow, kept0, dy);
        dy
    }
}
::layerwise::__private::network_api! {
    () NetRepeat1, "NetRepeat1", (::layerwise::SVector < ::layerwise::__private::f32, 4
    >) (::layerwise::SVector < ::layerwise::__private::f32, 4 >), 4, 4,
    "…
}
