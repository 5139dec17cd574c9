//! Training beside PyTorch's, from the files that `fixtures/training.py` wrote, and what a step keeps
//! to whatever it is given.

mod alone;
mod autograd;
mod derivatives;
mod dropout;
mod ends;
mod faults;
mod losses;
mod narrow;
mod optimizers;
mod schedules;

use layerwise::{Parameters, Path, SVector, Scalar, Visitor};

/// All numbers of a network, in order.
fn parameters<P: Parameters>(network: &P) -> Vec<f64> {
    struct Numbers(Vec<f64>);
    impl Visitor<1> for Numbers {
        fn tensor<T: Scalar>(&mut self, _: &Path<'_>, [tensor]: [&[T]; 1]) {
            self.0.extend(tensor.iter().map(|x| x.to_f64()));
        }
    }
    let mut numbers = Numbers(Vec::new());
    P::walk([network], &Path::root::<P>(), &mut numbers);
    numbers.0
}

/// Rows of a file as vectors.
fn rows<T: Scalar, const N: usize>(numbers: &[f64]) -> Vec<SVector<T, N>> {
    let (rows, rest) = numbers.as_chunks::<N>();
    assert!(rest.is_empty(), "rows of {N}");
    rows.iter()
        .map(|row| SVector::from_fn(|i, _| T::from_f64(row[i])))
        .collect()
}

/// Classes, which a file has as numbers.
fn classes(numbers: &[f64]) -> Vec<usize> {
    let class = |&x: &f64| usize::try_from(x as i64).expect("a class");
    numbers.iter().map(class).collect()
}
