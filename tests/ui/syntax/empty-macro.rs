use layerwise::network;

fn main() {
    network! {}
//  ^^^^^^^^^^^ a chain is missing | `network! { struct Net =
}
