/**

| stage | layer | shape | parameters |
| --- | --- | --- | --- |
| `gru` | `GRU(1, 8)` | 1 → 8 | weight_ih_l0 \[24, 1\], weight_hh_l0 \[24, 8\], bias_ih_l0 \[24\], bias_hh_l0 \[24\] |
| `repeat1` | `Residual(Conv1d(8, 8, 2))` × 2 | 8 → 8 |  |
| `fc` | `Linear(8, 1)` | 8 → 1 | weight \[1, 8\], bias \[1\] |

![The same as a picture](…
*/
pub struct Amp {
    ///`GRU(1, 8)`
    pub gru: ::layerwise::GRU<
        ::layerwise::__private::f32,
        1,
        8,
        24,
        ::layerwise::SVector<::layerwise::__private::f32, 24>,
        0usize,
    >,
    ///`Residual(Conv1d(8, 8, 2))` × 2
    pub repeat1: [AmpRepeat1; 2],
    ///`Linear(8, 1)`
    pub fc: ::layerwise::Linear<::layerwise::__private::f32, 8, 1>,
}
impl ::layerwise::__private::Clone for Amp {
    fn clone(&self) -> Self {
        Self {
            gru: ::layerwise::__private::Clone::clone(&self.gru),
            repeat1: ::layerwise::__private::Clone::clone(&self.repeat1),
            fc: ::layerwise::__private::Clone::clone(&self.fc),
        }
    }
}
unsafe impl ::layerwise::Parameters for Amp {
    const ZEROS: Self = Self {
        gru: ::layerwise::Parameters::ZEROS,
        repeat1: ::layerwise::Parameters::ZEROS,
        fc: ::layerwise::Parameters::ZEROS,
    };
    const LAYOUT: ::layerwise::Layout = ::layerwise::Layout::Struct(
        &[
            ::layerwise::Field::new(
                    "gru",
                    "gru",
                    <::layerwise::GRU<
                        ::layerwise::__private::f32,
                        1,
                        8,
                        24,
                        ::layerwise::SVector<::layerwise::__private::f32, 24>,
                        0usize,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, gru),
                )
                .stage(
                    "GRU",
                    ::layerwise::Shape::new(&[1]),
                    ::layerwise::Shape::new(&[8]),
                ),
            ::layerwise::Field::new(
                    "repeat1",
                    "1",
                    <[AmpRepeat1; 2] as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, repeat1),
                )
                .stage(
                    "Residual",
                    ::layerwise::Shape::new(&[8]),
                    ::layerwise::Shape::new(&[8]),
                ),
            ::layerwise::Field::new(
                    "fc",
                    "fc",
                    <::layerwise::Linear<
                        ::layerwise::__private::f32,
                        8,
                        1,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, fc),
                )
                .stage(
                    "Linear",
                    ::layerwise::Shape::new(&[8]),
                    ::layerwise::Shape::new(&[1]),
                ),
        ],
    );
    fn place(place: &mut ::layerwise::__private::MaybeUninit<Self>) -> &mut Self {
        ::layerwise::__private::place_fields!(
            place : gru : ::layerwise::Parameters::place, repeat1 :
            ::layerwise::Parameters::place, fc : ::layerwise::Parameters::place
        )
    }
}
impl ::layerwise::Recurrent<::layerwise::SVector<::layerwise::__private::f32, 1>>
for Amp {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 1>;
    type State = AmpState;
    #[inline]
    fn step(
        &self,
        state: &mut AmpState,
        x: &::layerwise::SVector<::layerwise::__private::f32, 1>,
    ) -> ::layerwise::SVector<::layerwise::__private::f32, 1> {
        let x = &::layerwise::Recurrent::<
            ::layerwise::SVector<::layerwise::__private::f32, 1>,
        >::step(&self.gru, &mut state.gru, x);
        let x = &::layerwise::__private::Stage::<
            { true },
        >::repeat::<
            ::layerwise::SVector<::layerwise::__private::f32, 8>,
            ::layerwise::SVector<::layerwise::__private::f32, 8>,
            _,
            _,
        >(&self.repeat1, &mut state.repeat1, x);
        ::layerwise::Layer::<
            ::layerwise::SVector<::layerwise::__private::f32, 8>,
        >::forward(&self.fc, x)
    }
}
///What [`Amp`] remembers of a stream.
pub struct AmpState {
    gru: <::layerwise::GRU<
        ::layerwise::__private::f32,
        1,
        8,
        24,
        ::layerwise::SVector<::layerwise::__private::f32, 24>,
        0usize,
    > as ::layerwise::Recurrent<
        ::layerwise::SVector<::layerwise::__private::f32, 1>,
    >>::State,
    repeat1: [<AmpRepeat1 as ::layerwise::Recurrent<
        ::layerwise::SVector<::layerwise::__private::f32, 8>,
    >>::State; 2],
}
impl ::layerwise::__private::Clone for AmpState {
    fn clone(&self) -> Self {
        Self {
            gru: ::layerwise::__private::Clone::clone(&self.gru),
            repeat1: ::layerwise::__private::Clone::clone(&self.repeat1),
        }
    }
}
impl ::layerwise::__private::Default for AmpState {
    fn default() -> Self {
        Self {
            gru: ::layerwise::__private::Default::default(),
            repeat1: ::layerwise::__private::array::from_fn(|_| ::layerwise::__private::Default::default()),
        }
    }
}
impl ::layerwise::__private::stream::Start for AmpState
where
    for<'__t> <::layerwise::GRU<
        ::layerwise::__private::f32,
        1,
        8,
        24,
        ::layerwise::SVector<::layerwise::__private::f32, 24>,
        0usize,
    > as ::layerwise::Recurrent<
        ::layerwise::SVector<::layerwise::__private::f32, 1>,
    >>::State: ::layerwise::__private::stream::Start,
    for<'__t> [<AmpRepeat1 as ::layerwise::Recurrent<
        ::layerwise::SVector<::layerwise::__private::f32, 8>,
    >>::State; 2]: ::layerwise::__private::stream::Start,
{
    const START: Self = Self {
        gru: <<::layerwise::GRU<
            ::layerwise::__private::f32,
            1,
            8,
            24,
            ::layerwise::SVector<::layerwise::__private::f32, 24>,
            0usize,
        > as ::layerwise::Recurrent<
            ::layerwise::SVector<::layerwise::__private::f32, 1>,
        >>::State as ::layerwise::__private::stream::Start>::START,
        repeat1: <[<AmpRepeat1 as ::layerwise::Recurrent<
            ::layerwise::SVector<::layerwise::__private::f32, 8>,
        >>::State; 2] as ::layerwise::__private::stream::Start>::START,
    };
}
::layerwise::__private::stream_api! {
    () Amp, AmpState, "Amp", f32, 1, 1,
    "…
}
/**

| stage | layer | shape | parameters |
| --- | --- | --- | --- |
| `conv1d0` | `Conv1d(8, 8, 2)` | 8 → 8 | weight \[8, 8, 2\], bias \[8\] |

![The same as a picture](…
*/
pub struct AmpRepeat1 {
    ///`Conv1d(8, 8, 2)`
    pub conv1d0: ::layerwise::CausalConv1d<::layerwise::__private::f32, 8, 8, 2, 16, 1>,
}
impl ::layerwise::__private::Clone for AmpRepeat1 {
    fn clone(&self) -> Self {
        Self {
            conv1d0: ::layerwise::__private::Clone::clone(&self.conv1d0),
        }
    }
}
unsafe impl ::layerwise::Parameters for AmpRepeat1 {
    const ZEROS: Self = Self {
        conv1d0: ::layerwise::Parameters::ZEROS,
    };
    const LAYOUT: ::layerwise::Layout = ::layerwise::Layout::Struct(
        &[
            ::layerwise::Field::new(
                    "conv1d0",
                    "0",
                    <::layerwise::CausalConv1d<
                        ::layerwise::__private::f32,
                        8,
                        8,
                        2,
                        16,
                        1,
                    > as ::layerwise::Parameters>::LAYOUT,
                    ::layerwise::__private::offset_of!(Self, conv1d0),
                )
                .stage(
                    "Conv1d",
                    ::layerwise::Shape::new(&[8]),
                    ::layerwise::Shape::new(&[8]),
                )
                .beside(1usize),
        ],
    );
    fn place(place: &mut ::layerwise::__private::MaybeUninit<Self>) -> &mut Self {
        ::layerwise::__private::place_fields!(
            place : conv1d0 : ::layerwise::Parameters::place
        )
    }
}
impl ::layerwise::Recurrent<::layerwise::SVector<::layerwise::__private::f32, 8>>
for AmpRepeat1 {
    type Output = ::layerwise::SVector<::layerwise::__private::f32, 8>;
    type State = AmpRepeat1State;
    #[inline]
    fn step(
        &self,
        state: &mut AmpRepeat1State,
        x: &::layerwise::SVector<::layerwise::__private::f32, 8>,
    ) -> ::layerwise::SVector<::layerwise::__private::f32, 8> {
        let entered = x;
        let left = {
            ::layerwise::Recurrent::<
                ::layerwise::SVector<::layerwise::__private::f32, 8>,
            >::step(&self.conv1d0, &mut state.conv1d0, x)
        };
        ::layerwise::__private::Stage::<
            { true },
        >::zip::<
            ::layerwise::SVector<::layerwise::__private::f32, 8>,
            ::layerwise::SVector<::layerwise::__private::f32, 8>,
        >(
            ::layerwise::__private::kernels::Zip::Add,
            ::layerwise::__private::Clone::clone(entered),
            &left,
        )
    }
}
///What [`AmpRepeat1`] remembers of a stream.
pub struct AmpRepeat1State {
    conv1d0: <::layerwise::CausalConv1d<
        ::layerwise::__private::f32,
        8,
        8,
        2,
        16,
        1,
    > as ::layerwise::Recurrent<
        ::layerwise::SVector<::layerwise::__private::f32, 8>,
    >>::State,
}
impl ::layerwise::__private::Clone for AmpRepeat1State {
    fn clone(&self) -> Self {
        Self {
            conv1d0: ::layerwise::__private::Clone::clone(&self.conv1d0),
        }
    }
}
impl ::layerwise::__private::Default for AmpRepeat1State {
    fn default() -> Self {
        Self {
            conv1d0: ::layerwise::__private::Default::default(),
        }
    }
}
impl ::layerwise::__private::stream::Start for AmpRepeat1State
where
    for<'__t> <::layerwise::CausalConv1d<
        ::layerwise::__private::f32,
        8,
        8,
        2,
        16,
        1,
    > as ::layerwise::Recurrent<
        ::layerwise::SVector<::layerwise::__private::f32, 8>,
    >>::State: ::layerwise::__private::stream::Start,
{
    const START: Self = Self {
        conv1d0: <<::layerwise::CausalConv1d<
            ::layerwise::__private::f32,
            8,
            8,
            2,
            16,
            1,
        > as ::layerwise::Recurrent<
            ::layerwise::SVector<::layerwise::__private::f32, 8>,
        >>::State as ::layerwise::__private::stream::Start>::START,
    };
}
::layerwise::__private::stream_api! {
    () AmpRepeat1, AmpRepeat1State, "AmpRepeat1", f32, 8, 8,
    "…
}
