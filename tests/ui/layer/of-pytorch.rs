use layerwise::network;

network! {
    struct Words = Embedding(100, 16) -> Linear(_, 1);
    //             ^^^^^^^^^ PyTorch has `Embedding`, layerwise does not | `Linear(num_embeddings, embedding_dim
    struct Attention = Linear(10, 16) -> MultiheadAttention(16, 4) -> Linear(_, 1);
    //                                   ^^^^^^^^^^^^^^^^^^ write a layer of your own
    struct Drops = Input(3, 8, 8) -> Dropout2d(0.5) -> Flatten -> Linear(_, 1);
    //                               ^^^^^^^^^ leave it out
    struct Instance = Input(3, 8, 8) -> InstanceNorm2d(3) -> Flatten -> Linear(_, 1);
    //                                  ^^^^^^^^^^^^^^ `GroupNorm(channels, channels, affine = false)`
    struct Lazy = Input(3, 8, 8) -> LazyConv2d(4, 3) -> Flatten -> Linear(_, 1);
    //                              ^^^^^^^^^^ write `_`
}

fn main() {}
