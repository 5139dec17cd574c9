//! What a layout says of a tensor.

/// The shape and the scalar of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tensor {
    dims: [usize; 4],
    rank: usize,
    scalar: &'static str,
}

impl Tensor {
    pub(crate) const fn new(rows: usize, columns: usize, scalar: &'static str) -> Self {
        Self {
            dims: [rows, columns, 1, 1],
            rank: if columns == 1 { 1 } else { 2 },
            scalar,
        }
    }

    /// A count, which is saved and not trained: an `i64` without dimensions.
    pub(crate) const COUNT: Self = Self {
        dims: [1; 4],
        rank: 0,
        scalar: "i64",
    };

    /// Whether it is a count.
    pub(crate) const fn is_count(&self) -> bool {
        self.rank == 0
    }

    /// The same, as a matrix.
    pub(crate) const fn matrix(self) -> Self {
        Self { rank: 2, ..self }
    }

    /// A convolution's weight: outputs, inputs, and the rows and columns of taps. Over windows there are
    /// no rows.
    pub(crate) const fn taps(
        [outputs, inputs, height, width]: [usize; 4],
        scalar: &'static str,
    ) -> Self {
        let (dims, rank) = if height == 0 {
            ([outputs, inputs, width, 1], 3)
        } else {
            ([outputs, inputs, height, width], 4)
        };
        Self { dims, rank, scalar }
    }

    /// The lengths of the dimensions: `[rows, columns]`, `[rows]` for a vector, `[]` for a count,
    /// `[outputs, inputs, taps]` or `[outputs, inputs, rows, columns]` for a convolution, which keeps
    /// them output by output, those of each input in turn for each tap.
    #[must_use]
    pub const fn shape(&self) -> &[usize] {
        self.dims.split_at(self.rank).0
    }

    /// The scalar's name in Rust.
    #[must_use]
    pub const fn scalar(&self) -> &'static str {
        self.scalar
    }

    /// How many numbers it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.dims[0] * self.dims[1] * self.taps_of_each()
    }

    /// How many numbers there are for each output and input.
    #[must_use]
    const fn taps_of_each(&self) -> usize {
        self.dims[2] * self.dims[3]
    }

    /// How many bytes they take.
    pub(crate) const fn bytes(&self) -> usize {
        let scalar = match self.scalar.as_bytes() {
            b"f32" => size_of::<f32>(),
            _ => size_of::<f64>(),
        };
        self.len() * scalar
    }

    /// Whether it holds none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rows, inputs and taps; a vector has one input, and a matrix one tap.
    #[cfg(feature = "std")]
    pub(crate) const fn dims(&self) -> [usize; 3] {
        [self.dims[0], self.dims[1], self.taps_of_each()]
    }
}
