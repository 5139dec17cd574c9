use layerwise::network;

fn main() {
    network! {}
//  ^^^^^^^^^^^ a network is declared here
}
