//! A network as a function of SQL: in this process, and on a cluster that loses an executor.

mod answer;
#[cfg(feature = "ballista")]
mod cluster;
mod engine;
mod rows;
mod score;
#[cfg(test)]
mod tests;

use std::{env, error::Error, sync::Arc};

use datafusion::logical_expr::ScalarUDF;
use layerwise::network;

use crate::score::Score;

/// How many numbers of a row the network takes.
const COLUMNS: usize = 8;

network! {
    /// What a row is worth, from 0 to 1.
    pub struct Judge = Linear(COLUMNS, 64) -> ReLU -> Linear(_, 32) -> ReLU -> Linear(_, 1) -> Sigmoid;
}

/// The function `score`, of a network that was never trained: its weights are the same in every process.
fn score() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Score::new("score", Judge::new())))
}

fn query(rows: usize) -> Result<String, Box<dyn Error>> {
    let file = rows::file(rows)?;
    Ok(format!(
        "SELECT id, score(a, b, c, d, e, f, g, h) AS score FROM '{}'",
        file.display()
    ))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        #[cfg(feature = "ballista")]
        ["scheduler", port] => cluster::schedule(port.parse()?),
        #[cfg(feature = "ballista")]
        ["executor", port, scheduler, folder] => {
            cluster::execute(port.parse()?, scheduler.parse()?, folder)
        }
        [] => compare(10_000_000),
        [rows] => compare(rows.parse()?),
        _ => Err("usage: sql [rows]".into()),
    }
}

fn compare(rows: usize) -> Result<(), Box<dyn Error>> {
    let _answer = engine::compare(rows)?;
    #[cfg(feature = "ballista")]
    cluster::survive(rows, _answer)?;
    Ok(())
}
