//! What must hold between sizes. Claims about numbers are settled here; those about constants stay
//! and become checks for the compiler, in the same words (`check.rs` of the runtime crate).

use crate::{
    errors::Errors,
    ir::{Check, Claim, Declaration, Dim, Producer},
};

/// Reports the claims that are known to be false, and keeps those that are not known.
pub(crate) fn check(declaration: &mut Declaration, errors: &mut Errors) {
    declaration.checks.retain(|Check { at, claim }| {
        let message = match claim {
            Claim::Size { .. } | Claim::Budget(_) => return true,
            Claim::Inputs {
                takes,
                gets,
                layer,
                producer,
                write: [before, after],
            } => match (takes, gets) {
                (Dim::Known(takes), Dim::Known(gets)) => (takes != gets).then(|| {
                    format!(
                        "shape mismatch: `{layer}` takes {}, but {} {gets}\n\
                         help: write `{before}{gets}{after}`, or `{before}_{after}` to take \
                         whatever reaches it",
                        inputs(*takes),
                        producer.phrase()
                    )
                }),
                (Dim::Hole(_), _) | (_, Dim::Hole(_)) => None,
                _ => return true,
            },
            Claim::Count {
                count,
                gets,
                layer,
                name,
                producer,
            } => match (count, gets) {
                (Dim::Known(1) | Dim::Hole(_), _) | (_, Dim::Hole(_)) => None,
                (Dim::Known(count), Dim::Known(gets)) => (count != gets).then(|| {
                    format!(
                        "shape mismatch: `{layer}` has {count} parameters, but {} {gets}\n\
                         help: write `{name}({gets})` or `{name}(_)` for one to each feature, or \
                         `{name}` for one that all share",
                        producer.phrase()
                    )
                }),
                _ => return true,
            },
            Claim::Alike {
                first,
                gives,
                name,
                written: [by, written],
            } => match (first, gives) {
                (Dim::Known(first), Dim::Known(gives)) => (first != gives).then(|| {
                    format!(
                        "shape mismatch: `{written}` at the end of a branch of `{name}` gives \
                         {gives}, but the first branch gives {first} by `{by}`"
                    )
                }),
                (Dim::Hole(_), _) | (_, Dim::Hole(_)) => None,
                _ => return true,
            },
            Claim::Groups {
                size,
                groups,
                what,
                layer,
            } => match size {
                Dim::Known(size) => (size % groups != 0).then(|| {
                    format!(
                        "`{layer}` has {size} {what}, which can't be divided into {groups} groups"
                    )
                }),
                Dim::Hole(_) => None,
                Dim::Const(..) => return true,
            },
            Claim::Residual {
                enters,
                leaves,
                written,
            } => match (enters, leaves) {
                (Dim::Known(enters), Dim::Known(leaves)) => (enters != leaves).then(|| {
                    format!(
                        "shape mismatch: `Residual` adds what enters, which is {enters}, to what \
                         leaves, but `{written}` at its end gives {leaves}"
                    )
                }),
                (Dim::Hole(_), _) | (_, Dim::Hole(_)) => None,
                _ => return true,
            },
        };
        if let Some(message) = message {
            errors.error(at, message);
        }
        false
    });
    if declaration.hole.is_some() || !errors.is_empty() {
        forget_budgets(declaration);
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
pub(crate) fn repeats(takes: usize, gives: usize, block: &str, producer: &Producer) -> String {
    let help = producer.write.as_ref().map(|[before, after]| {
        format!(
            "\nhelp: write `{before}{takes}{after}`, so that the next copy takes what this one \
             gives"
        )
    });
    format!(
        "shape mismatch: each copy in `{block}` takes {}, but `{}` at its end gives {gives}{}",
        inputs(takes),
        producer.written,
        help.unwrap_or_default()
    )
}

fn inputs(count: usize) -> String {
    format!("{count} input{}", if count == 1 { "" } else { "s" })
}
