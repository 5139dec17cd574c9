use layerwise::network;

network! {
    struct Net = Linear(10, 5) -> BatchNorm1d(5, track_running_stats = false);
    //                                                                 ^^^^^ those of a whole batch | leave `track_running_stats` out
}

fn main() {}
