//! Text that is put together in constants: the summaries, and the messages of failed checks.

use crate::value::Shape;

/// Text that is built in a constant: it keeps the first `N` bytes and counts all.
#[derive(Clone, Copy)]
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
    chars: usize,
    /// Spaces that are written only if something follows them on the line.
    gap: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; N],
            len: 0,
            chars: 0,
            gap: 0,
        }
    }

    const fn byte(&mut self, byte: u8) {
        while self.gap > 0 {
            self.gap -= 1;
            self.byte(b' ');
        }
        if self.len < N {
            self.bytes[self.len] = byte;
        }
        self.len += 1;
        // Continuation bytes of UTF-8 are no characters of their own.
        if byte & 0xC0 != 0x80 {
            self.chars += 1;
        }
    }

    pub(crate) const fn from(text: &str) -> Self {
        let mut new = Self::new();
        new.str(text);
        new
    }

    pub(crate) const fn bytes(&mut self, mut bytes: &[u8]) {
        while let [byte, tail @ ..] = bytes {
            self.byte(*byte);
            bytes = tail;
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
        if number >= 10 {
            self.number(number / 10);
        }
        self.byte(b'0' + (number % 10) as u8);
    }

    pub(crate) const fn spaces(&mut self, count: usize) {
        self.gap += count;
    }

    pub(crate) const fn end_line(&mut self) {
        self.gap = 0;
        self.byte(b'\n');
    }

    /// How many bytes were written, those beyond `N` included.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) const fn chars(&self) -> usize {
        self.chars
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
