use layerwise::network;

network! {
    struct Net = Linear(5, 4) -> GELU(approximate = "sigmoid") -> Linear(_, 1);
    //                                              ^^^^^^^^^ `approximate` is `"none"` or `"tanh"`
}

fn main() {}
