use layerwise::network;

network! {
    #[network(weights = "model.pt")]
    //                  ^^^^^^^^^^ it is a zip archive, as `torch.save` writes | save_file(torch.load("model.pt", weights_only=True), "model.safetensors")
    struct Net = fc1: Linear(3, 2) -> ReLU -> fc2: Linear(2, 1);
}

fn main() {
    let _ = Net::pretrained();
}
