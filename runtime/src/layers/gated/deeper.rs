//! The layers behind the first.

use core::mem::offset_of;

use nalgebra::SMatrix;

use crate::{
    kernels::cell::Cell,
    layers::linear::Bias,
    parameters::{
        Parameters,
        layout::{Field, Layout},
    },
    scalar::Scalar,
};

/// The layers of a `num_layers = n` behind the first, `DEEPER` of them, with the keys of their places:
/// `weight_ih_l1` and so on.
#[derive(Clone, Debug, PartialEq)]
pub struct Deeper<T: Scalar, const HIDDEN: usize, const SUMS: usize, B, const DEEPER: usize>
where
    B: Bias<T>,
{
    /// From the second on.
    pub layers: [Deep<T, HIDDEN, SUMS, B>; DEEPER],
}

/// One of the layers of [`Deeper`].
#[derive(Clone, Debug, PartialEq, Parameters)]
#[parameters(crate = crate)]
#[repr(C, align(64))]
pub struct Deep<T: Scalar, const HIDDEN: usize, const SUMS: usize, B>
where
    B: Bias<T>,
{
    /// A row for each gate and unit, one gate after another.
    pub weight_ih: SMatrix<T, SUMS, HIDDEN>,
    /// The same for what the layer remembers.
    pub weight_hh: SMatrix<T, SUMS, HIDDEN>,
    /// `SUMS` numbers, or [`NoBias`](crate::layers::NoBias).
    pub bias_ih: B,
    /// The same, added to the products with what the layer remembers.
    pub bias_hh: B,
}

impl<T: Scalar, const HIDDEN: usize, const SUMS: usize, B: Bias<T>> Deep<T, HIDDEN, SUMS, B> {
    /// What a kernel takes.
    #[inline(always)]
    pub(super) fn cell(&self) -> Cell<T, HIDDEN> {
        super::cell(
            &self.weight_ih,
            &self.weight_hh,
            [&self.bias_ih, &self.bias_hh],
        )
    }
}

macro_rules! names {
    ($layer:literal) => {
        [
            concat!("weight_ih_l", $layer),
            concat!("weight_hh_l", $layer),
            concat!("bias_ih_l", $layer),
            concat!("bias_hh_l", $layer),
        ]
    };
}

/// The names of the tensors of the layers behind the first.
const NAMES: [[&str; 4]; 7] = [
    names!("1"),
    names!("2"),
    names!("3"),
    names!("4"),
    names!("5"),
    names!("6"),
    names!("7"),
];

impl<T: Scalar, const HIDDEN: usize, const SUMS: usize, B: Bias<T>, const DEEPER: usize>
    Deeper<T, HIDDEN, SUMS, B, DEEPER>
{
    const FIELDS: [[Field; 4]; DEEPER] = {
        let mut fields = [[Field::new("", "", Layout::Struct(&[]), 0); 4]; DEEPER];
        let mut layer = 0;
        while layer < DEEPER {
            let at = layer * size_of::<Deep<T, HIDDEN, SUMS, B>>();
            let [weight_ih, weight_hh, bias_ih, bias_hh] = NAMES[layer];
            let weight = <SMatrix<T, SUMS, HIDDEN> as Parameters>::LAYOUT;
            let ih = at + offset_of!(Deep<T, HIDDEN, SUMS, B>, weight_ih);
            let hh = at + offset_of!(Deep<T, HIDDEN, SUMS, B>, weight_hh);
            let bias = [
                at + offset_of!(Deep<T, HIDDEN, SUMS, B>, bias_ih),
                at + offset_of!(Deep<T, HIDDEN, SUMS, B>, bias_hh),
            ];
            fields[layer] = [
                Field::new(weight_ih, weight_ih, weight, ih)
                    .matrix()
                    .fan_in(HIDDEN),
                Field::new(weight_hh, weight_hh, weight, hh)
                    .matrix()
                    .fan_in(HIDDEN),
                Field::new(bias_ih, bias_ih, B::LAYOUT, bias[0]).fan_in(HIDDEN),
                Field::new(bias_hh, bias_hh, B::LAYOUT, bias[1]).fan_in(HIDDEN),
            ];
            layer += 1;
        }
        fields
    };
}

// SAFETY: the fields are those of each layer, one layer after another.
unsafe impl<T: Scalar, const HIDDEN: usize, const SUMS: usize, B: Bias<T>, const DEEPER: usize>
    Parameters for Deeper<T, HIDDEN, SUMS, B, DEEPER>
{
    const ZEROS: Self = Self {
        layers: Parameters::ZEROS,
    };
    const LAYOUT: Layout = Layout::Struct(Self::FIELDS.as_flattened());

    fn place(place: &mut core::mem::MaybeUninit<Self>) -> &mut Self {
        crate::__place!(place: layers: Parameters::place)
    }
}
