//! The name that was probably meant.

/// Whether the names differ by case only, or by one letter that is missing, added, different or
/// swapped with its neighbour.
pub(crate) fn is_slip(written: &str, meant: &str) -> bool {
    written.eq_ignore_ascii_case(meant)
        || (distance(written, meant) <= 1 && !differ(written, meant))
}

/// The nearest of the names, if it is near at all.
pub(crate) fn nearest<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = written.to_lowercase();
    names
        .into_iter()
        .filter(|name| !differ(written, name))
        .map(|name| (distance(&lower, &name.to_lowercase()), name))
        .min()
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .map(|(_, name)| name)
}

/// Whether both have numbers, and others: `Conv2d` is no slip of `Conv1d`.
fn differ(a: &str, b: &str) -> bool {
    let digits = |name: &str| -> String { name.chars().filter(char::is_ascii_digit).collect() };
    let (a, b) = (digits(a), digits(b));
    !a.is_empty() && !b.is_empty() && a != b
}

/// How many letters have to be added, removed, replaced or swapped with their neighbours
/// ("optimal string alignment").
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_one_letter_or_case() {
        for slip in [
            "relu", "RELU", "ReLu", "RelU", "ReU", "ReLUU", "ReLX", "eRLU",
        ] {
            assert!(is_slip(slip, "ReLU"), "{slip}");
        }
        for other in ["GRU", "Re", "SiLU2"] {
            assert!(!is_slip(other, "ReLU"), "{other}");
        }
        assert!(!is_slip("Conv2d", "Conv1d"));
        assert_eq!(nearest("Sigmod", ["Tanh", "Sigmoid"]), Some("Sigmoid"));
        assert_eq!(nearest("Conv2d", ["Tanh", "Conv1d"]), None);
    }
}
