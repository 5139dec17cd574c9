//! `Parameters` by way of everything that stands on it: counts, summaries, initialisation, weight
//! files and walks in step, for a generic layer of a user's own in every place a layer can have.
#![allow(clippy::float_cmp, reason = "the numbers are exact")]

use layerwise::{Layer, Parameters, Path, SMatrix, SVector, Scalar, Visitor, VisitorMut, network};
use rand::{SeedableRng, rngs::StdRng};

/// Two tensors, a buffer, a constant, an inner layer, and generic.
#[derive(Clone, Parameters)]
pub struct Mix<L, const N: usize> {
    matrix: SMatrix<f32, N, N>,
    #[parameters(init = 1.0)]
    gain: SVector<f32, N>,
    #[parameters(buffer)]
    mean: SVector<f32, N>,
    #[parameters(constant = "any type")]
    label: &'static str,
    inner: L,
    column: SMatrix<f32, N, 1>,
}

impl<const N: usize, L: Layer<SVector<f32, N>, Output = SVector<f32, N>>> Layer<SVector<f32, N>>
    for Mix<L, N>
{
    type Output = SVector<f32, N>;
    fn forward(&self, x: &SVector<f32, N>) -> SVector<f32, N> {
        self.inner
            .forward(&(self.matrix * x))
            .component_mul(&self.gain)
            + self.mean
            + self.column
    }
}

#[derive(Clone, Parameters)]
struct Tuple(SVector<f64, 2>, [layerwise::Linear<f64, 2, 3>; 2]);

network! {
    struct Inner = Linear(3, 3) -> ReLU;
    struct Net = first: Linear(3, 3)
        -> body: (Mix<Inner, 3> -> Tanh)
        -> [Mix<layerwise::ReLU, 3>; 2]
        -> Inner
        -> last: Linear(_, 1, bias = false);
}

/// 9 + 3 + 3 numbers of its own that are trained, and its inner layer's.
const MIX: usize = 15;

#[test]
fn parameters_are_counted() {
    assert_eq!(Inner::PARAMETERS, 12);
    assert_eq!(Net::PARAMETERS, 12 + (MIX + 12) + 2 * MIX + 12 + 3);
    assert_eq!(Tuple::LAYOUT.parameters(), 2 + 2 * 9);
    assert_eq!(Tuple::ZEROS.1.len(), 2);
}

/// The words of each line, whatever the padding.
fn words(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines();
    lines
        .map(|line| line.split_whitespace().collect())
        .collect()
}

#[test]
fn the_summary_shows_every_level() {
    let expected = "\
Net
stage        layer           inputs  outputs  parameters  tensors
first        Linear               3        3          12  weight [3, 3], bias [3]
body         NetBody              3        3          27
  mix0       Mix                  3        3          27  matrix [3, 3], gain [3], mean [3], column [3, 1]
    inner                                             12
      linear0  Linear             3        3          12  weight [3, 3], bias [3]
      relu1    ReLU               3        3           0
  tanh1      Tanh                 3        3           0
repeat2      NetRepeat2 × 2       3        3          30
  mix0       Mix                  3        3          15  matrix [3, 3], gain [3], mean [3], column [3, 1]
inner3       Inner                3        3          12
  linear0    Linear               3        3          12  weight [3, 3], bias [3]
  relu1      ReLU                 3        3           0
last         Linear               3        1           3  weight [1, 3]
84 parameters";
    assert_eq!(words(Net::SUMMARY), words(expected));
    assert_eq!(format!("{:?}", Net::zeros()), Net::SUMMARY);
    // Aligned: the column of numbers ends at the same place in every row.
    let end = |row: &str| row.chars().position(|c| c == '[');
    let rows: Vec<&str> = Net::SUMMARY
        .lines()
        .filter(|row| row.contains("weight"))
        .collect();
    assert!(rows.iter().all(|row| end(row) == end(rows[0])));
}

#[test]
fn initialisation_draws_within_pytorchs_bound() {
    let net = Net::random(&mut StdRng::seed_from_u64(1));
    let bound = 1.0 / 3.0_f32.sqrt();
    let mix = &net.body.mix0;
    let drawn = net
        .first
        .weight
        .iter()
        .chain(&net.first.bias)
        .chain(&mix.matrix)
        .chain(&mix.column);
    let drawn: Vec<f32> = drawn.copied().collect();
    assert!(drawn.iter().all(|x| x.abs() <= bound && *x != 0.0));
    assert!(
        drawn.iter().any(|x| x.abs() > 0.8 * bound),
        "the bound is not far off"
    );
    assert!(drawn.iter().any(|x| *x < 0.0) && drawn.iter().any(|x| *x > 0.0));
    assert!(mix.gain.iter().all(|x| *x == 1.0));
    assert!(mix.mean.iter().all(|x| *x == 0.0));
    assert_eq!(mix.label, "any type");

    assert_eq!(Net::new().to_safetensors(), Net::new().to_safetensors());
    assert_ne!(Net::new().first.weight, net.first.weight);
    let mut same = Net::zeros();
    same.randomize(&mut StdRng::seed_from_u64(1));
    assert_eq!(same.to_safetensors(), net.to_safetensors());
    assert_eq!(Net::boxed().to_safetensors(), Net::new().to_safetensors());
}

#[test]
fn running_statistics_are_saved_and_not_trained() {
    network! { struct Normed = norm: BatchNorm1d(3) -> plain: BatchNorm1d(_, affine = false); }
    /// The numbers of the tensors, and the counts.
    #[derive(Default)]
    struct Seen(usize, Vec<String>);
    impl Visitor<1> for Seen {
        fn tensor<T: Scalar>(&mut self, _: &Path<'_>, [tensor]: [&[T]; 1]) {
            self.0 += tensor.len();
        }
        fn count(&mut self, path: &Path<'_>, [count]: [&i64; 1]) {
            self.1.push(format!("{path} {count} {}", path.is_buffer()));
        }
    }
    assert_eq!(Normed::PARAMETERS, 6);
    assert!(Normed::SUMMARY.contains("running_var [3], num_batches_tracked []"));
    let mut net = Normed::new();
    assert!(
        net.norm
            .weight
            .iter()
            .chain(&net.norm.running_var)
            .all(|x| *x == 1.0)
    );
    assert!(
        net.norm
            .bias
            .iter()
            .chain(&net.plain.running_mean)
            .all(|x| *x == 0.0)
    );
    net.plain.num_batches_tracked = 7;
    let mut seen = Seen::default();
    Normed::walk([&net], &Path::root::<Normed>(), &mut seen);
    assert_eq!(seen.0, 6 + 6 + 6);
    let counts = [
        "norm.num_batches_tracked 0 true",
        "plain.num_batches_tracked 7 true",
    ];
    assert_eq!(seen.1, counts);
    let read = Normed::from_safetensors(&net.to_safetensors()).unwrap();
    assert_eq!(read.plain.num_batches_tracked, 7);
    net.randomize(&mut StdRng::seed_from_u64(1));
    assert_eq!(net.plain.num_batches_tracked, 0);
}

#[test]
fn slopes_begin_as_they_were_declared() {
    network! { struct Slopes = Input(3) -> PReLU -> first: PReLU(_, init = -0.5) -> [PReLU(init = 2); 2]; }
    let net = Slopes::new();
    assert_eq!(Slopes::PARAMETERS, 1 + 3 + 2);
    assert_eq!(net.prelu0.weight, SVector::from([0.25]));
    assert_eq!(net.first.weight, SVector::from([-0.5; 3]));
    assert_eq!(net.repeat2[1].prelu0.weight, SVector::from([2.0]));
}

#[test]
fn the_default_seed_is_the_same_on_every_machine() {
    network! { struct Fixed = Linear(2, 2); }
    let net = Fixed::new();
    // Computed apart from `rand`: SplitMix64 from 0 seeds xoshiro256++, and each number is
    // (2 · (bits >> 11) / 2⁵³ − 1) / √2, column by column.
    let expected = [-0.248_088, -0.166_538_8, -0.198_531_3, -0.690_906_2];
    for (x, expected) in net.linear0.weight.iter().zip(expected) {
        assert!((x - expected).abs() < 1e-6, "{:?}", net.linear0.weight);
    }
}

/// Notes the keys.
struct Keys(Vec<String>);

impl Visitor<1> for Keys {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, _: [&[T]; 1]) {
        let shape = path.tensor().unwrap().shape().to_vec();
        self.0.push(format!("{path} {shape:?}"));
    }
}

#[test]
fn keys_are_pytorchs() {
    let mut keys = Keys(Vec::new());
    Net::walk([&Net::zeros()], &Path::root::<Net>(), &mut keys);
    let mut expected = vec!["first.weight [3, 3]", "first.bias [3]"];
    let own = |prefix: &str| {
        ["matrix [3, 3]", "gain [3]", "mean [3]"].map(|name| format!("{prefix}.{name}"))
    };
    let body = own("body.0");
    expected.extend(body.iter().map(String::as_str));
    expected.extend(["body.0.inner.0.weight [3, 3]", "body.0.inner.0.bias [3]"]);
    expected.push("body.0.column [3, 1]");
    let copies = [own("2.0"), own("2.1")];
    expected.extend(copies[0].iter().map(String::as_str));
    expected.push("2.0.column [3, 1]");
    expected.extend(copies[1].iter().map(String::as_str));
    expected.push("2.1.column [3, 1]");
    expected.extend(["3.0.weight [3, 3]", "3.0.bias [3]", "last.weight [1, 3]"]);
    assert_eq!(keys.0, expected);
}

#[test]
fn saved_and_loaded_is_the_same() {
    let net = Net::random(&mut StdRng::seed_from_u64(2));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("net.safetensors");
    net.save(&file).unwrap();
    let loaded = Net::load(&file).unwrap();
    assert_eq!(loaded.to_safetensors(), net.to_safetensors());
    let x = SVector::from([0.1, -0.2, 0.3]);
    assert_eq!(loaded.forward(&x), net.forward(&x));
    assert_eq!(loaded.repeat2[1].mix0.column, net.repeat2[1].mix0.column);
}

/// `weights ← weights − gradient`, with the gradient kept in a third copy.
struct Step;

impl VisitorMut<3> for Step {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [weights, gradient, kept]: [&mut [T]; 3]) {
        assert_eq!(weights.len(), path.tensor().unwrap().len());
        if path.is_buffer() {
            return;
        }
        for ((w, g), k) in weights.iter_mut().zip(gradient).zip(kept) {
            *w -= *g;
            *k = *g;
        }
    }
}

#[test]
fn three_copies_are_walked_in_step() {
    let mut weights = Net::random(&mut StdRng::seed_from_u64(3));
    weights.body.mix0.mean[0] = 5.0;
    let mut gradient = weights.clone();
    let mut kept = Net::zeros();
    let copies = [&mut weights, &mut gradient, &mut kept];
    Net::walk_mut(copies, &Path::root::<Net>(), &mut Step);
    assert!(weights.first.weight.iter().all(|x| *x == 0.0));
    assert!(weights.repeat2[1].mix0.matrix.iter().all(|x| *x == 0.0));
    assert!(
        weights
            .body
            .mix0
            .inner
            .linear0
            .bias
            .iter()
            .all(|x| *x == 0.0)
    );
    assert_eq!(weights.body.mix0.mean[0], 5.0, "a buffer is not trained");
    assert_eq!(kept.repeat2[0].mix0.gain, gradient.repeat2[0].mix0.gain);
    assert_eq!(kept.last.weight, gradient.last.weight);
}

/// A column is a matrix where it is written as one, also in an array.
#[derive(Clone, Parameters)]
struct Columns {
    matrices: [SMatrix<f32, 5, 1>; 2],
    vector: SVector<f32, 5>,
}

#[test]
fn one_column_is_a_matrix_where_it_is_written_as_one() {
    network! { struct Narrow = Linear(1, 4); }
    let mut keys = Keys(Vec::new());
    Narrow::walk([&Narrow::zeros()], &Path::root::<Narrow>(), &mut keys);
    Columns::walk([&Columns::ZEROS], &Path::root::<Columns>(), &mut keys);
    let expected = [
        "0.weight [4, 1]",
        "0.bias [4]",
        "matrices.0 [5, 1]",
        "matrices.1 [5, 1]",
    ];
    assert_eq!(keys.0[..4], expected);
    assert_eq!(keys.0[4], "vector [5]");
    assert_eq!(
        Columns::LAYOUT.parameters(),
        Columns::ZEROS.vector.len() * 3
    );
}
