//! The key that was probably meant.

/// A key that a file doesn't have, to be compared with those that it has.
pub(crate) struct Wanted {
    len: usize,
    /// For each letter, the places where the key has it.
    places: [u128; 256],
}

impl Wanted {
    pub(crate) const fn new(key: &[u8]) -> Self {
        let mut places = [0; 256];
        let mut at = 0;
        while at < key.len() && at < u128::BITS as usize {
            places[key[at] as usize] |= 1 << at;
            at += 1;
        }
        Self {
            len: key.len(),
            places,
        }
    }

    /// Keys that differ by as many letters are others.
    pub(crate) const fn too_many(&self) -> usize {
        self.len / 4 + 1
    }

    /// How many letters have to be added, removed or replaced, if fewer than `most`.
    ///
    /// That is Levenshtein's distance a row at a time, whose neighbours differ by −1, 0 or 1 (Myers'
    /// algorithm, in Hyyrö's form): the compiler, which runs this for each key of a file and each
    /// stage of a network, takes a microsecond for a few steps.
    pub(crate) const fn distance(&self, other: &[u8], most: usize) -> Option<usize> {
        let (len, rows) = (self.len, other.len());
        if len == 0 || len > u128::BITS as usize || len.abs_diff(rows) >= most {
            return None;
        }
        let last = 1 << (len - 1);
        let (mut more, mut less, mut distance) = (u128::MAX, 0, len);
        let mut row = 0;
        while row < rows {
            let equal = self.places[other[row] as usize];
            let vertical = equal | less;
            let horizontal = ((equal & more).wrapping_add(more) ^ more) | equal;
            let up = less | !(horizontal | more);
            let down = more & horizontal;
            row += 1;
            if up & last != 0 {
                distance += 1;
                // Each letter that is left makes it less by one at the most.
                if distance >= most + (rows - row) {
                    return None;
                }
            } else if down & last != 0 {
                distance -= 1;
            }
            let (up, down) = (up << 1 | 1, down << 1);
            more = down | !(vertical | up);
            less = up & vertical;
        }
        if distance < most {
            Some(distance)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row by row.
    fn levenshtein(a: &[u8], b: &[u8]) -> usize {
        let mut row: std::vec::Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let replaced = diagonal + usize::from(x != y);
                diagonal = row[j + 1];
                row[j + 1] = replaced.min(1 + row[j].min(diagonal));
            }
        }
        row[b.len()]
    }

    #[test]
    fn distances_are_those_of_the_table() {
        let words = [
            "fc1.weight",
            "fc_1.weight",
            "fc1.bias",
            "1",
            "",
            "body.12.0.weight",
            "weight.fc1",
        ];
        let long = "encoder.layers.0.".repeat(7) + "weight";
        let words = words.into_iter().chain([&*long, &long[1..]]);
        for a in words.clone().filter(|word| !word.is_empty()) {
            let wanted = Wanted::new(a.as_bytes());
            for b in words.clone() {
                let expected = levenshtein(a.as_bytes(), b.as_bytes());
                for most in 0..30 {
                    let found = wanted.distance(b.as_bytes(), most);
                    assert_eq!(
                        found,
                        (expected < most).then_some(expected),
                        "{a} {b} {most}"
                    );
                }
            }
        }
    }
}
