//! The network of `digits`.

use layerwise::network;

network! {
    #[network(weights = "../digits/digits.safetensors")]
    /// From the 64 pixels of an image, 0 (white) to 1 (black), to the probability of each digit.
    pub struct Digits = fc1: Linear(64, 64) -> ReLU -> fc2: Linear(64, 10) -> Softmax(dim = 1);
}
