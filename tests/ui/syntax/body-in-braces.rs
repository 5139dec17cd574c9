use layerwise::network;

network! {
    struct Net { fc1: Linear }
    //         ^ expected `=`
}

fn main() {}
