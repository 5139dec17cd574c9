//! The header: JSON of a few forms.

use std::fmt::Write as _;

use crate::{Dtype, Fault, Tensor};

/// What the header says of one tensor.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) dtype: Dtype,
    pub(crate) shape: Vec<usize>,
    /// Where its numbers begin and end, in bytes after the header.
    pub(crate) offsets: [usize; 2],
}

type Result<T> = std::result::Result<T, Fault>;

/// `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}`
pub(crate) fn read(header: &[u8]) -> Result<Vec<Entry>> {
    let text = str::from_utf8(header).map_err(|error| Fault::Text {
        at: error.valid_up_to(),
    })?;
    let mut json = Json { text, at: 0 };
    let mut entries = Vec::new();
    json.object(|json, name| {
        if name == "__metadata__" {
            return json.object(|json, _| json.string().map(drop));
        }
        entries.push(entry(json, name)?);
        Ok(())
    })?;
    if json.next().is_some() {
        return Err(json.expected("nothing more"));
    }
    Ok(entries)
}

fn entry(json: &mut Json<'_>, name: String) -> Result<Entry> {
    let (mut dtype, mut shape, mut offsets) = (None, None, None);
    json.object(|json, field| {
        let known = match field.as_str() {
            "dtype" => dtype.replace(json.string()?).is_none(),
            "shape" => shape.replace(json.numbers()?).is_none(),
            "data_offsets" => offsets.replace(json.numbers()?).is_none(),
            _ => false,
        };
        if known {
            Ok(())
        } else {
            Err(json.expected("`dtype`, `shape` and `data_offsets`, once each,"))
        }
    })?;
    let (Some(dtype), Some(shape), Some(Ok(offsets))) =
        (dtype, shape, offsets.map(<[usize; 2]>::try_from))
    else {
        return Err(json.expected("`dtype`, `shape` and two `data_offsets`"));
    };
    match Dtype::from_name(&dtype) {
        Some(dtype) => Ok(Entry {
            name,
            dtype,
            shape,
            offsets,
        }),
        None => Err(Fault::Dtype { name, dtype }),
    }
}

/// A text, and how much of it has been read.
struct Json<'a> {
    text: &'a str,
    at: usize,
}

impl Json<'_> {
    /// The next byte that is no white space.
    fn next(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += rest.iter().take_while(space).count();
        self.text.as_bytes().get(self.at).copied()
    }

    /// Whether the next byte is this one; then it has been read.
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.next() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<()> {
        if self.skip(byte) {
            Ok(())
        } else {
            Err(self.expected(expected))
        }
    }

    fn expected(&self, expected: &'static str) -> Fault {
        Fault::Header {
            at: self.at,
            expected,
        }
    }

    /// Calls `value` after each key.
    fn object(&mut self, mut value: impl FnMut(&mut Self, String) -> Result<()>) -> Result<()> {
        self.expect(b'{', "`{`")?;
        if self.skip(b'}') {
            return Ok(());
        }
        loop {
            let key = self.string()?;
            self.expect(b':', "`:`")?;
            value(self, key)?;
            if self.skip(b'}') {
                return Ok(());
            }
            self.expect(b',', "`,` or `}`")?;
        }
    }

    fn numbers(&mut self) -> Result<Vec<usize>> {
        let mut numbers = Vec::new();
        self.expect(b'[', "`[`")?;
        if self.skip(b']') {
            return Ok(numbers);
        }
        loop {
            numbers.push(self.number()?);
            if self.skip(b']') {
                return Ok(numbers);
            }
            self.expect(b',', "`,` or `]`")?;
        }
    }

    fn number(&mut self) -> Result<usize> {
        self.next();
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = &rest[..length];
        let number = digits.parse().ok();
        // No number begins with a zero but zero.
        let number = number.filter(|_| digits == "0" || !digits.starts_with('0'));
        let number = number.ok_or_else(|| self.expected("a whole number of a size in memory"))?;
        self.at += length;
        Ok(number)
    }

    fn string(&mut self) -> Result<String> {
        self.expect(b'"', "a string")?;
        let mut string = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = |c: char| c != '"' && c != '\\' && c >= ' ';
            let length = rest.find(|c| !plain(c)).unwrap_or(rest.len());
            string.push_str(&rest[..length]);
            self.at += length;
            if self.text[self.at..].starts_with('"') {
                self.at += 1;
                return Ok(string);
            }
            string.push(self.escape()?);
        }
    }

    /// `\n` and its kin.
    fn escape(&mut self) -> Result<char> {
        let rest = self.text[self.at..].strip_prefix('\\');
        let escaped = match rest.and_then(|rest| rest.chars().next()) {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.code_point(),
            _ => return Err(self.expected("the end of a string, or an escape")),
        };
        self.at += 2;
        Ok(escaped)
    }

    /// `\u00e9`, or two halves of what needs more bits.
    fn code_point(&mut self) -> Result<char> {
        let expected = self.expected("four hexadecimal digits of a character");
        let units = [self.code_unit(self.at), self.code_unit(self.at + 6)];
        let units = units.into_iter().map_while(|unit| unit);
        match char::decode_utf16(units).next() {
            Some(Ok(c)) => {
                self.at += 6 * c.len_utf16();
                Ok(c)
            }
            _ => Err(expected),
        }
    }

    fn code_unit(&self, at: usize) -> Option<u16> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16)
            .ok()
            .filter(|_| is_hexadecimal)
    }
}

/// The header of a file with these tensors, one after another.
pub(crate) fn write(tensors: &[Tensor<'_>]) -> String {
    let mut header = String::from("{");
    let mut end = 0;
    for tensor in tensors {
        let Tensor {
            name,
            dtype,
            shape,
            data,
        } = tensor;
        let from = end;
        end += data.len();
        if header.len() > 1 {
            header.push(',');
        }
        push_string(&mut header, name);
        let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
        let lengths = lengths.join(",");
        // A `String` takes whatever is written.
        let _ = write!(
            header,
            ":{{\"dtype\":\"{dtype:?}\",\"shape\":[{lengths}],\"data_offsets\":[{from},{end}]}}"
        );
    }
    header.push('}');
    header
}

fn push_string(to: &mut String, string: &str) {
    to.push('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => to.extend(['\\', c]),
            '\0'..' ' => {
                let _ = write!(to, "\\u{:04x}", u32::from(c));
            }
            _ => to.push(c),
        }
    }
    to.push('"');
}
