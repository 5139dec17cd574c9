//! What must hold between sizes. Claims about numbers are settled here; those about constants stay
//! and become checks for the compiler, in the same words (`check.rs` of the runtime crate).

use crate::{
    errors::Errors,
    ir::{Check, Claim, Declaration, Dim, Producer, Shape, Slid, Slide},
    layers::Spec,
};

/// What is known of a claim.
enum Verdict {
    True,
    False(String),
    /// The compiler knows.
    Open,
}

/// Reports the claims that are known to be false, and keeps those that are not known.
pub(crate) fn check(declaration: &mut Declaration, errors: &mut Errors) {
    declaration
        .checks
        .retain(|Check { at, claim }| match verdict(claim) {
            Verdict::True => false,
            Verdict::Open => true,
            Verdict::False(message) => {
                errors.error(at, message);
                false
            }
        });
    if declaration.hole.is_some() || !errors.is_empty() {
        forget_budgets(declaration);
    }
}

fn verdict(claim: &Claim) -> Verdict {
    match claim {
        Claim::Asked { .. } | Claim::Budget(_) => Verdict::Open,
        Claim::Inputs {
            takes,
            gets,
            unit,
            layer,
            producer,
            write: [before, after],
        } => sizes(takes, gets, |takes, gets| {
            format!(
                "shape mismatch: `{layer}` takes {}, but {} {gets}\n\
                 help: write `{before}{gets}{after}`, or `{before}_{after}` to take whatever \
                 reaches it",
                count(takes, unit),
                producer.phrase()
            )
        }),
        Claim::Count {
            count: Dim::Known(1),
            ..
        } => Verdict::True,
        Claim::Count {
            count,
            gets,
            layer,
            name,
            producer,
        } => sizes(count, gets, |count, gets| {
            format!(
                "shape mismatch: `{layer}` has {count} parameters, but {} {gets}\n\
                 help: write `{name}({gets})` or `{name}(_)` for one to each feature, or `{name}` \
                 for one that all share",
                producer.phrase()
            )
        }),
        Claim::Groups { of, groups, layer } => all(of.iter().map(|(size, what)| {
            numbers([size, groups], |[size, groups]| {
                (size % groups != 0).then(|| {
                    format!(
                        "`{layer}` has {size} {what}, which can't be divided into {groups} groups"
                    )
                })
            })
        })),
        Claim::Padding { windows, layer } => all(windows.iter().map(|[kernel, padding]| {
            numbers([kernel, padding], |[kernel, padding]| {
                let most = kernel / 2;
                (padding > most).then(|| {
                    format!(
                        "the padding of `{layer}` is at most half of its window, which is {most}, \
                         not {padding}"
                    )
                })
            })
        })),
        Claim::Alike {
            first,
            gives,
            name,
            by,
            producer,
        } => shapes(first, gives, || {
            format!(
                "shape mismatch: `{}` at the end of a branch of `{name}` gives {}, but the first \
                 branch gives {} by `{by}`{}",
                producer.written,
                gives.text(),
                first.text(),
                as_it_should(first, gives, producer, " in both")
            )
        }),
        Claim::Residual {
            enters,
            leaves,
            producer,
        } => shapes(enters, leaves, || {
            format!(
                "shape mismatch: `Residual` adds what enters, which is {}, to what leaves, but `{}` at \
                 its end gives {}{}",
                enters.text(),
                producer.written,
                leaves.text(),
                as_it_should(enters, leaves, producer, "")
            )
        }),
        Claim::Shapes {
            takes,
            gets,
            layer,
            producer,
        } => shapes(takes, gets, || {
            format!(
                "shape mismatch: `{layer}` takes {}, but {} {}",
                words(takes),
                producer.phrase(),
                words(gets)
            )
        }),
    }
}

/// The first of several that is false, or whether all are true.
fn all(mut verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let first = verdicts.try_fold(Verdict::True, |all, one| match one {
        Verdict::True => Ok(all),
        Verdict::Open => Ok(Verdict::Open),
        Verdict::False(message) => Err(Verdict::False(message)),
    });
    first.unwrap_or_else(|wrong| wrong)
}

/// What is wrong with two numbers, if something is.
fn numbers([a, b]: [&Dim; 2], wrong: impl FnOnce([usize; 2]) -> Option<String>) -> Verdict {
    match (a, b) {
        (Dim::Known(a), Dim::Known(b)) => wrong([*a, *b]).map_or(Verdict::True, Verdict::False),
        (Dim::Hole(_), _) | (_, Dim::Hole(_)) => Verdict::True,
        _ => Verdict::Open,
    }
}

/// Whether two sizes are the same, and what is said if they aren't.
fn sizes(a: &Dim, b: &Dim, message: impl FnOnce(usize, usize) -> String) -> Verdict {
    numbers([a, b], |[a, b]| (a != b).then(|| message(a, b)))
}

/// Whether two shapes are the same, and what is said if they aren't.
fn shapes(a: &Shape, b: &Shape, message: impl FnOnce() -> String) -> Verdict {
    match (a.known(), b.known()) {
        (Some(a), Some(b)) if a != b => Verdict::False(message()),
        (Some(_), Some(_)) => Verdict::True,
        _ if a.hole().or(b.hole()).is_some() => Verdict::True,
        _ => Verdict::Open,
    }
}

/// What a network in error costs is not what its layers were meant to.
pub(crate) fn forget_budgets(declaration: &mut Declaration) {
    let is_budget = |check: &Check| matches!(check.claim, Claim::Budget(_));
    declaration.checks.retain(|check| !is_budget(check));
}

/// What is said of an odd size that reaches a layer which halves it.
pub(crate) fn not_even(size: usize, layer: &str, producer: &Producer) -> String {
    let help = producer.write.as_ref().map(|[before, after]| {
        let twice = 2 * size;
        format!("\nhelp: write `{before}{twice}{after}`, so that {size} leave `{layer}`")
    });
    format!(
        "shape mismatch: `{layer}` takes an even number of inputs, but {} {size}{}",
        producer.phrase(),
        help.unwrap_or_default()
    )
}

/// What is said of a block that can't be repeated, because it doesn't give what it takes.
pub(crate) fn repeats(takes: &Shape, gives: &Shape, block: &str, producer: &Producer) -> String {
    let are_alike = takes.dims().len() == gives.dims().len();
    let write = producer.write.as_ref().filter(|_| are_alike);
    let help = write.zip(takes.channels()).map(|([before, after], takes)| {
        let takes = takes.text();
        format!(
            "\nhelp: write `{before}{takes}{after}`, so that the next copy takes what this one \
             gives"
        )
    });
    let (takes, gives) = match (takes.dims(), gives.dims()) {
        ([Dim::Known(takes)], [gives]) => (count(*takes, "input"), gives.text()),
        _ => (words(takes), words(gives)),
    };
    format!(
        "shape mismatch: each copy in `{block}` takes {}, but `{}` at its end gives {gives}{}",
        takes,
        producer.written,
        help.unwrap_or_default()
    )
}

/// What is said of a value of a kind that a layer doesn't take.
pub(crate) fn not_taken(spec: &Spec, shape: &Shape, layer: &str, producer: &Producer) -> String {
    let (takes, rank) = (spec.takes, shape.dims().len());
    let help = match (spec.sibling(rank), takes.0, rank) {
        (Some(name), ..) => format!("\nhelp: write `{name}(…)`"),
        (_, 1, 2 | 3) => "\nhelp: write `Flatten` between them".to_owned(),
        (_, 2, _) => "\nhelp: windows enter by `Input(channels, steps)`".to_owned(),
        (_, 4, _) => "\nhelp: images enter by `Input(channels, height, width)`".to_owned(),
        _ => String::new(),
    };
    format!(
        "shape mismatch: `{layer}` takes {}, but {} {}{help}",
        takes.words(),
        producer.phrase(),
        words(shape)
    )
}

/// What is said of a window that is larger than what it slides over.
pub(crate) fn leaves_nothing(
    slide: &Slide,
    slid: Slid,
    layer: &str,
    producer: &Producer,
) -> String {
    let Slid {
        places,
        kernel,
        padding,
        dilation,
        ..
    } = slid;
    let place = match (slide.shape.dims().len(), slide.along) {
        (2, _) => "step",
        (_, 1) => "row",
        _ => "column",
    };
    let (from, shape) = (producer.phrase(), words(&slide.shape));
    if slide.adapts {
        return format!(
            "shape mismatch: `{layer}` gives {}, but {from} {shape}, which have {}\n\
             help: write at most {places}",
            count(kernel, place),
            count(places, place)
        );
    }
    let reach = dilation * (kernel - 1) + 1;
    let padded = match padding {
        0 => String::new(),
        padding => format!(", and {} with the padding", places + 2 * padding),
    };
    let help = match (places + 2 * padding - 1) / dilation + 1 {
        1 => format!(
            "let more {place}s reach it, as by padding or smaller windows before it, or write a window \
             of 1 {place}"
        ),
        most => format!("write a window of at most {most} {place}s"),
    };
    format!(
        "shape mismatch: `{layer}` leaves nothing: its window has {}, but {from} {shape}, which have \
         {}{padded}\nhelp: {help}",
        count(reach, place),
        count(places, place)
    )
}

/// What is said of a layer that goes by channel, and doesn't say so.
pub(crate) fn not_by_channel(shape: &Shape, name: &str, layer: &str) -> String {
    format!(
        "`{layer}` goes by the last dimension, and {} has its channels in dimension 1\n\
         help: write `{name}(dim = 1)`",
        if shape.dims().len() == 2 {
            "a window"
        } else {
            "an image"
        }
    )
}

/// How what a layer gives becomes what it should be, which may be that of another branch.
fn as_it_should(should: &Shape, gives: &Shape, producer: &Producer, in_both: &str) -> String {
    let are_alike = should.dims().len() == gives.dims().len();
    match (should.known().as_deref(), gives.known().as_deref()) {
        (Some([channels, _, ..]), Some([others, ..])) if are_alike && channels == others => {
            format!("\nhelp: keep all places{in_both}, as with `padding = \"same\"`")
        }
        (Some([channels, ..]), _) if are_alike => match &producer.write {
            Some([before, after]) => format!("\nhelp: write `{before}{channels}{after}`"),
            None => String::new(),
        },
        _ => String::new(),
    }
}

/// `a vector of 5`, `windows of 3×10` or `images of 3×32×32`
fn words(shape: &Shape) -> String {
    let kind = match shape.dims().len() {
        0 | 1 => "a vector",
        2 => "windows",
        _ => "images",
    };
    format!("{kind} of {}", shape.text())
}

/// `1 input` or `5 inputs`
fn count(count: usize, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
