//! The picture of a network: `Net::DIAGRAM`, which rustdoc shows too. Numbers go from the top to the
//! bottom; sizes are as they were written, since the macro doesn't know the values of constants.

use std::slice;

use syn::ext::IdentExt;

use crate::{
    combine,
    ir::{Join, Network, Stage},
};

/// The stages of a chain that are shown at the most.
const MOST: usize = 24;
/// The characters that are shown at the most of a layer, and of a size beside a line.
const LONGEST: usize = 48;
const LONGEST_SIZE: usize = 24;

/// The height of a layer's box, and of the title of a frame.
const BOX: usize = 28;
const TITLE: usize = 26;
/// The lengths of lines: from box to box, into the first box, and out of a frame.
const EDGE: usize = 34;
const LEAD: usize = 20;
const TAIL: usize = 14;
/// Where what enters is handed to several, below where it enters.
const FORK: usize = 10;
/// The space beside a chain for the line around it, and between branches.
const BESIDE: usize = 24;
const MARGIN: usize = 16;
/// From a line to the size beside it.
const BESIDE_LINE: usize = 7;
/// The radius of the node where branches are joined.
const NODE: usize = 11;

const FONT: &str = r##"font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="12" text-anchor="middle" fill="#1f2328""##;
const LINE: &str = r##"fill="none" stroke="#57606a""##;
const TRAINED: &str = r##"fill="#ddf4ff" stroke="#54aeff""##;
const OWN: &str = r##"fill="#fbefff" stroke="#c297ff""##;
const PLAIN: &str = r##"fill="#f6f8fa" stroke="#afb8c1""##;
const LEFT_OUT: &str = r##"fill="none" stroke="#afb8c1" stroke-dasharray="4 3""##;
const FRAME: &str = r##"fill="#afb8c1" fill-opacity="0.14" stroke="#d0d7de""##;
const JOIN: &str = r##"fill="#fff8c5" stroke="#d4a72c""##;

/// A part of the picture and its space. Numbers enter in the middle of its top, and leave in the
/// middle of its bottom; the width is even.
#[derive(Default)]
struct Part {
    width: usize,
    height: usize,
    svg: String,
}

/// The network as an SVG file.
pub(crate) fn svg(network: &Network) -> String {
    let name = shortened(&network.name.unraw().to_string(), LONGEST);
    let (flow, enters, leaves) = (flow(network), network.input.text(), network.output.text());
    let widths = [
        flow.width,
        text_width(&name),
        size_width(&enters),
        size_width(&leaves),
    ];
    let width = widths.into_iter().fold(0, usize::max) + 2 * MARGIN;
    let axis = width / 2;
    let mut part = Part {
        width,
        height: TITLE + LEAD,
        svg: String::new(),
    };
    part.text(axis, 18, &name);
    part.line(axis, TITLE, LEAD);
    part.label(axis, TITLE + 15, &enters);
    part.below(&flow);
    let end = part.height + EDGE;
    part.arrow(axis, part.height, end);
    part.label(axis, part.height + 20, &leaves);
    let (height, content, name) = (end + 8, part.svg, escape(&name));
    // Lines are sharp on half pixels.
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" {FONT}><title>{name}</title><g transform="translate(0.5 0.5)"><rect width="{width}" height="{height}" rx="8" fill="#ffffff" stroke="#d0d7de"/>{content}</g></svg>"##,
        width + 1,
        height + 1,
    )
}

/// What happens to what enters a struct.
fn flow(network: &Network) -> Part {
    match &network.join {
        Join::Chain => chain(&network.stages, &network.blocks),
        Join::Residual(_) => residual(network),
        Join::Branches(name, _) => branches(network, name),
    }
}

/// One stage below the other, with the sizes between them. Of a long chain, the middle is left out.
fn chain(stages: &[Stage], blocks: &[Network]) -> Part {
    let left_out = match stages.len() {
        0..=MOST => 0..0,
        len => MOST / 2..len + 1 - MOST / 2,
    };
    let mut column = Vec::new();
    for (place, stage) in stages.iter().enumerate() {
        let size = match place {
            0 => String::new(),
            _ => between(&stages[place - 1], stage),
        };
        if !left_out.contains(&place) {
            column.push((size, self::stage(stage, blocks)));
        } else if place == left_out.start {
            let text = format!("… {} more …", left_out.len());
            column.push((size, boxed("", &text, LEFT_OUT)));
        }
    }
    let widths = column
        .iter()
        .map(|(size, part)| part.width.max(size_width(size)));
    let leaves = stages.last().map(|stage| stage.output.text());
    let mut all = Part {
        width: widths.fold(size_width(&leaves.unwrap_or_default()), usize::max),
        ..Part::default()
    };
    let axis = all.width / 2;
    for (size, part) in &column {
        let top = all.height;
        all.height += if top == 0 { LEAD } else { EDGE };
        all.arrow(axis, top, all.height);
        all.label(axis, top + 19, size);
        all.below(part);
    }
    all
}

/// The size between two stages. What one's own layer gives has no text: then it is what the next
/// one says that it takes.
fn between(last: &Stage, next: &Stage) -> String {
    let gives = last.output.text();
    if gives == "…" {
        next.takes.text()
    } else {
        gives
    }
}

/// A chain, and what enters it on a line around it.
fn residual(network: &Network) -> Part {
    let chain = chain(&network.stages, &network.blocks);
    let width = chain.width + 2 * BESIDE;
    let (axis, beside) = (width / 2, width - BESIDE / 2);
    let mut all = Part {
        width,
        height: FORK,
        svg: String::new(),
    };
    all.line(axis, 0, FORK);
    all.below(&chain);
    let join = all.height + EDGE + NODE;
    all.arrow(axis, all.height, join - NODE);
    all.label(axis, all.height + 19, &network.output.text());
    all.path(&format!(
        "M{axis} {FORK}H{beside}V{join}H{}m5-4l-5 4 5 4",
        axis + NODE
    ));
    all.node(join, "Residual");
    all
}

/// Branches side by side.
fn branches(network: &Network, name: &str) -> Part {
    let parts: Vec<Part> = network
        .stages
        .iter()
        .map(|stage| branch(stage, &network.blocks))
        .collect();
    let widths: usize = parts.iter().map(|part| part.width + MARGIN).sum();
    let mut all = Part {
        width: widths.saturating_sub(MARGIN).max(2 * NODE),
        ..Part::default()
    };
    let axis = all.width / 2;
    let height = parts.iter().map(|part| part.height).max().unwrap_or(0);
    let join = FORK + height + EDGE + NODE;
    all.line(axis, 0, FORK);
    let mut left = 0;
    for (part, stage) in parts.iter().zip(&network.stages) {
        let middle = left + part.width / 2;
        let bottom = FORK + part.height;
        all.path(&format!("M{axis} {FORK}H{middle}"));
        all.place(part, left, FORK);
        all.label(middle, bottom + 19, &stage.output.text());
        if middle.abs_diff(axis) <= NODE {
            all.arrow(middle, bottom, join - NODE);
        } else {
            let end = if middle < axis {
                format!("{}m-5-4l5 4-5 4", axis - NODE)
            } else {
                format!("{}m5-4l-5 4 5 4", axis + NODE)
            };
            all.path(&format!("M{middle} {bottom}V{join}H{end}"));
        }
        left += part.width + MARGIN;
    }
    all.node(join, name);
    all
}

/// A branch that is not one stage with a name is a struct, whose frame would say nothing.
fn branch(stage: &Stage, blocks: &[Network]) -> Part {
    match block(stage, blocks) {
        Some(block) if name(stage).is_none() => chain(&block.stages, &block.blocks),
        _ => chain(slice::from_ref(stage), blocks),
    }
}

/// A layer's box, or a frame around what is in a block.
fn stage(stage: &Stage, blocks: &[Network]) -> Part {
    let name = name(stage).unwrap_or_default();
    let Some(block) = block(stage, blocks) else {
        let colours = match (&stage.is_layer, &stage.tensors[..]) {
            (Some(_), _) => OWN,
            (None, [_, ..]) => TRAINED,
            (None, []) => PLAIN,
        };
        return boxed(name, stage.written.trim_matches(['`', '[', ']']), colours);
    };
    let mut title = String::new();
    if !matches!(block.join, Join::Chain) {
        title.push_str(&stage.layer);
    }
    if let Some(copies) = &stage.copies {
        title.push_str(" × ");
        title.push_str(&copies.text());
    }
    framed(name, title.trim_start(), &flow(block))
}

fn boxed(name: &str, text: &str, colours: &str) -> Part {
    let text = titled(name, text);
    let mut part = Part {
        width: text_width(&text) + MARGIN,
        height: BOX,
        svg: String::new(),
    };
    part.rectangle(BOX, colours);
    part.text(part.width / 2, 18, &text);
    part
}

fn framed(name: &str, title: &str, flow: &Part) -> Part {
    let title = titled(name, title);
    let mut part = Part {
        width: flow.width.max(text_width(&title)) + 2 * MARGIN,
        height: TITLE,
        svg: String::new(),
    };
    part.rectangle(TITLE + flow.height + TAIL, FRAME);
    part.text(part.width / 2, 17, &title);
    part.below(flow);
    part.line(part.width / 2, part.height, TAIL);
    part.height += TAIL;
    part
}

impl Part {
    /// Adds a part at the bottom, in the middle.
    fn below(&mut self, part: &Self) {
        let top = self.height;
        self.place(part, (self.width - part.width) / 2, top);
        self.height += part.height;
    }

    fn place(&mut self, part: &Self, x: usize, y: usize) {
        self.push(&format!(
            r#"<g transform="translate({x} {y})">{}</g>"#,
            part.svg
        ));
    }

    fn push(&mut self, svg: &str) {
        self.svg.push_str(svg);
    }

    fn path(&mut self, path: &str) {
        self.push(&format!(r#"<path d="{path}" {LINE}/>"#));
    }

    fn line(&mut self, x: usize, y: usize, length: usize) {
        self.path(&format!("M{x} {y}v{length}"));
    }

    fn arrow(&mut self, x: usize, from: usize, to: usize) {
        self.path(&format!("M{x} {from}V{to}m-4-5l4 5 4-5"));
    }

    fn rectangle(&mut self, height: usize, colours: &str) {
        let width = self.width;
        self.push(&format!(
            r#"<rect width="{width}" height="{height}" rx="5" {colours}/>"#
        ));
    }

    fn text(&mut self, x: usize, y: usize, text: &str) {
        let text = escape(text);
        self.push(&format!(r#"<text x="{x}" y="{y}">{text}</text>"#));
    }

    /// A size beside a line.
    fn label(&mut self, x: usize, y: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        self.push(&format!(
            r##"<text x="{}" y="{y}" text-anchor="start" font-size="11" fill="#57606a">{}</text>"##,
            x + BESIDE_LINE,
            escape(&shortened(text, LONGEST_SIZE))
        ));
    }

    /// The sign of a combinator where its lines meet, and the end of the part.
    fn node(&mut self, y: usize, combinator: &str) {
        let (x, sign) = (self.width / 2, combine::sign(combinator));
        self.push(&format!(
            r#"<circle cx="{x}" cy="{y}" r="{NODE}" {JOIN}/><text x="{x}" y="{}" font-size="15">{sign}</text>"#,
            y + 5
        ));
        self.height = y + NODE;
    }
}

/// The name that somebody gave the stage, and not its place.
fn name(stage: &Stage) -> Option<&str> {
    let is_name = |key: &&str| !key.is_empty() && !key.starts_with(|c: char| c.is_ascii_digit());
    Some(stage.key.as_str()).filter(is_name)
}

fn block<'a>(stage: &Stage, blocks: &'a [Network]) -> Option<&'a Network> {
    let name = stage.block.as_ref()?;
    blocks.iter().find(|block| block.name == *name)
}

/// `name: text`
fn titled(name: &str, text: &str) -> String {
    let colon = match (name, text) {
        ("", _) | (_, "") => "",
        (_, text) if text.starts_with('×') => " ",
        _ => ": ",
    };
    shortened(&format!("{name}{colon}{text}"), LONGEST)
}

/// An even number of pixels, by what a character takes in fonts where all take the same.
fn text_width(text: &str) -> usize {
    (text.chars().count() * 36).div_ceil(10) * 2
}

/// The same around a line with a size on its right.
fn size_width(text: &str) -> usize {
    2 * (BESIDE_LINE + text_width(&shortened(text, LONGEST_SIZE)))
}

fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn escape(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '&' => "&amp;".to_owned(),
            c if c.is_control() => " ".to_owned(),
            c => c.to_string(),
        })
        .collect()
}
