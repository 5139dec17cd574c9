//! Times, as a table in Markdown.

use std::fmt;

use crate::contestants::EXPERT_AVX2;
use crate::contestants::layerwise::NAME_AVX2;

pub struct Table {
    pub title: &'static str,
    /// Of the times.
    pub unit: &'static str,
    /// Whose time the others' are compared with.
    pub base: &'static str,
    /// Whose the columns are.
    pub contestants: Vec<&'static str>,
    pub rows: Vec<Row>,
}

pub struct Row {
    pub model: &'static str,
    /// Nanoseconds, by columns; nothing for those who don't take part.
    pub times: Vec<Option<f64>>,
}

impl Table {
    /// Whether a contestant has been timed.
    pub fn has(&self, name: &str) -> bool {
        let column = self.contestants.iter().position(|&c| c == name);
        column.is_some_and(|column| self.rows.iter().any(|row| row.times[column].is_some()))
    }

    /// The time of `row` over that of the base, for each contestant: for those of AVX2, and where
    /// there is no other, over that of the expert for AVX2.
    pub fn ratios(&self, row: &Row) -> Vec<Option<f64>> {
        let time = |name: &str| {
            let column = self.contestants.iter().position(|&c| c == name)?;
            row.times[column]
        };
        let (best, avx2) = (time(self.base), time(EXPERT_AVX2));
        let contestants = row.times.iter().zip(&self.contestants);
        contestants
            .map(|(time, name)| {
                let is_of_avx2 = [NAME_AVX2, EXPERT_AVX2].contains(name);
                Some((*time)? / if is_of_avx2 { avx2 } else { best.or(avx2) }?)
            })
            .collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Columns without a time say nothing.
        let columns = (0..self.contestants.len()).filter(|&c| self.has(self.contestants[c]));
        let columns: Vec<usize> = columns.collect();
        write!(f, "| {}, {} |", self.title, self.unit)?;
        for &column in &columns {
            write!(f, " {} |", self.contestants[column])?;
        }
        writeln!(f, "\n|---|{}", "--:|".repeat(columns.len()))?;
        for row in &self.rows {
            let ratios = self.ratios(row);
            write!(f, "| {} |", row.model)?;
            for &column in &columns {
                match (row.times[column], ratios[column]) {
                    (None, _) => f.write_str(" – |")?,
                    (Some(time), None) => write!(f, " {} |", digits(time))?,
                    (Some(time), Some(ratio)) => {
                        write!(f, " {} ({}) |", digits(time), digits(ratio))?;
                    }
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Three digits or more.
fn digits(x: f64) -> String {
    match x {
        ..9.995 => format!("{x:.2}"),
        ..99.95 => format!("{x:.1}"),
        _ => format!("{x:.0}"),
    }
}
