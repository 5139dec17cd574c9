//! Text that is put together in constants: the summaries, and the messages of failed checks.

use crate::value::Shape;

/// Text that is built in a constant: it keeps the first `N` bytes and counts all. The compiler interprets
/// this, and takes far longer for a call than for a byte in a loop.
#[derive(Clone, Copy)]
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; N],
            len: 0,
        }
    }

    pub(crate) const fn from(text: &str) -> Self {
        let mut new = Self::new();
        new.str(text);
        new
    }

    pub(crate) const fn bytes(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let [byte, tail @ ..] = rest {
            if self.len < N {
                self.bytes[self.len] = *byte;
            }
            self.len += 1;
            rest = tail;
        }
    }

    pub(crate) const fn str(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// `3×32×32`
    pub(crate) const fn shape(&mut self, shape: &Shape) {
        let mut rest = shape.dims();
        while let [dim, tail @ ..] = rest {
            self.number(*dim);
            if !tail.is_empty() {
                self.str("×");
            }
            rest = tail;
        }
    }

    pub(crate) const fn number(&mut self, number: usize) {
        let mut place = 1;
        while number / place >= 10 {
            place *= 10;
        }
        while place > 0 {
            if self.len < N {
                self.bytes[self.len] = b'0' + (number / place % 10) as u8;
            }
            self.len += 1;
            place /= 10;
        }
    }

    pub(crate) const fn spaces(&mut self, count: usize) {
        let end = self.len + count;
        while self.len < end {
            if self.len < N {
                self.bytes[self.len] = b' ';
            }
            self.len += 1;
        }
    }

    /// How many bytes were written, those beyond `N` included.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) const fn as_bytes(&self) -> &[u8] {
        self.bytes
            .split_at(if self.len < N { self.len } else { N })
            .0
    }

    pub(crate) const fn into_bytes(self) -> [u8; N] {
        self.bytes
    }

    /// The text, without the half of a character where `N` cut it in two.
    pub(crate) const fn as_str(&self) -> &str {
        let bytes = self.as_bytes();
        match core::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => match core::str::from_utf8(bytes.split_at(error.valid_up_to()).0) {
                Ok(text) => text,
                Err(_) => "",
            },
        }
    }
}
