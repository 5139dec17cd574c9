//! What a query or a loop found.

use std::fmt;

use datafusion::{
    arrow::{
        array::{Array, AsArray},
        datatypes::{Float32Type, Int64Type},
    },
    error::Result,
    prelude::DataFrame,
};
use futures::StreamExt;

use crate::rows::mix;

/// How many rows there were, and a number of all their ids and scores, in whatever order they came.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Answer {
    pub rows: usize,
    sum: u64,
}

impl Answer {
    pub fn add(&mut self, id: u64, score: f32) {
        self.rows += 1;
        self.sum = self
            .sum
            .wrapping_add(mix((id << 32) | u64::from(score.to_bits())));
    }

    /// What the query of `frame`, with the columns `id` and `score`, finds.
    pub async fn of(frame: DataFrame) -> Result<Self> {
        let mut answer = Self::default();
        let mut batches = frame.execute_stream().await?;
        while let Some(batch) = batches.next().await {
            let batch = batch?;
            let ids = batch.column(0).as_primitive::<Int64Type>().values();
            let scores = batch.column(1).as_primitive::<Float32Type>();
            assert_eq!(scores.null_count(), 0, "no row of the table lacks a number");
            for (id, score) in ids.iter().zip(scores.values()) {
                answer.add(*id as u64, *score);
            }
        }
        Ok(answer)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} rows, checksum {:016x}", self.rows, self.sum)
    }
}
