//! Weights that are part of the program: `pretrained()`, the checks that the file is the network's,
//! and the test against PyTorch's outputs.

use std::path::Path;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::{Ident, ext::IdentExt};

use super::checks;
use crate::{
    fold,
    ir::{Declaration, Dim, Memory, Network, Reference, Stage, Weights},
    weights::{File, Tensor},
};

/// For so many stages that lack their tensors the compiler looks for what was meant.
const SEARCHED: usize = 8;

pub(crate) fn expand(
    weights: &Weights,
    declaration: &Declaration,
    krate: &TokenStream,
) -> TokenStream {
    let span = Span::mixed_site();
    let (cfgs, name) = (&declaration.cfgs, &declaration.network.name);
    let reference = weights
        .reference
        .as_ref()
        .map(|reference| self::reference(reference, declaration, krate));
    let Some(file) = &weights.file else {
        // The error has been reported; whoever calls `pretrained` has nothing to add.
        let zeros = quote_spanned!(span=> #name::zeros());
        let pretrained = pretrained(&zeros, &TokenStream::new(), declaration);
        return quote_spanned!(span=> #pretrained #reference);
    };
    let header = header(file, declaration, krate);
    let arguments = quote_spanned! {span=>
        &<#name as #krate::Parameters>::LAYOUT, &#name::NETWORK_FILE
    };
    let mut checks = Vec::new();
    let mut paths = Vec::new();
    stages(&declaration.network, &mut Vec::new(), &mut |path, stage| {
        let written = stage.written.trim_matches(['`', '[', ']']);
        let path = quote_spanned!(span=> &[#(#path),*]);
        let earlier = paths.len().checked_sub(SEARCHED).map(|index| &paths[index]);
        let earlier = earlier.map_or_else(|| quote_spanned!(span=> &[]), Clone::clone);
        let arguments = quote_spanned!(span=> #arguments, #path, #earlier, #written);
        checks.push(checks::call("weights::stage", &stage.at, &arguments, krate));
        paths.push(path);
    });
    if file.keys.is_strict() {
        let arguments = quote_spanned!(span=> #arguments, &[#(#paths),*]);
        checks.push(checks::call(
            "weights::nothing_else",
            &file.path,
            &arguments,
            krate,
        ));
    }
    let checks = checks
        .iter()
        .map(|check| quote_spanned!(span=> #(#cfgs)* #[allow(long_running_const_eval)] const _: () = #check;));
    let data = Literal::byte_string(&file.data);
    let value = quote_spanned!(span=> #krate::__private::embed::value(&#name::NETWORK_FILE, #data));
    let folded = folded(file, declaration, krate);
    let pretrained = pretrained(&value, &folded, declaration);
    let tracked = tracked(file, declaration, krate);
    quote_spanned! {span=>
        #(#cfgs)*
        #[doc(hidden)]
        impl #name {
            #[allow(clippy::large_stack_arrays)]
            const NETWORK_FILE: #krate::__private::embed::Header = #header;
        }
        #(#checks)*
        #pretrained
        #tracked
        #reference
    }
}

/// What makes the norms of a `network` those of other layers.
fn folded(file: &File, declaration: &Declaration, krate: &TokenStream) -> TokenStream {
    let (span, scalar) = (Span::mixed_site(), &declaration.scalar);
    let private = quote_spanned!(span=> #krate::__private);
    // A norm in a stream is a step of its own.
    let pairs = match declaration.memory {
        Memory::Stream => Vec::new(),
        Memory::None | Memory::Missing => fold::fold(&declaration.network, file),
    };
    pairs
        .iter()
        .map(|pair| {
            let (norm, data) = (&pair.norm, Literal::byte_string(&pair.data));
            let header = header_of(["", ""], scalar, true, &pair.tensors, krate);
            let Stage {
                ty,
                options,
                output,
                ..
            } = pair.layer;
            let outputs = output.channels().map(Dim::argument);
            let mut value = quote_spanned!(span=> #private::embed::value(&#header, #data));
            if !options.is_empty() {
                let (names, values): (Vec<_>, Vec<_>) =
                    options.iter().map(|(name, value)| (name, value)).unzip();
                value = quote_spanned! {span=> {
                    let mut layer: Both = #value;
                    #(layer.#names = #values;)*
                    layer
                }};
            }
            quote_spanned! {span=> {
                type Both = <#ty as #private::Foldable<#private::#scalar, #outputs>>::Folded;
                #[allow(long_running_const_eval)]
                static BOTH: Both = #value;
                #norm.fold::<#ty>(&BOTH);
            }}
        })
        .collect()
}

/// `folded` changes the `network` of this value.
fn pretrained(value: &TokenStream, folded: &TokenStream, declaration: &Declaration) -> TokenStream {
    let (cfgs, name) = (&declaration.cfgs, &declaration.network.name);
    let value = if folded.is_empty() {
        value.clone()
    } else {
        quote_spanned! {Span::mixed_site()=> {
            let mut network: #name = #value;
            #folded
            network
        }}
    };
    quote_spanned! {Span::mixed_site()=>
        #(#cfgs)*
        impl #name {
            /// The network with the weights that were embedded when it was compiled: it is in
            /// read-only memory, and nothing is computed here.
            #[must_use]
            #[allow(dead_code)]
            pub fn pretrained() -> &'static Self {
                #[allow(long_running_const_eval)]
                static PRETRAINED: #name = #value;
                &PRETRAINED
            }
        }
    }
}

/// The stages that may have tensors, in blocks and repeats too, each with the way there through
/// the fields.
fn stages(network: &Network, path: &mut Vec<usize>, each: &mut impl FnMut(&[usize], &Stage)) {
    for (index, stage) in network.stages.iter().enumerate() {
        path.push(index);
        let block = network
            .blocks
            .iter()
            .find(|block| stage.block.as_ref() == Some(&block.name));
        match block {
            Some(block) => stages(block, path, each),
            None if stage.is_layer.is_none() && stage.tensors.is_empty() => {}
            None => each(path, stage),
        }
        path.pop();
    }
}

/// The file's header as a constant.
fn header(file: &File, declaration: &Declaration, krate: &TokenStream) -> TokenStream {
    let names = [&*file.path.value(), &*file.keys.prefix()];
    let strict = file.keys.is_strict();
    header_of(names, &declaration.scalar, strict, &file.tensors, krate)
}

/// A header of these tensors, whose names are sorted.
fn header_of(
    [path, prefix]: [&str; 2],
    scalar: &Ident,
    strict: bool,
    tensors: &[Tensor],
    krate: &TokenStream,
) -> TokenStream {
    let (span, scalar) = (Span::mixed_site(), scalar.to_string());
    let tensors = tensors.iter().map(|tensor| {
        let Tensor {
            name,
            dtype,
            is_readable,
            shape,
            at,
        } = tensor;
        quote_spanned! {span=>
            #krate::__private::embed::FileTensor {
                name: #name,
                dtype: #dtype,
                is_readable: #is_readable,
                shape: &[#(#shape),*],
                at: #at,
            }
        }
    });
    quote_spanned! {span=>
        #krate::__private::embed::Header {
            name: #path,
            prefix: #prefix,
            is_strict: #strict,
            scalar: #scalar,
            tensors: &[#(#tensors),*],
        }
    }
}

/// Has Cargo compile again when the file changes.
fn tracked(file: &File, declaration: &Declaration, krate: &TokenStream) -> TokenStream {
    let (cfgs, bytes) = (&declaration.cfgs, bytes(file, krate));
    quote_spanned! {Span::mixed_site()=>
        #(#cfgs)*
        const _: &[#krate::__private::u8] = #bytes;
    }
}

/// The file's bytes.
fn bytes(file: &File, krate: &TokenStream) -> TokenStream {
    let path = file.path.value();
    let private = quote_spanned!(Span::mixed_site()=> #krate::__private);
    let path = if Path::new(&path).is_absolute() {
        path.to_token_stream()
    } else {
        quote_spanned! {Span::mixed_site()=>
            #private::concat!(#private::env!("CARGO_MANIFEST_DIR"), "/", #path)
        }
    };
    quote_spanned!(Span::mixed_site()=> #private::include_bytes!(#path))
}

/// The check that the file has inputs and outputs of the network, and the test that uses them.
fn reference(reference: &Reference, declaration: &Declaration, krate: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let Reference { file, tolerance } = reference;
    let default = || Literal::f64_unsuffixed(1e-5);
    let tolerance = tolerance.clone().unwrap_or_else(default);
    let (cfgs, name) = (&declaration.cfgs, &declaration.network.name);
    let (inputs, outputs) = (&declaration.network.input, &declaration.network.output);
    let (inputs, outputs) = (inputs.value(krate), outputs.value(krate));
    let header = header(file, declaration, krate);
    let arguments = quote_spanned!(span=> #inputs, #outputs, &#header);
    let check = checks::call("weights::reference", &file.path, &arguments, krate);
    let title = name.unraw().to_string();
    let test = format_ident!(
        "{}_answers_as_its_reference",
        snake(&title),
        span = name.span()
    );
    let (path, bytes) = (file.path.value(), bytes(file, krate));
    let tracked = tracked(file, declaration, krate);
    let reference = match declaration.memory {
        Memory::Stream => Ident::new("stream_reference", span),
        Memory::None | Memory::Missing => Ident::new("reference", span),
    };
    quote_spanned! {span=>
        #tracked

        #(#cfgs)*
        const _: () = #check;

        #(#cfgs)*
        #[cfg(test)]
        #[#krate::__private::test]
        fn #test() {
            #krate::__private::#reference!(#name, #title, #path, #bytes, #tolerance)
        }
    }
}

/// `DigitsV2` → `digits_v2`
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut previous = '_';
    for letter in name.chars() {
        if letter.is_uppercase() && !previous.is_uppercase() && previous != '_' {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
        previous = letter;
    }
    snake
}
