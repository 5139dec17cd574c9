use layerwise::network;

struct Config;

impl Config {
    const HIDDEN: usize = 4;
    const OTHER: usize = 3;
}

network! {
    struct Net = Linear(10, Config::HIDDEN) -> Linear(Config::OTHER, 1);
    //                                                ^^^^^^^^^^^^^ takes 3 inputs | `Linear(10, Config::HIDDEN)` before it gives 4
}

fn main() {}
