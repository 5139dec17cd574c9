//! [`Serialize`] and [`Deserialize`](serde::Deserialize) for networks: a map from the fields' names
//! to what they hold, `{"fc1": {"weight": [[…], …], "bias": […]}, …}`. A matrix is a list of rows, as
//! in PyTorch; fields without tensors are left out, and so are constants. Networks that are too
//! large to be returned by value are for `read_safetensors`.

use std::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use serde::{
    Serialize, Serializer,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap, SerializeSeq},
};

use crate::{
    parameters::{
        Parameters, VisitorMut,
        layout::{Field, Layout},
        path::Path,
    },
    scalar::Scalar,
    weights::file::by_rows,
};

/// What `Serialize` does for a network.
///
/// # Errors
///
/// Those of the format.
pub fn serialize<P: Parameters, S: Serializer>(value: &P, to: S) -> Result<S::Ok, S::Error> {
    let mut numbers = Numbers(Vec::new());
    P::walk([value], &Path::root::<P>(), &mut numbers);
    let written = Written {
        form: Form::new(P::LAYOUT, false),
        numbers: &numbers.0,
    };
    written.serialize(to)
}

/// What `Deserialize` does for a network.
///
/// # Errors
///
/// Those of the format, and where fields or shapes are not the network's.
pub fn deserialize<'de, P: Parameters, D: Deserializer<'de>>(from: D) -> Result<P, D::Error> {
    let form = Form::new(P::LAYOUT, false);
    let mut numbers = vec![0.0; form.len()];
    let read = Read {
        form,
        name: "",
        numbers: &mut numbers,
    };
    read.deserialize(from)?;
    let mut value = P::ZEROS;
    numbers.reverse();
    P::walk_mut([&mut value], &Path::root::<P>(), &mut Numbers(numbers));
    Ok(value)
}

/// The numbers of one tensor after another, row by row; `f64` holds each of them exactly, and counts up
/// to 2⁵³.
struct Numbers(Vec<f64>);

impl crate::parameters::Visitor<1> for Numbers {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [tensor]: [&[T]; 1]) {
        if let Some(layout) = path.tensor() {
            self.0.extend(by_rows(layout).map(|at| tensor[at].to_f64()));
        }
    }

    fn count(&mut self, _: &Path<'_>, [count]: [&i64; 1]) {
        self.0.push(*count as f64);
    }
}

/// Takes from the end, so that the numbers are in the opposite order.
impl VisitorMut<1> for Numbers {
    fn tensor<T: Scalar>(&mut self, path: &Path<'_>, [tensor]: [&mut [T]; 1]) {
        if let Some(layout) = path.tensor() {
            for at in by_rows(layout) {
                tensor[at] = T::from_f64(self.0.pop().unwrap_or_default());
            }
        }
    }

    fn count(&mut self, _: &Path<'_>, [count]: [&mut i64; 1]) {
        *count = self.0.pop().unwrap_or_default() as i64;
    }
}

/// What stands in a file for a part of a network.
#[derive(Clone, Copy)]
enum Form {
    Map(&'static [Field]),
    /// The items of an array.
    List(usize, &'static Layout, bool),
    /// The rows of a matrix.
    Rows(usize, usize, Number),
    /// The numbers of a vector or of a row.
    Row(usize, Number),
    Number(Number),
}

/// A number's type, in which a format may write it shorter.
#[derive(Clone, Copy)]
enum Number {
    Single,
    Double,
    Count,
}

impl Form {
    fn new(layout: Layout, is_matrix: bool) -> Self {
        match layout {
            Layout::Struct(fields) => Self::Map(fields),
            Layout::Array { len, item, .. } => Self::List(len, item, is_matrix),
            Layout::Tensor(tensor) => {
                let number = match tensor.scalar() {
                    _ if tensor.is_count() => Number::Count,
                    f64::NAME => Number::Double,
                    _ => Number::Single,
                };
                let tensor = if is_matrix { tensor.matrix() } else { tensor };
                match *tensor.shape() {
                    [] => Self::Number(number),
                    [len] => Self::Row(len, number),
                    [rows, ..] => Self::Rows(rows, tensor.len() / rows.max(1), number),
                }
            }
        }
    }

    fn of(field: &Field) -> Self {
        Self::new(field.layout, field.matrix)
    }

    /// How many numbers it has.
    fn len(self) -> usize {
        match self {
            Self::Map(fields) => fields.iter().map(|field| Self::of(field).len()).sum(),
            Self::List(..) | Self::Rows(..) | Self::Row(..) => {
                let (len, item) = self.items();
                len * item.len()
            }
            Self::Number(_) => 1,
        }
    }

    /// Of a list, how many items there are and what each is.
    fn items(self) -> (usize, Self) {
        match self {
            Self::List(len, item, is_matrix) => (len, Self::new(*item, is_matrix)),
            Self::Rows(rows, columns, number) => (rows, Self::Row(columns, number)),
            Self::Row(len, number) => (len, Self::Number(number)),
            Self::Map(_) | Self::Number(_) => (1, self),
        }
    }
}

/// The fields that hold numbers.
fn filled(fields: &'static [Field]) -> impl Iterator<Item = &'static Field> {
    fields.iter().filter(|field| Form::of(field).len() > 0)
}

/// A part of a network that is written.
struct Written<'a> {
    form: Form,
    numbers: &'a [f64],
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut rest = self.numbers;
        let mut part = |form: Form| {
            let (numbers, tail) = rest.split_at(form.len());
            rest = tail;
            Written { form, numbers }
        };
        match self.form {
            Form::Map(fields) => {
                let mut map = to.serialize_map(Some(filled(fields).count()))?;
                for field in filled(fields) {
                    map.serialize_entry(field.name, &part(Form::of(field)))?;
                }
                map.end()
            }
            Form::Number(Number::Single) => to.serialize_f32(self.numbers[0] as f32),
            Form::Number(Number::Double) => to.serialize_f64(self.numbers[0]),
            Form::Number(Number::Count) => to.serialize_i64(self.numbers[0] as i64),
            list => {
                let (len, item) = list.items();
                let mut list = to.serialize_seq(Some(len))?;
                for _ in 0..len {
                    list.serialize_element(&part(item))?;
                }
                list.end()
            }
        }
    }
}

/// A part of a network that is read.
struct Read<'a> {
    form: Form,
    /// The way there, for messages.
    name: &'a str,
    numbers: &'a mut [f64],
}

impl Read<'_> {
    /// The name of something inside.
    fn inside(&self, name: &str) -> String {
        match self.name {
            "" => name.to_string(),
            above => format!("{above}.{name}"),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Read<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        match self.form {
            Form::Map(_) => from.deserialize_map(self),
            Form::Number(Number::Single) => from.deserialize_f32(self),
            Form::Number(Number::Double) => from.deserialize_f64(self),
            Form::Number(Number::Count) => from.deserialize_i64(self),
            Form::List(..) | Form::Rows(..) | Form::Row(..) => from.deserialize_seq(self),
        }
    }
}

impl<'de> Visitor<'de> for Read<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.form {
            Form::Map(_) if self.name.is_empty() => f.write_str("the fields of the network"),
            Form::Map(_) => write!(f, "the fields of `{}`", self.name),
            Form::List(len, ..) => write!(f, "the {len} items of `{}`", self.name),
            Form::Rows(rows, ..) => write!(f, "the {rows} rows of `{}`", self.name),
            Form::Row(len, _) => write!(f, "{len} numbers in `{}`", self.name),
            Form::Number(_) => write!(f, "a number in `{}`", self.name),
        }
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.numbers[0] = number;
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.visit_f64(number as f64)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.visit_f64(number as f64)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let (len, item) = self.form.items();
        let mut name = self.name.to_string();
        for index in 0..len {
            if let Form::List(..) = self.form {
                name = self.inside(&index.to_string());
            }
            let size = item.len();
            let read = Read {
                form: item,
                name: &name,
                numbers: &mut self.numbers[index * size..][..size],
            };
            if list.next_element_seed(read)?.is_none() {
                return Err(A::Error::invalid_length(index, &self));
            }
        }
        match list.next_element::<serde::de::IgnoredAny>()? {
            Some(_) => Err(A::Error::invalid_length(len + 1, &self)),
            None => Ok(()),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Form::Map(fields) = self.form else {
            return Err(A::Error::custom(format!("`{}` is no map", self.name)));
        };
        let mut missing: Vec<&str> = filled(fields).map(|field| field.name).collect();
        while let Some(key) = map.next_key::<String>()? {
            let name = self.inside(&key);
            let mut at = 0;
            let field = filled(fields).find(|field| {
                let is_it = field.name == key;
                at += if is_it { 0 } else { Form::of(field).len() };
                is_it
            });
            let Some(field) = field else {
                let names: Vec<&str> = filled(fields).map(|field| field.name).collect();
                let names = names.join("`, `");
                let message = format!("unknown field `{name}`, expected `{names}`");
                return Err(A::Error::custom(message));
            };
            let before = missing.len();
            missing.retain(|name| *name != key);
            if missing.len() == before {
                return Err(A::Error::custom(format!("duplicate field `{name}`")));
            }
            let form = Form::of(field);
            map.next_value_seed(Read {
                form,
                name: &name,
                numbers: &mut self.numbers[at..][..form.len()],
            })?;
        }
        match missing.first() {
            Some(name) => {
                let name = self.inside(name);
                Err(A::Error::custom(format!("missing field `{name}`")))
            }
            None => Ok(()),
        }
    }
}
