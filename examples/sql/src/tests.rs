//! The function in queries that a table of whole rows doesn't show.

use datafusion::{
    arrow::{array::AsArray, datatypes::Float32Type},
    error::Result,
    logical_expr::ScalarUDF,
    prelude::SessionContext,
};
use layerwise::{SVector, network};
use tokio::runtime::Runtime;

use crate::score::Score;

network! { struct Small = Linear(3, 4) -> Tanh -> Linear(_, 1); }

fn ask(query: &str) -> Result<Vec<Option<f32>>> {
    let context = SessionContext::new();
    context.register_udf(ScalarUDF::new_from_impl(Score::new("small", Small::new())));
    let batches = Runtime::new()?.block_on(async { context.sql(query).await?.collect().await })?;
    Ok(batches
        .iter()
        .flat_map(|batch| batch.column(0).as_primitive::<Float32Type>())
        .collect())
}

fn assert_close(answer: Option<f32>, x: [f32; 3]) {
    let expected = Small::new().forward(&SVector::from(x))[0];
    assert!(
        (answer.unwrap() - expected).abs() < 1e-6,
        "{answer:?} for {expected}"
    );
}

#[test]
fn null_in_null_out() {
    let answers = ask(
        "SELECT small(a, b, 1) FROM (VALUES (0.5, 2), (NULL, 1), (1.5, NULL), (-1.5, -1)) AS t(a, b)",
    );
    let answers = answers.unwrap();
    assert_eq!(answers.len(), 4);
    assert_close(answers[0], [0.5, 2.0, 1.0]);
    assert_eq!(answers[1..3], [None, None]);
    assert_close(answers[3], [-1.5, -1.0, 1.0]);
}

#[test]
fn constants() {
    assert_close(
        ask("SELECT small(0.5, 2, -1)").unwrap()[0],
        [0.5, 2.0, -1.0],
    );
    assert_eq!(ask("SELECT small(0.5, NULL, -1)").unwrap(), [None]);
}

#[test]
fn wrong_arguments() {
    let message = |query| ask(query).unwrap_err().to_string();
    let few = message("SELECT small(1, 2)");
    assert!(few.contains("`small` takes 3 numbers, not 2"), "{few}");
    let text = message("SELECT small(1, 2, 'three')");
    assert!(text.contains("`small` takes numbers, not Utf8"), "{text}");
}
