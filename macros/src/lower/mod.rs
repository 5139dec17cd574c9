//! From what was written to what it means: [`ast`](crate::ast) → [`ir`](crate::ir).
//!
//! After an error the work goes on with the likeliest meaning, so that independent faults are all
//! found, and with a hole where there is none.

mod arguments;
mod block;
mod built_in;
mod call;
mod combine;
mod item;
mod own;
mod places;
mod settings;
mod size;
mod stream;

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Ident, Visibility, ext::IdentExt};

use crate::{
    ast::{Chain, Item, Layer, Stage as Written},
    errors::Errors,
    expand::Target,
    ir::{
        Check, Constant, Declaration, Dim, Fits, Join, Memory, Network, Producer, Shape, Stage,
        Value,
    },
};

/// Lowers one declaration; `declared` are the names of all in the same call.
pub(crate) fn lower(
    item: Item,
    declared: &[String],
    target: &Target,
    errors: &mut Errors,
) -> Declaration {
    let attributes = item::attributes(item.attributes, errors);
    let scalar = attributes.settings.scalar();
    let weights = attributes.settings.weights(target.is_big_endian, errors);
    let krate = &target.krate;
    let mut lowering = Lowering {
        root: item.name.clone(),
        visibility: item.visibility,
        scalar: quote_spanned!(Span::mixed_site()=> #krate::__private::#scalar),
        krate,
        declared,
        errors,
        constants: Vec::new(),
        checks: attributes.settings.budgets(),
        hole: None,
        blocks: BTreeSet::from([item.name.to_string()]),
        shared: attributes.shared(),
        memory: Memory::None,
    };
    if let Ok(chain) = &item.chain {
        lowering.remember(chain);
    }
    let mut network = match item.chain {
        Ok(chain) => lowering.network(item.name, &chain, &mut None),
        Err(error) => lowering.unreadable(item.name, error),
    };
    network.attributes = attributes.passed;
    Declaration {
        network,
        scalar,
        weights,
        cfgs: attributes.cfgs,
        constants: lowering.constants,
        checks: lowering.checks,
        memory: lowering.memory,
        hole: lowering.hole,
    }
}

/// What flows from one stage to the next; `None` before anything is known to enter.
type Flow = Option<Reach>;

#[derive(Clone)]
struct Reach {
    shape: Shape,
    from: Producer,
}

struct Lowering<'a> {
    /// The declaration's name, under which its constants are.
    root: Ident,
    visibility: Visibility,
    scalar: TokenStream,
    krate: &'a TokenStream,
    declared: &'a [String],
    errors: &'a mut Errors,
    constants: Vec<Constant>,
    checks: Vec<Check>,
    hole: Option<syn::Error>,
    /// The names of the types so far, the declaration's own among them.
    blocks: BTreeSet<String>,
    /// The attributes that go on the blocks' types too: all but the documentation.
    shared: Vec<syn::Attribute>,
    memory: Memory,
}

/// A network whose stages are being gathered.
struct Building {
    name: Ident,
    input: Option<Shape>,
    takes: Option<Shape>,
    stages: Vec<Stage>,
    blocks: Vec<Network>,
    fields: BTreeSet<String>,
}

impl Building {
    fn new(name: Ident, flow: &Flow) -> Self {
        Self {
            name,
            input: flow.as_ref().map(|reach| reach.shape.clone()),
            takes: None,
            stages: Vec::new(),
            blocks: Vec::new(),
            fields: BTreeSet::new(),
        }
    }
}

impl Lowering<'_> {
    /// Lowers a chain that is a struct of its own.
    fn network(&mut self, name: Ident, chain: &Chain, flow: &mut Flow) -> Network {
        let mut building = Building::new(name, flow);
        self.chain(&mut building, chain, flow);
        if building.stages.is_empty() {
            let message = "a network has at least one layer, such as `Linear(5, 1)`";
            self.errors.error(&building.name, message);
        }
        let output = match flow {
            Some(reach) => reach.shape.clone(),
            None => Shape::vector(self.unknown()),
        };
        self.built(building, output, Join::Chain)
    }

    /// The struct of what was gathered.
    fn built(&self, building: Building, output: Shape, join: Join) -> Network {
        Network {
            attributes: self.shared.clone(),
            visibility: self.visibility.clone(),
            takes: building.takes.unwrap_or_else(|| output.clone()),
            input: building.input.unwrap_or_else(|| output.clone()),
            output,
            name: building.name,
            stages: building.stages,
            blocks: building.blocks,
            join,
        }
    }

    /// The network of a chain that could not be read.
    fn unreadable(&mut self, name: Ident, error: syn::Error) -> Network {
        let hole = Shape::vector(self.hole(error));
        Network {
            attributes: Vec::new(),
            visibility: self.visibility.clone(),
            name,
            input: hole.clone(),
            takes: hole.clone(),
            output: hole,
            stages: Vec::new(),
            blocks: Vec::new(),
            join: Join::Chain,
        }
    }

    fn chain(&mut self, to: &mut Building, chain: &Chain, flow: &mut Flow) {
        for (index, stage) in chain.stages.iter().enumerate() {
            match (&stage.layer, &stage.name) {
                (Layer::Group(inner), None) => self.chain(to, inner, flow),
                (Layer::Call(call), name) if call.is_input() && !self.declares("Input") => {
                    let is_first = index == 0 && to.stages.is_empty();
                    self.input(to, call, name.as_ref(), is_first, flow);
                }
                (Layer::Call(call), name) if call.is_stream() && !self.declares("Stream") => {
                    let is_first = index == 0 && to.name == self.root && to.input.is_none();
                    self.stream(to, call, name.as_ref(), is_first, flow);
                }
                (Layer::Unreadable(error), _) => {
                    let shape = Shape::vector(self.hole(error.clone()));
                    let from = Producer {
                        written: "…".to_owned(),
                        write: None,
                        at: TokenStream::new(),
                        layer: TokenStream::new(),
                        is_beside: false,
                    };
                    to.input.get_or_insert_with(|| shape.clone());
                    *flow = Some(Reach { shape, from });
                }
                _ => self.stage(to, stage, flow),
            }
        }
    }

    /// Whether a network of this name is declared in the same call.
    fn declares(&self, name: &str) -> bool {
        self.declared.iter().any(|declared| declared == name)
    }

    fn stage(&mut self, to: &mut Building, written: &Written, flow: &mut Flow) {
        let place = to.stages.len();
        let (lower, span) = match &written.layer {
            Layer::Call(call) => (call.path.last().to_string().to_lowercase(), call.span()),
            Layer::Repeat(repeat) => ("repeat".to_owned(), first_span(&repeat.count)),
            Layer::Combine(combine) => {
                let name = &combine.name;
                (name.to_string().to_lowercase(), name.span())
            }
            Layer::Group(_) | Layer::Unreadable(_) => ("chain".to_owned(), Span::call_site()),
        };
        let (mut field, key) = match &written.name {
            Some(name) => (name.clone(), name.unraw().to_string()),
            None => (
                Ident::new(&format!("{lower}{place}"), span),
                place.to_string(),
            ),
        };
        if !to.fields.insert(field.unraw().to_string()) {
            let message = match &written.name {
                Some(_) => format!("`{field}` is already the name of another stage"),
                None => format!(
                    "this stage would be the field `{field}`, which another has\n\
                     help: give it a name, as in `name: {}`",
                    written.text()
                ),
            };
            self.errors.error(&field, message);
            field = format_ident!("{}_{place}", field);
        }
        let part = match &written.name {
            Some(name) => upper_camel(&name.unraw().to_string()),
            None => format!("{}{place}", upper_camel(&lower)),
        };
        let mut block = format_ident!("{}{part}", to.name, span = to.name.span());
        if !matches!(written.layer, Layer::Call(_)) && !self.blocks.insert(block.to_string()) {
            let message = format!(
                "the type of this block would be `{block}`, which is that of another\n\
                 help: give it another name"
            );
            self.errors.error(&field, message);
            block = format_ident!("{block}At{place}");
        }
        if self.memory == Memory::Stream {
            self.blocks.insert(state(&block).to_string());
        }
        let Some(mut stage) = self.layer(to, &block, &written.layer, flow) else {
            return;
        };
        let name = written.name.as_ref();
        stage.at = match &written.layer {
            Layer::Call(call) => quote_spanned!(Span::mixed_site()=> #name #call),
            _ => name.to_token_stream(),
        };
        stage.field = field;
        stage.key = key;
        to.input.get_or_insert_with(|| stage.input.clone());
        to.takes.get_or_insert_with(|| stage.takes.clone());
        to.stages.push(stage);
    }

    /// A layer, with the name of its struct if it is a block.
    fn layer(
        &mut self,
        to: &mut Building,
        block: &Ident,
        layer: &Layer,
        flow: &mut Flow,
    ) -> Option<Stage> {
        match layer {
            Layer::Call(call) => Some(self.call(call, flow)),
            Layer::Group(chain) => Some(self.block(to, block, chain, flow)),
            Layer::Repeat(repeat) => Some(self.repeat(to, block, repeat, flow)),
            Layer::Combine(combine) => Some(self.combine(to, block, combine, flow)),
            Layer::Unreadable(_) => None,
        }
    }

    /// A hidden constant with this value.
    fn constant(&mut self, value: Value) -> TokenStream {
        let name = format_ident!(
            "NETWORK_{}_{}",
            value.kind().0,
            self.constants.len(),
            span = Span::mixed_site()
        );
        let root = &self.root;
        let path = quote_spanned!(Span::mixed_site()=> #root::#name);
        self.constants.push(Constant { name, value });
        path
    }

    /// The size of which only the error is known. The first such error stands in the place of the
    /// size itself, so that whatever depends on it is silent.
    fn hole(&mut self, error: syn::Error) -> Dim {
        if self.hole.is_none() {
            self.hole = Some(error);
        } else {
            self.errors.push(error);
        }
        self.unknown()
    }

    /// The hole of an error that has been reported.
    fn unknown(&mut self) -> Dim {
        let root = &self.root;
        Dim::Hole(quote_spanned!(Span::mixed_site()=> #root::NETWORK_HOLE))
    }
}

impl Stage {
    /// A stage without name, options and tensors.
    fn new(ty: TokenStream, input: Shape, output: Shape) -> Self {
        Self {
            field: Ident::new("unnamed", Span::mixed_site()),
            key: String::new(),
            layer: String::new(),
            written: String::new(),
            at: TokenStream::new(),
            ty,
            copies: None,
            block: None,
            options: Vec::new(),
            init: None,
            tensors: Vec::new(),
            takes: input.clone(),
            input,
            output,
            fits: Fits::Yes,
            remembers: false,
            is_layer: None,
        }
    }
}

fn first_span(tokens: impl ToTokens) -> Span {
    let mut tokens = tokens.to_token_stream().into_iter();
    tokens
        .next()
        .map_or_else(Span::call_site, |token| token.span())
}

/// The type of what a struct of this name remembers: `Amp` → `AmpState`.
pub(crate) fn state(name: &Ident) -> Ident {
    format_ident!("{name}State", span = name.span())
}

/// `hidden_layers` → `HiddenLayers`
fn upper_camel(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut chars = word.chars();
            let first = chars.next().into_iter().flat_map(char::to_uppercase);
            first.chain(chars).collect::<Vec<_>>()
        })
        .collect()
}
