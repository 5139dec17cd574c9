//! The query in this process, beside a plain loop over the same columns in memory.

use std::{
    error::Error,
    fs, thread,
    time::{Duration, Instant},
};

use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};
use futures::TryStreamExt;
use layerwise::SVector;
use tokio::runtime::Builder;

use crate::{COLUMNS, Judge, answer::Answer, query, rows, score};

/// Each time is the least of so many, since other programs run too.
const ROUNDS: usize = 9;

type Columns = [Vec<f32>; COLUMNS];

/// Prints how long the loop, the query and reading take, and returns what the loop finds.
pub fn compare(rows: usize) -> Result<Answer, Box<dyn Error>> {
    let query = query(rows)?;
    let file = rows::file(rows)?;
    println!(
        "{rows} rows, {:.0} MB of Parquet",
        fs::metadata(&file)?.len() as f64 / 1e6
    );
    let everything = format!("SELECT * FROM '{}'", file.display());
    let columns = std::array::from_fn(|i| rows::column(i, 0, rows));
    let mut expected = Answer::default();
    for cores in [1, thread::available_parallelism()?.get()] {
        println!("\n{cores} thread{}", if cores == 1 { "" } else { "s" });
        let runtime = Builder::new_multi_thread()
            .worker_threads(cores)
            .enable_all()
            .build()?;
        let context = session(cores);
        let [mut plain, mut queried, mut read] = [Duration::MAX; 3];
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let scores = on_threads(cores, &columns);
            plain = plain.min(start.elapsed());
            expected = Answer::default();
            scores
                .iter()
                .enumerate()
                .for_each(|(id, score)| expected.add(id as u64, *score));

            let start = Instant::now();
            let answer =
                runtime.block_on(async { Answer::of(context.sql(&query).await?).await })?;
            queried = queried.min(start.elapsed());
            if answer != expected {
                return Err(format!("the query found {answer}, the loop {expected}").into());
            }

            let start = Instant::now();
            runtime.block_on(async { drain(context.sql(&everything).await?).await })?;
            read = read.min(start.elapsed());
        }
        print("plain loop over columns in memory", rows, plain);
        print("query of the file", rows, queried);
        print("reading the file alone", rows, read);
        println!(
            "the query takes {:.2} times as long as the loop",
            queried.div_duration_f64(plain)
        );
    }
    println!("\nboth found {expected}");
    Ok(expected)
}

fn print(what: &str, rows: usize, time: Duration) {
    let speed = rows as f64 / time.as_secs_f64() / 1e6;
    println!(
        "{what:<34} {:.3} s  {speed:6.1} million rows/s",
        time.as_secs_f64()
    );
}

fn session(partitions: usize) -> SessionContext {
    let config = SessionConfig::new().with_target_partitions(partitions);
    let context = SessionContext::new_with_config(config).enable_url_table();
    context.register_udf((*score()).clone());
    context
}

async fn drain(frame: DataFrame) -> datafusion::error::Result<()> {
    frame
        .execute_stream()
        .await?
        .try_for_each(|_| async { Ok(()) })
        .await
}

/// The plain loop, each thread over a stretch of the rows.
fn on_threads(threads: usize, columns: &Columns) -> Vec<f32> {
    let judge = Judge::new();
    let mut scores = vec![0.0; columns[0].len()];
    let stretch = scores.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        for (i, scores) in scores.chunks_mut(stretch).enumerate() {
            let judge = &judge;
            scope.spawn(move || plain_loop(judge, columns, i * stretch, scores));
        }
    });
    scores
}

/// Fills `scores`, whose first is that of the row `first`.
fn plain_loop(judge: &Judge, columns: &Columns, first: usize, scores: &mut [f32]) {
    const BLOCK: usize = 256;
    let mut inputs = [SVector::zeros(); BLOCK];
    let mut outputs = [SVector::zeros(); BLOCK];
    for (block, scores) in scores.chunks_mut(BLOCK).enumerate() {
        let size = scores.len();
        for (row, input) in (first + block * BLOCK..).zip(&mut inputs[..size]) {
            *input = SVector::from_fn(|i, _| columns[i][row]);
        }
        judge.forward_batch(&inputs[..size], &mut outputs[..size]);
        for (score, output) in scores.iter_mut().zip(&outputs) {
            *score = output[0];
        }
    }
}
