use layerwise::network;

network! {
    struct Net = nn.Linear(10, 5) -> torch.nn.ReLU() -> Residual(nn.Linear(5, 5)) -> Linear(5, 1);
    //           ^^^ a layer stands without `nn.` here
    //                               ^^^^^^^^^ a layer stands without `torch.nn.` here
    //                                                           ^^^ leave it out
}

fn main() {
    let _ = Net::new().forward(&layerwise::SVector::zeros());
}
