//! Faults between the declarations of one call.

use std::collections::BTreeMap;

use crate::{
    ast::{Chain, Item, Layer},
    errors::Errors,
    ir::Declaration,
};

/// Refuses networks that contain themselves, by way of others in the same call or directly. Such a
/// struct would have no size.
pub(crate) fn refuse(items: &mut [Item]) {
    let mut uses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in &*items {
        let inner = uses.entry(item.name.to_string()).or_default();
        if let Ok(chain) = &item.chain {
            names(chain, inner);
        }
    }
    for item in items {
        let name = item.name.to_string();
        if let Some(by) = way_back(&name, &uses) {
            let through = if by == name {
                String::new()
            } else {
                format!(" by way of `{by}`")
            };
            let message = format!("`{name}` contains itself{through}");
            item.chain = Err(syn::Error::new(item.name.span(), message));
            // One error a circle: the others are free of it with this one out.
            uses.remove(&name);
        }
    }
}

/// The network that `name` uses first on a way back to `name`.
fn way_back<'a>(name: &str, uses: &'a BTreeMap<String, Vec<String>>) -> Option<&'a str> {
    uses.get(name)?.iter().map(String::as_str).find(|first| {
        let mut open = vec![*first];
        let mut seen = Vec::new();
        while let Some(next) = open.pop() {
            if next == name {
                return true;
            }
            if !seen.contains(&next) {
                seen.push(next);
                open.extend(uses.get(next).into_iter().flatten().map(String::as_str));
            }
        }
        false
    })
}

/// The bare names in a chain.
fn names(chain: &Chain, to: &mut Vec<String>) {
    for stage in &chain.stages {
        match &stage.layer {
            Layer::Call(call) => to.extend(call.path.local().map(ToString::to_string)),
            Layer::Group(chain) => names(chain, to),
            Layer::Repeat(repeat) => names(&repeat.chain, to),
            Layer::Combine(combine) => {
                for branch in &combine.branches {
                    names(branch, to);
                }
            }
            Layer::Unreadable(_) => {}
        }
    }
}

/// Refuses a second struct of the same name, whether it was declared or stems from a block.
pub(crate) fn refuse_twice(declarations: &mut Vec<Declaration>, errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    declarations.retain(|declaration| {
        // What `#[cfg]` leaves of them isn't known here.
        if !declaration.cfgs.is_empty() {
            return true;
        }
        let mut names = Vec::new();
        block_names(&declaration.network, &mut names);
        for name in names {
            if seen.contains(&name) {
                let message = format!("there are two networks of the name `{name}`");
                errors.error(&declaration.network.name, message);
                return false;
            }
            seen.push(name);
        }
        true
    });
}

fn block_names(network: &crate::ir::Network, to: &mut Vec<String>) {
    to.push(network.name.to_string());
    for block in &network.blocks {
        block_names(block, to);
    }
}
