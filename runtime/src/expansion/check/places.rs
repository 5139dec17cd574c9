//! What layers that go over places say of the shapes that reach them.

use super::{Text, count, words};
use crate::value::Shape;

/// A shape that a layer takes: the ranks of those that it takes are the bits of `ranks`, and `kinds` their
/// words. `siblings` are the layers of its kind that take each rank; empty where there is none.
#[track_caller]
#[must_use]
#[inline]
pub const fn takes(
    shape: Shape,
    ranks: u8,
    kinds: &str,
    siblings: [&str; 3],
    layer: &str,
    producer: &str,
) -> Shape {
    let rank = shape.rank();
    if ranks >> (rank - 1) & 1 == 1 {
        return shape;
    }
    let mut text = Text::<1024>::from("shape mismatch: `");
    text.str(layer);
    text.str("` takes ");
    text.str(kinds);
    text.str(", but ");
    text.str(producer);
    text.str(" ");
    words(&mut text, &shape);
    let sibling = siblings[rank - 1];
    if !sibling.is_empty() {
        text.str("\nhelp: write `");
        text.str(sibling);
        text.str("(…)`");
        panic!("{}", text.as_str());
    }
    text.str(match (ranks, rank) {
        (1, 2 | 3) => "\nhelp: write `Flatten` between them",
        (2, _) => "\nhelp: windows enter by `Input(channels, steps)`",
        (4, _) => "\nhelp: images enter by `Input(channels, height, width)`",
        _ => "",
    });
    panic!("{}", text.as_str());
}

/// `Input` in a block takes what reaches it.
#[track_caller]
#[inline]
pub const fn shapes(takes: Shape, gets: Shape, layer: &str, producer: &str) {
    if takes.is(&gets) {
        return;
    }
    let mut text = Text::<1024>::from("shape mismatch: `");
    text.str(layer);
    text.str("` takes ");
    words(&mut text, &takes);
    text.str(", but ");
    text.str(producer);
    text.str(" ");
    words(&mut text, &gets);
    panic!("{}", text.as_str());
}

/// The padding of a pool is at most half of its window, which may not be of padding alone.
#[track_caller]
#[inline]
pub const fn padding(windows: &[[usize; 2]], layer: &str) {
    let [[kernel, padding], rest @ ..] = windows else {
        return;
    };
    // A size of 0 is an error of its own.
    if *kernel == 0 || *padding <= *kernel / 2 {
        return self::padding(rest, layer);
    }
    let mut text = Text::<1024>::from("the padding of `");
    text.str(layer);
    text.str("` is at most half of its window, which is ");
    text.number(*kernel / 2);
    text.str(", not ");
    text.number(*padding);
    panic!("{}", text.as_str());
}

/// A layer that goes by channel says so, unless a vector reaches it.
#[track_caller]
#[inline]
pub const fn by_channel(shape: Shape, name: &str, layer: &str) {
    if shape.rank() == 1 {
        return;
    }
    let mut text = Text::<1024>::from("`");
    text.str(layer);
    text.str("` goes by the last dimension, and ");
    text.str(match shape.rank() {
        2 => "a window",
        _ => "an image",
    });
    text.str(" has its channels in dimension 1\nhelp: write `");
    text.str(name);
    text.str("(dim = 1)`");
    panic!("{}", text.as_str());
}

/// How many outputs a window has that slides along a dimension of a shape, as PyTorch calculates it; or
/// as many as its size says, of one that adapts.
#[track_caller]
#[must_use]
#[inline]
pub const fn slides(
    shape: Shape,
    along: usize,
    [kernel, stride, padding, dilation]: [usize; 4],
    [ceil_mode, adapts]: [bool; 2],
    layer: &str,
    producer: &str,
) -> usize {
    let places = shape.dim(along);
    // A size of 0 is an error of its own.
    if kernel == 0 || stride == 0 || dilation == 0 || places == 0 {
        return 1;
    }
    if adapts && kernel <= places {
        return kernel;
    }
    let reach = dilation.saturating_mul(kernel - 1).saturating_add(1);
    let padded = places.saturating_add(padding.saturating_mul(2));
    if !adapts && reach <= padded {
        let left = padded - reach;
        if !ceil_mode {
            return left / stride + 1;
        }
        let outputs = left.div_ceil(stride) + 1;
        return outputs
            - ((outputs - 1).saturating_mul(stride) >= places.saturating_add(padding)) as usize;
    }
    let place = match (shape.rank(), along) {
        (2, _) => " step",
        (_, 1) => " row",
        _ => " column",
    };
    let mut text = Text::<1024>::from("shape mismatch: `");
    text.str(layer);
    text.str(if adapts {
        "` gives "
    } else {
        "` leaves nothing: its window has "
    });
    count(&mut text, if adapts { kernel } else { reach }, place);
    text.str(", but ");
    text.str(producer);
    text.str(" ");
    words(&mut text, &shape);
    text.str(", which have ");
    count(&mut text, places, place);
    if adapts {
        text.str("\nhelp: write at most ");
        text.number(places);
        panic!("{}", text.as_str());
    }
    if padding > 0 {
        text.str(", and ");
        text.number(padded);
        text.str(" with the padding");
    }
    let most = (padded - 1) / dilation + 1;
    if most > 1 {
        text.str("\nhelp: write a window of at most ");
    } else {
        text.str("\nhelp: let more");
        text.str(place);
        text.str("s reach it, as by padding or smaller windows before it, or write a window of ");
    }
    count(&mut text, most, place);
    panic!("{}", text.as_str());
}
