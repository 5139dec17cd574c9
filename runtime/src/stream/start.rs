/// A state that a constant can hold: `static STATE: Mutex<AmpState> = Mutex::new(AmpState::new());`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be made in a constant",
    label = "a layer of somebody's own is in it, whose state has a `Default` only",
    note = "write `default()` in place of `new()`"
)]
pub trait Start {
    /// Nothing has come yet.
    const START: Self;
}

#[diagnostic::do_not_recommend]
impl Start for () {
    const START: Self = ();
}

#[diagnostic::do_not_recommend]
impl<S: Start, const N: usize> Start for [S; N] {
    const START: Self = [S::START; N];
}
