//! Learns the handwriting of `digits` as images, by convolutions, in some seconds, and sets what it learnt
//! beside the network of `digits`, which takes all pixels alike.
//!
//! `cargo run --release --example digits_conv --features plots`, with a folder behind `--` for what it
//! writes, which is `target/digits_conv` otherwise.

#[path = "../train_digits/bar.rs"]
mod bar;
#[path = "../train_digits/plots.rs"]
mod plots;
#[path = "../digits/samples.rs"]
mod samples;
#[path = "../digits/score.rs"]
mod score;
#[path = "../digits/time.rs"]
mod time;

use std::{env, error::Error, fs, ops::ControlFlow, path::PathBuf};

use bar::Bar;
use layerwise::{Adam, CosineAnnealingLR, CrossEntropyLoss, Fit, Image, Trainer, network};
use samples::{Pixels, Sample};
use score::Confusion;

network! {
    /// LeNet for small images. Of the output the loss takes the softmax.
    pub struct LeNet = Input(1, 8, 8)
        -> conv1: Conv2d(1, 16, 3, padding = "same") -> ReLU -> MaxPool2d(2)
        -> conv2: Conv2d(16, 32, 3, padding = "same") -> ReLU -> MaxPool2d(2)
        -> Flatten -> fc1: Linear(_, 64) -> ReLU -> fc2: Linear(_, 10);

    /// What `digits` has.
    #[network(weights = "digits/digits.safetensors")]
    struct Mlp = fc1: Linear(64, 64) -> ReLU -> fc2: Linear(64, 10);
}

const EPOCHS: u64 = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1);
    let folder = folder.map_or_else(|| PathBuf::from("target/digits_conv"), PathBuf::from);
    fs::create_dir_all(&folder)?;

    let (seen, unseen) = samples::read()?;
    let (xs, ys) = moved(&seen);
    let mut trainer = Trainer::new(LeNet::new(), Adam::new(3e-3), CrossEntropyLoss::new());
    println!("{:?}\n", trainer.model());

    let schedule = CosineAnnealingLR::new(EPOCHS);
    let fit = Fit::new().epochs(EPOCHS).batch_size(32).schedule(&schedule);
    let bar = Bar::new(EPOCHS);
    let mut losses = Vec::new();
    trainer.fit(&xs, &ys, &fit, |trainer, progress| {
        if progress.is_end_of_epoch() {
            let right = score::right(&confusion(trainer.model(), &unseen));
            bar.show(&progress, 100.0 * f64::from(right) / unseen.len() as f64);
            losses.push((progress.epoch + 1, progress.loss));
        }
        ControlFlow::Continue(())
    });
    bar.finish();

    let (net, mlp) = (trainer.model(), Mlp::pretrained());
    let confusion = confusion(net, &unseen);
    let by_mlp = score::confusion(&unseen, |sample| mlp.forward(&sample.pixels).imax());
    let images: Vec<_> = unseen.iter().map(|sample| image(&sample.pixels)).collect();
    let report = |name, confusion, time| {
        let (right, total) = (score::right(confusion), unseen.len());
        let percent = 100.0 * f64::from(right) / total as f64;
        println!(
            "{name}  {right} of {total} unseen digits right ({percent:.1} %), {time:.0} ns per image"
        );
    };
    println!();
    report("LeNet", &confusion, time::each(&images, |x| net.forward(x)));
    report(
        "MLP  ",
        &by_mlp,
        time::each(&unseen, |x| mlp.forward(&x.pixels)),
    );

    net.save(folder.join("lenet.safetensors"))?;
    plots::confusion(&folder.join("confusion.svg"), &confusion)?;
    plots::losses(&folder.join("loss.svg"), &losses)?;
    println!("see {}", folder.display());
    Ok(())
}

fn image(pixels: &Pixels) -> Image<f32, 1, 8, 8> {
    Image::from_pixels(pixels.as_slice())
}

/// The images, and each of them a pixel to the left and to the right.
fn moved(samples: &[Sample]) -> (Vec<Image<f32, 1, 8, 8>>, Vec<usize>) {
    let moved = |sample: &Sample, by: usize| {
        // Columns 0 and 9 are blank.
        let pixels = image(&sample.pixels);
        let image = Image::from_fn(|channel, row, column| match column + by {
            from @ 1..=8 => pixels[(channel, row, from - 1)],
            _ => 0.0,
        });
        (image, sample.label)
    };
    let samples = samples.iter();
    samples
        .flat_map(|sample| [0, 1, 2].map(|by| moved(sample, by)))
        .unzip()
}

fn confusion(net: &LeNet, samples: &[Sample]) -> Confusion {
    score::confusion(samples, |sample| net.forward(&image(&sample.pixels)).imax())
}
