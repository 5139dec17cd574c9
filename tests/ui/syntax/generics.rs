use layerwise::network;

network! {
    struct Net<const N: usize> = Linear(10, 5);
    //        ^ expected `=`
}

fn main() {}
