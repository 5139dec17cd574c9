//! Whatever the bytes are, they are read whole or refused, and a network that refuses stays as it
//! was.
#![no_main]

use layerwise::network;
use libfuzzer_sys::fuzz_target;

network! {
    struct Net = fc1: Linear(3, 2) -> ReLU -> [Linear(2, 2, bias = false); 2] -> Linear(2, 1);
}

fuzz_target!(|bytes: &[u8]| {
    let before = Net::new();
    let mut net = before.clone();
    match net.read_safetensors(bytes) {
        Ok(()) => {
            let again = Net::from_safetensors(&net.to_safetensors()).expect("it was written here");
            assert_eq!(net.to_safetensors(), again.to_safetensors());
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert_eq!(net.to_safetensors(), before.to_safetensors());
        }
    }
});
