//! Layers of `torch.nn` (2.9) that are not here, and what stands in their place.

const OWN: &str = "write a layer of your own, which stands in the chain without `(…)`: a type that derives \
                   `Clone` and `Parameters`, and implements `Layer`";
const DROPS: &str = "leave it out: it does nothing but in training; `Dropout` drops single numbers";
const PADS: &str = "write `padding = …` in the convolution behind it, which pads with zeros";
const LAZY: &str =
    "leave `Lazy` out, and write `_` for the size that reaches it, as in `Linear(_, 10)`";
const REMEMBERS: &str =
    "begin the chain with `Stream(n)`, and write the layer without `Cell`: `step` goes one step";
const WITHIN: &str =
    "write the layers one after another, with `->` between them; `name: (…)` makes a block of them";

/// Names, and what to write.
const ABSENT: &[(&[&str], &str)] = &[
    (
        &[
            "AdaptiveAvgPool3d",
            "AdaptiveLogSoftmaxWithLoss",
            "AdaptiveMaxPool1d",
            "AdaptiveMaxPool2d",
            "AdaptiveMaxPool3d",
            "AvgPool3d",
            "BatchNorm3d",
            "Bilinear",
            "ChannelShuffle",
            "CircularPad1d",
            "CircularPad2d",
            "CircularPad3d",
            "Conv3d",
            "ConvTranspose1d",
            "ConvTranspose2d",
            "ConvTranspose3d",
            "CosineSimilarity",
            "CrossMapLRN2d",
            "EmbeddingBag",
            "Fold",
            "FractionalMaxPool2d",
            "FractionalMaxPool3d",
            "InstanceNorm3d",
            "LPPool1d",
            "LPPool2d",
            "LPPool3d",
            "LocalResponseNorm",
            "MaxPool3d",
            "MaxUnpool1d",
            "MaxUnpool2d",
            "MaxUnpool3d",
            "MultiheadAttention",
            "PairwiseDistance",
            "PixelShuffle",
            "PixelUnshuffle",
            "ReflectionPad1d",
            "ReflectionPad2d",
            "ReflectionPad3d",
            "ReplicationPad1d",
            "ReplicationPad2d",
            "ReplicationPad3d",
            "Transformer",
            "TransformerDecoder",
            "TransformerDecoderLayer",
            "TransformerEncoder",
            "TransformerEncoderLayer",
            "Unflatten",
            "Unfold",
            "Upsample",
            "UpsamplingBilinear2d",
            "UpsamplingNearest2d",
        ],
        OWN,
    ),
    (
        &[
            "AlphaDropout",
            "Dropout1d",
            "Dropout2d",
            "Dropout3d",
            "FeatureAlphaDropout",
        ],
        DROPS,
    ),
    (
        &[
            "ConstantPad1d",
            "ConstantPad2d",
            "ConstantPad3d",
            "ZeroPad1d",
            "ZeroPad2d",
            "ZeroPad3d",
        ],
        PADS,
    ),
    (
        &[
            "LazyBatchNorm1d",
            "LazyBatchNorm2d",
            "LazyConv1d",
            "LazyConv2d",
            "LazyLinear",
        ],
        LAZY,
    ),
    (&["GRUCell", "LSTMCell", "RNNCell"], REMEMBERS),
    (&["ModuleDict", "Sequential"], WITHIN),
    (
        &["ModuleList"],
        "write `[chain; n]` for n copies of a chain, each with its own weights",
    ),
    (
        &["Embedding"],
        "write `Linear(num_embeddings, embedding_dim, bias = false)`, and give it a vector that is 1 at the \
         index and 0 elsewhere; its weight is transposed",
    ),
    (
        &["InstanceNorm1d", "InstanceNorm2d"],
        "write `GroupNorm(channels, channels, affine = false)`, which does the same",
    ),
    (&["Softmax2d"], "write `Softmax(dim = 1)`"),
    (
        &["SyncBatchNorm"],
        "write `BatchNorm1d(…)` or `BatchNorm2d(…)`",
    ),
];

/// What to write in the place of a layer that PyTorch has and we don't.
pub(crate) fn instead(name: &str) -> Option<&'static str> {
    let mut groups = ABSENT.iter();
    let (_, help) = groups.find(|(names, _)| names.contains(&name))?;
    Some(help)
}

#[test]
fn what_is_absent_is_not_there() {
    for name in ABSENT.iter().flat_map(|(names, _)| *names) {
        assert!(super::find(name).is_none(), "{name} is there");
    }
}
