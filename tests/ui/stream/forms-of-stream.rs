use layerwise::network;

network! {
    struct Named = input: Stream(1) -> GRU(1, 8);
    //             ^^^^^ `Stream` says what enters
    struct Underscore = Stream(_) -> Linear(1, 8);
    //                         ^ nothing reaches `Stream` that `_` could stand for
    struct Nothing = Stream -> Linear(1, 8);
    //               ^^^^^^ `Stream` takes one size
    struct Misspelt = Streem(1) -> GRU(1, 8);
    //                ^^^^^^ write `Stream`
}

fn main() {
    let _ = (NamedState::new(), UnderscoreState::new(), NothingState::new());
}
