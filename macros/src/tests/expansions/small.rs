/// Five hidden units and one output.
/**

| stage | layer | shape | parameters |
| --- | --- | --- | --- |
| `fc1` | `Linear(10, 5)` | 10 → 5 | weight \[5, 10\], bias \[5\] |
| `relu1` | `ReLU` | 5 → 5 |  |
| `fc2` | `Linear(5, 1)` | 5 → 1 | weight \[1, 5\], bias \[1\] |

![The same as a picture](…
*/
pub struct SimpleNN {
    ///`Linear(10, 5)`
    pub fc1: ::layerwise::Linear<::layerwise::__private::f32, 10, 5>,
    ///`ReLU`
    pub relu1: ::layerwise::ReLU,
    ///`Linear(5, 1)`
    pub fc2: ::layerwise::Linear<::layerwise::__private::f32, 5, 1>,
}
impl ::layerwise::__private::Clone for SimpleNN {
    fn clone(&self) -> Self {
        Self {
            fc1: ::layerwise::__private::Clone::clone(&self.fc1),
            relu1: ::layerwise::__private::Clone::clone(&self.relu1),
            fc2: ::layerwise::__private::Clone::clone(&self.fc2),
        }
    }
}
unsafe impl ::layerwise::Parameters for SimpleNN {
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
                        10,
                        5,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, fc1),
                )
                .stage(
                    "Linear",
                    ::layerwise::Shape::new(&[10]),
                    ::layerwise::Shape::new(&[5]),
                ),
            ::layerwise::Field::new(
                    "relu1",
                    "1",
                    <::layerwise::ReLU as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, relu1),
                )
                .stage(
                    "ReLU",
                    ::layerwise::Shape::new(&[5]),
                    ::layerwise::Shape::new(&[5]),
                ),
            ::layerwise::Field::new(
                    "fc2",
                    "fc2",
                    <::layerwise::Linear<
                        ::layerwise::__private::f32,
                        5,
                        1,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, fc2),
                )
                .stage(
                    "Linear",
                    ::layerwise::Shape::new(&[5]),
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
impl ::layerwise::Layer<::layerwise::SVector<::layerwise::__private::f32, 10>>
for SimpleNN {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 1>;
    #[inline]
    fn forward(
        &self,
        input: &::layerwise::SVector<::layerwise::__private::f32, 10>,
    ) -> Self::Output {
        ::layerwise::__private::flow::forward(self, input)
    }
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn flow<__F: ::layerwise::__private::Flow>(
        &self,
        flow: &mut __F,
        x: __F::Of<::layerwise::SVector<::layerwise::__private::f32, 10>>,
    ) -> __F::Of<Self::Output> {
        let x = ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f32, 5>,
        >::flow_after::<
            _,
            ::layerwise::SVector<::layerwise::__private::f32, 10>,
            _,
        >(&self.relu1, flow, &self.fc1, x);
        ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f32, 5>,
        >::flow(&self.fc2, flow, x)
    }
}
impl ::layerwise::Trainable<::layerwise::SVector<::layerwise::__private::f32, 10>>
for SimpleNN {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 1>;
    type Kept<__F: ::layerwise::__private::Record> = (
        <::layerwise::Linear<
            ::layerwise::__private::f32,
            10,
            5,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 10>,
        >>::Kept<__F>,
        <::layerwise::ReLU as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 5>,
        >>::Kept<__F>,
        <::layerwise::Linear<
            ::layerwise::__private::f32,
            5,
            1,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 5>,
        >>::Kept<__F>,
    );
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn keep<__F: ::layerwise::__private::Record>(
        &self,
        flow: &mut __F,
        x: __F::Of<::layerwise::SVector<::layerwise::__private::f32, 10>>,
    ) -> (__F::Of<Self::Output>, Self::Kept<__F>) {
        let (x, kept0, kept1) = ::layerwise::Trainable::<
            ::layerwise::SVector<::layerwise::__private::f32, 5>,
        >::keep_after::<
            _,
            ::layerwise::SVector<::layerwise::__private::f32, 10>,
            _,
        >(&self.relu1, flow, &self.fc1, x);
        let (x, kept2) = <::layerwise::Linear<
            ::layerwise::__private::f32,
            5,
            1,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 5>,
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
    ) -> __F::Slope<::layerwise::SVector<::layerwise::__private::f32, 10>> {
        let (kept0, kept1, kept2) = kept;
        let dy = <::layerwise::Linear<
            ::layerwise::__private::f32,
            5,
            1,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 5>,
        >>::back::<__F, true>(&self.fc2, &mut gradient.fc2, flow, kept2, dy);
        let dy = <::layerwise::ReLU as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 5>,
        >>::back::<__F, true>(&self.relu1, &mut gradient.relu1, flow, kept1, dy);
        let dy = <::layerwise::Linear<
            ::layerwise::__private::f32,
            10,
            5,
        > as ::layerwise::Trainable<
            ::layerwise::SVector<::layerwise::__private::f32, 10>,
        >>::back::<__F, __INPUT>(&self.fc1, &mut gradient.fc1, flow, kept0, dy);
        dy
    }
}
::layerwise::__private::network_api! {
    () SimpleNN, "SimpleNN", (::layerwise::SVector < ::layerwise::__private::f32, 10 >)
    (::layerwise::SVector < ::layerwise::__private::f32, 1 >), 10, 1,
    "…
}
