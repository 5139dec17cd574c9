//! A network as a scalar function of DataFusion. This file is all that it takes: copy it.

use std::{
    fmt,
    hash::{Hash, Hasher},
    ptr,
    sync::Arc,
};

use datafusion::{
    arrow::{
        array::{Array, AsArray, Float32Array},
        buffer::NullBuffer,
        datatypes::{DataType, Float32Type},
    },
    common::{Result, plan_err},
    logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility},
};
use layerwise::{Layer, Network, SVector};

/// The function `name(x1, …, xN)`, whose value is what `network` answers. It is NULL where an argument is.
pub struct Score<M, const N: usize> {
    name: String,
    network: M,
    signature: Signature,
}

impl<M, const N: usize> Score<M, N>
where
    M: Network<Input = SVector<f32, N>> + Layer<SVector<f32, N>, Output = SVector<f32, 1>>,
{
    pub fn new(name: &str, network: M) -> Self {
        Self {
            name: name.to_owned(),
            network,
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }

    /// The answers for the rows of `columns`, which are all of one length.
    fn answers(&self, columns: &[&[f32]; N]) -> Vec<f32> {
        /// A block of rows stays in the first cache until the network reads it.
        const BLOCK: usize = 256;
        let mut rows = [SVector::<f32, N>::zeros(); BLOCK];
        let mut outputs = [SVector::<f32, 1>::zeros(); BLOCK];
        let count = columns.first().map_or(0, |column| column.len());
        let mut answers = Vec::with_capacity(count);
        for start in (0..count).step_by(BLOCK) {
            let size = BLOCK.min(count - start);
            for (i, column) in columns.iter().enumerate() {
                for (row, x) in rows.iter_mut().zip(&column[start..start + size]) {
                    row[i] = *x;
                }
            }
            self.network
                .forward_batch(&rows[..size], &mut outputs[..size]);
            answers.extend(outputs[..size].iter().map(|output| output[0]));
        }
        answers
    }
}

impl<M, const N: usize> ScalarUDFImpl for Score<M, N>
where
    M: Network<Input = SVector<f32, N>> + Layer<SVector<f32, N>, Output = SVector<f32, 1>>,
    M: Send + Sync + 'static,
{
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Numbers of any type are cast to the network's.
    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        if types.len() != N {
            return plan_err!("`{}` takes {N} numbers, not {}", self.name, types.len());
        }
        match types
            .iter()
            .find(|kind| !kind.is_numeric() && !kind.is_null())
        {
            Some(kind) => plan_err!("`{}` takes numbers, not {kind}", self.name),
            None => Ok(vec![DataType::Float32; N]),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float32)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let arrays: [&Float32Array; N] =
            std::array::from_fn(|i| arrays[i].as_primitive::<Float32Type>());
        let answers = self.answers(&arrays.map(|array| &**array.values()));
        let nulls = arrays.iter().fold(None, |nulls, array| {
            NullBuffer::union(nulls.as_ref(), array.nulls())
        });
        let answers = Float32Array::new(answers.into(), nulls);
        Ok(ColumnarValue::Array(Arc::new(answers)))
    }
}

// DataFusion compares functions to find equal expressions; networks can't be compared.
impl<M, const N: usize> PartialEq for Score<M, N> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self, other)
    }
}

impl<M, const N: usize> Eq for Score<M, N> {}

impl<M, const N: usize> Hash for Score<M, N> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl<M, const N: usize> fmt::Debug for Score<M, N> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.name)
    }
}
