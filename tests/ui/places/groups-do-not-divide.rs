use layerwise::network;

network! {
<<<<<<< HEAD
    struct Net = Input(3, 8, 8) -> Conv2d(3, 5, 3, groups = 2);
=======
    struct Net = Input(3, 8, 8) -> Conv2d(3, 4, 3, groups = 2);
>>>>>>> 9420c65336dc5414cde98473ab7dee0cf528d4bd
    //                                                      ^ can't be divided
}

fn main() {}
