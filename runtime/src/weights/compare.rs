//! Comparisons while a program is compiled, where `==` and `<` can't be called.

pub(crate) const fn starts_with(bytes: &[u8], start: &[u8]) -> bool {
    match bytes.split_at_checked(start.len()) {
        Some((head, _)) => equal(head, start),
        None => false,
    }
}

pub(crate) const fn is_less(mut a: &[u8], mut b: &[u8]) -> bool {
    while let ([first, rest @ ..], [other, tail @ ..]) = (a, b) {
        if *first != *other {
            return *first < *other;
        }
        (a, b) = (rest, tail);
    }
    a.len() < b.len()
}

pub(crate) const fn equal(mut a: &[u8], mut b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    while let ([first, rest @ ..], [other, tail @ ..]) = (a, b) {
        if *first != *other {
            return false;
        }
        (a, b) = (rest, tail);
    }
    true
}

pub(crate) const fn same(mut a: &[usize], mut b: &[usize]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    while let ([first, rest @ ..], [other, tail @ ..]) = (a, b) {
        if *first != *other {
            return false;
        }
        (a, b) = (rest, tail);
    }
    true
}
