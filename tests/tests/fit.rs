//! `fit`, large networks, and batches on all cores.

use std::ops::ControlFlow;

use layerwise::{
    Adam, Best, CrossEntropyLoss, Fit, Parameters, Path, SGD, SVector, Scalar, StepLR, Trainer,
    Visitor, network,
};
use safetensors::{SafeTensors, tensor::TensorView};

network! {
    /// It learns which of three numbers is the largest.
    pub struct Net = Linear(3, 24) -> ReLU -> Dropout(p = 0.1) -> Linear(_, 3);

    /// It follows the statistics of what it is given.
    pub struct Normed = norm: BatchNorm1d(3) -> Linear(_, 2);

    /// Some 20 MB with what training keeps: ten times a thread's stack.
    pub struct Large = Linear(784, 1024) -> ReLU -> Linear(_, 500) -> ReLU -> Linear(_, 10);
}

type Sample = SVector<f32, 3>;

fn samples(count: usize) -> (Vec<Sample>, Vec<usize>) {
    let number = |i: usize| (i * 7919 % 1013) as f32 / 506.5 - 1.0;
    let xs: Vec<Sample> = (0..count)
        .map(|i| SVector::from([number(3 * i), number(3 * i + 1), number(3 * i + 2)]))
        .collect();
    let classes = xs.iter().map(Sample::imax).collect();
    (xs, classes)
}

/// The bits of all numbers of a network.
fn bits<N: Parameters>(network: &N) -> Vec<u64> {
    struct Bits(Vec<u64>);
    impl Visitor<1> for Bits {
        fn tensor<T: Scalar>(&mut self, _: &Path<'_>, [tensor]: [&[T]; 1]) {
            self.0.extend(tensor.iter().map(|x| x.to_f64().to_bits()));
        }
    }
    let mut bits = Bits(Vec::new());
    N::walk([network], &Path::root::<N>(), &mut bits);
    bits.0
}

fn trainer() -> Trainer<Net, Adam, CrossEntropyLoss> {
    Trainer::new(Net::new(), Adam::new(1e-2), CrossEntropyLoss::new())
}

#[test]
fn it_learns_and_keeps_the_best() {
    let (xs, classes) = samples(500);
    let (unseen, answers) = (&xs[400..], &classes[400..]);
    let mut trainer = trainer();
    let mut best = Best::new(Net::zeros());
    let mut losses = Vec::new();
    let fit = Fit::new().epochs(20).batch_size(32);
    let last = trainer.fit(&xs[..400], &classes[..400], &fit, |trainer, progress| {
        assert_eq!(progress.batches, 13);
        if progress.is_end_of_epoch() {
            let loss = trainer.evaluate(unseen, answers);
            best.offer(loss, trainer.model());
            losses.push(loss);
        }
        ControlFlow::Continue(())
    });
    assert_eq!(losses.len(), 20);
    let lowest = losses.iter().copied().fold(f32::INFINITY, f32::min);
    assert_eq!(best.loss().to_bits(), f64::from(lowest).to_bits());
    assert!(lowest < 0.2, "{losses:?}");
    let last = last.expect("there were steps");
    assert_eq!((last.epoch, last.epochs, last.batch), (19, 20, 13));
    let right = unseen.iter().zip(answers);
    let right = right.filter(|(x, answer)| best.model().forward(x).imax() == **answer);
    assert!(right.count() >= 95);
    // There is nothing left to do.
    let again = trainer.fit(&xs, &classes, &fit, |_, _| ControlFlow::Continue(()));
    assert_eq!(again, None);
}

#[test]
fn a_run_that_is_stopped_goes_on_where_it_was() {
    let (xs, classes) = samples(100);
    let schedule = StepLR::new(2).gamma(0.5);
    let fit = Fit::new().epochs(5).batch_size(9).schedule(&schedule);
    let mut whole = trainer().seed(3);
    whole.fit(&xs, &classes, &fit, |_, _| ControlFlow::Continue(()));
    let mut parts = trainer().seed(3);
    let mut steps = 0;
    while let Some(progress) = parts.fit(&xs, &classes, &fit, |_, _| {
        steps += 1;
        if steps % 7 == 0 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }) {
        assert!(progress.loss.is_finite());
    }
    assert_eq!(steps, 5 * 12);
    assert_eq!(bits(whole.model()), bits(parts.model()));
    let mut other = trainer().seed(4);
    other.fit(&xs, &classes, &fit, |_, _| ControlFlow::Continue(()));
    assert_ne!(bits(whole.model()), bits(other.model()));
}

/// A place behind the samples is the end of an epoch.
#[test]
fn a_run_goes_on_with_fewer_and_larger_batches() {
    let (xs, classes) = samples(100);
    let mut trainer = trainer();
    let small = Fit::new().epochs(2).batch_size(9);
    let stopped = trainer.fit(&xs, &classes, &small, |_, progress| {
        if progress.batch == 11 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(stopped.map(|stopped| stopped.epoch), Some(0));
    let mut epochs = Vec::new();
    let large = small.batch_size(32);
    trainer.fit(&xs[..50], &classes[..50], &large, |_, progress| {
        epochs.push((progress.epoch, progress.batch, progress.batches));
        ControlFlow::Continue(())
    });
    assert_eq!(epochs, [(1, 1, 2), (1, 2, 2)]);
}

/// In the order that was given, `fit` is a step for each batch.
#[test]
fn without_a_shuffle_it_is_a_step_for_each_batch() {
    let (xs, classes) = samples(50);
    let mut by_hand = trainer();
    for (xs, classes) in xs.chunks(8).zip(classes.chunks(8)) {
        by_hand.step(xs, classes);
    }
    let mut fitted = trainer();
    let fit = Fit::new().batch_size(8).shuffle(false);
    fitted.fit(&xs, &classes, &fit, |_, _| ControlFlow::Continue(()));
    let (a, b) = (by_hand.model(), fitted.model());
    let distance = (a.linear0.weight - b.linear0.weight).abs().max();
    assert!(distance < 1e-5, "{distance}");
}

#[test]
fn a_batch_on_all_cores_gives_the_same_on_any_number_of_them() {
    let (xs, classes) = samples(1000);
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let mut trainer = trainer();
        pool.build().expect("threads start").install(|| {
            for _ in 0..3 {
                trainer.step_parallel(&xs, &classes);
            }
        });
        bits(trainer.model())
    };
    assert_eq!(run(1), run(2));
    assert_eq!(run(1), run(5));
    let mut one = trainer();
    let mut all = trainer();
    let (a, b) = (one.step(&xs, &classes), all.step_parallel(&xs, &classes));
    assert!((a - b).abs() < 1e-5 * a, "{a} {b}");
}

#[test]
fn a_large_network_is_trained_on_a_small_stack() {
    let train = || {
        let mut trainer = Trainer::boxed(
            Large::boxed(),
            SGD::new(0.1).momentum(0.9),
            CrossEntropyLoss::new(),
        );
        let xs = vec![SVector::from_fn(|i, _| (i % 17) as f32 / 17.0); 24];
        let classes = vec![3; 24];
        let first = trainer.step(&xs, &classes);
        let second = trainer.step(&xs, &classes);
        assert!(second < first, "{first} {second}");
        assert!(trainer.evaluate(&xs, &classes) < second);
        trainer.fit(&xs, &classes, &Fit::new(), |_, _| ControlFlow::Continue(()));
        trainer.step_parallel(&xs, &classes);
        assert_eq!(trainer.steps(), 4);
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread
        .spawn(train)
        .expect("a thread starts")
        .join()
        .expect("it has room");
}

#[test]
fn running_statistics_follow_the_batches() {
    let (xs, _) = samples(100);
    let classes = vec![1; 100];
    let mut trainer = Trainer::new(Normed::new(), SGD::new(0.1), CrossEntropyLoss::new());
    trainer.step(&xs, &classes);
    let mean = xs.iter().sum::<Sample>() / 100.0;
    let apart = |x: &Sample| (x - mean).component_mul(&(x - mean));
    let variance = xs.iter().map(apart).sum::<Sample>() / 99.0;
    let norm = &trainer.model().norm;
    assert!((norm.running_mean - 0.1 * mean).abs().max() < 1e-6);
    let expected = Sample::from_element(0.9) + 0.1 * variance;
    assert!((norm.running_var - expected).abs().max() < 1e-6);
    assert_eq!(norm.num_batches_tracked, 1);
    trainer.step(&xs, &classes);
    assert_eq!(trainer.model().norm.num_batches_tracked, 2);
    // A loss that is no number changes nothing.
    let before = bits(trainer.model());
    let loss = trainer.step(&[Sample::from_element(f32::NAN); 3], &[0; 3]);
    assert!(loss.is_nan());
    assert_eq!(bits(trainer.model()), before);
    assert_eq!(trainer.model().norm.num_batches_tracked, 2);
}

#[test]
#[should_panic = "a step needs two samples at least"]
fn one_sample_has_no_variance() {
    let mut trainer = Trainer::new(Normed::new(), SGD::new(0.1), CrossEntropyLoss::new());
    trainer.step(&[Sample::zeros()], &[0]);
}

#[test]
fn a_resumed_run_ends_with_the_same_bits() {
    let directory = tempfile::tempdir().expect("there is a directory");
    let path = directory.path().join("checkpoint.safetensors");
    let (xs, classes) = samples(100);
    let schedule = StepLR::new(2).gamma(0.5);
    let fit = Fit::new().epochs(4).batch_size(9).schedule(&schedule);
    let mut whole = trainer().seed(3);
    whole.fit(&xs, &classes, &fit, |_, _| ControlFlow::Continue(()));
    // A trainer lives for five steps; its checkpoint is two steps old when it ends.
    trainer().seed(3).save(&path).expect("it is written");
    loop {
        let mut part = trainer();
        part.resume(&path).expect("it is read");
        let mut steps = 0;
        part.fit(&xs, &classes, &fit, |part, _| {
            steps += 1;
            match steps {
                3 => part.save(&path).expect("it is written"),
                5 => return ControlFlow::Break(()),
                _ => {}
            }
            ControlFlow::Continue(())
        });
        if steps < 5 {
            assert_eq!(bits(whole.model()), bits(part.model()));
            break;
        }
    }
}

#[test]
fn what_is_no_checkpoint_of_it_changes_nothing() {
    let directory = tempfile::tempdir().expect("there is a directory");
    let path = directory.path().join("checkpoint.safetensors");
    let (xs, classes) = samples(20);
    let mut other = Trainer::new(Net::new(), SGD::new(0.1), CrossEntropyLoss::new());
    other.step(&xs, &classes);
    other.save(&path).expect("it is written");
    let mut adam = trainer();
    let before = bits(adam.model());
    let error = adam.resume(&path).expect_err("it has no moments");
    let text =
        std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
    assert!(text.contains("optimizer.exp_avg."), "{text}");
    assert_eq!(bits(adam.model()), before);
    // The network in it is one as any other.
    let net = Net::load_with(&path, layerwise::Keys::new().prefix("model.")).expect("it is there");
    assert_eq!(bits(&net), bits(other.model()));

    // A count that no training has.
    let file = std::fs::read(&path).expect("it is there");
    let file = SafeTensors::deserialize(&file).expect("it is one");
    let less = (-1_i64).to_le_bytes();
    let tensors = file.tensors().into_iter().map(|(name, tensor)| {
        let is_count = name == "trainer.steps";
        let data = if is_count { &less } else { tensor.data() };
        let view = TensorView::new(tensor.dtype(), tensor.shape().to_vec(), data);
        (name, view.expect("it is as long"))
    });
    let forged = safetensors::serialize(tensors.collect::<Vec<_>>(), None).expect("it is valid");
    std::fs::write(&path, forged).expect("it is written");
    let (before, steps) = (bits(other.model()), other.steps());
    let error = other
        .resume(&path)
        .expect_err("it counts less than nothing");
    let text = std::error::Error::source(&error).map(ToString::to_string);
    let expected = "`trainer.steps` is -1 in the file, but a count is zero or more";
    assert_eq!(text.as_deref(), Some(expected));
    assert_eq!((bits(other.model()), other.steps()), (before, steps));
}
