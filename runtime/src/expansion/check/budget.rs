//! What is said of a network that costs more than its declaration allows.

use crate::{
    parameters::layout::{Field, Layout},
    text::Text,
};

/// The costs that a message lists of each struct, the largest, at the most.
const LISTED: usize = 8;

type Message = Text<4096>;

/// What a budget is of.
#[derive(Clone, Copy)]
enum Cost {
    Parameters,
    Macs,
    Bytes,
}

impl Cost {
    #[inline]
    const fn of(self, field: &Field) -> usize {
        match self {
            Self::Parameters if field.buffer => 0,
            Self::Parameters => field.layout.parameters(),
            Self::Macs => field.macs(),
            Self::Bytes => field.layout.bytes(),
        }
    }
}

/// The network of this name and layout has no more parameters than its limit.
#[track_caller]
#[inline]
pub const fn max_parameters(limit: usize, name: &str, layout: &Layout, _: usize) {
    within(Cost::Parameters, layout.parameters(), limit, name, layout);
}

/// It does no more multiply-accumulates for a sample.
#[track_caller]
#[inline]
pub const fn max_macs(limit: usize, name: &str, layout: &Layout, _: usize) {
    within(Cost::Macs, layout.macs(), limit, name, layout);
}

/// Its struct takes no more bytes.
#[track_caller]
#[inline]
pub const fn max_bytes(limit: usize, name: &str, layout: &Layout, bytes: usize) {
    within(Cost::Bytes, bytes, limit, name, layout);
}

#[track_caller]
#[inline]
const fn within(cost: Cost, actual: usize, limit: usize, name: &str, layout: &Layout) {
    if actual <= limit {
        return;
    }
    let mut text = Message::from("budget exceeded: `");
    text.str(name);
    let [verb, noun, setting] = match cost {
        Cost::Parameters => ["` has ", " parameters", "max_parameters"],
        Cost::Macs => ["` does ", " multiply-accumulates for a sample", "max_macs"],
        Cost::Bytes => ["` takes ", " bytes", "max_bytes"],
    };
    text.str(verb);
    text.number(actual);
    text.str(noun);
    text.str(", but `");
    text.str(setting);
    text.str("` is ");
    text.number(limit);
    rows(&mut text, cost, layout, 0, 1);
    if matches!(cost, Cost::Bytes) && actual > layout.bytes() {
        text.str("\n  options, and space for alignment: ");
        text.number(actual - layout.bytes());
    }
    panic!("{}", text.as_str());
}

/// What the fields cost, the dearest first, and each field's own behind it. `copies` are how many
/// there are of each.
#[inline]
const fn rows(text: &mut Message, cost: Cost, layout: &Layout, depth: usize, copies: usize) {
    let (fields, copies) = match layout {
        Layout::Struct(fields) => (*fields, copies),
        Layout::Array { len, item, .. } => return rows(text, cost, item, depth, *len * copies),
        Layout::Tensor(_) => return,
    };
    let mut last = None;
    let mut listed = 0;
    while let Some(index) = next(cost, fields, last) {
        if listed == LISTED {
            text.str("\n");
            text.spaces(2 * depth + 2);
            text.str("…");
            return;
        }
        let field = &fields[index];
        row(text, field, cost.of(field) * copies, depth);
        rows(text, cost, &field.layout, depth + 1, copies);
        last = Some(index);
        listed += 1;
    }
}

/// The stage that is the dearest of those behind the last one; among equals, the first.
#[inline]
const fn next(cost: Cost, fields: &[Field], last: Option<usize>) -> Option<usize> {
    let mut found: Option<usize> = None;
    let mut index = 0;
    while index < fields.len() {
        let here = cost.of(&fields[index]);
        let is_behind = match last {
            Some(last) => {
                let there = cost.of(&fields[last]);
                here < there || (here == there && index > last)
            }
            None => true,
        };
        let is_dearest = match found {
            Some(found) => here > cost.of(&fields[found]),
            None => true,
        };
        if fields[index].stage.is_some() && here > 0 && is_behind && is_dearest {
            found = Some(index);
        }
        index += 1;
    }
    found
}

/// `fc1: Linear, 784 → 128: 100480`
#[inline]
const fn row(text: &mut Message, field: &Field, cost: usize, depth: usize) {
    text.str("\n");
    text.spaces(2 * depth + 2);
    text.str(field.name);
    if let Some(stage) = field.stage {
        text.str(": ");
        text.str(stage.layer);
        if let Layout::Array { len, .. } = field.layout {
            text.str(" × ");
            text.number(len);
        }
        text.str(", ");
        text.shape(&stage.inputs);
        text.str(" → ");
        text.shape(&stage.outputs);
    }
    text.str(": ");
    text.number(cost);
}
