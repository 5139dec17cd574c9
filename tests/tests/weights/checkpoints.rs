//! Files of more than the network, and of wrappers around it: prefixes, and what is left.

use std::fs;

use layerwise::{Keys, WeightsError, network};
use safetensors::{Dtype, tensor::TensorView};

use crate::{Net, Renamed, Turned};

/// A file of these keys and shapes, whose numbers are all 0.5.
fn file(tensors: &[(&str, &[usize])]) -> Vec<u8> {
    let halves = 0.5_f32.to_le_bytes().repeat(64);
    let views = tensors.iter().map(|(key, shape)| {
        let bytes = 4 * shape.iter().product::<usize>();
        let view = TensorView::new(Dtype::F32, shape.to_vec(), &halves[..bytes]);
        (*key, view.unwrap())
    });
    safetensors::serialize(views, None).unwrap()
}

/// `Net`'s tensors behind a prefix.
fn behind(prefix: &str) -> Vec<(String, &'static [usize])> {
    let tensors: [(&str, &[usize]); 4] = [
        ("fc1.weight", &[2, 3]),
        ("fc1.bias", &[2]),
        ("fc2.weight", &[1, 2]),
        ("fc2.bias", &[1]),
    ];
    let full = |(key, shape)| (format!("{prefix}{key}"), shape);
    tensors.map(full).to_vec()
}

/// The same as a file, with other tensors beside them.
fn checkpoint(prefix: &str, others: &[(&str, &[usize])]) -> Vec<u8> {
    let own = behind(prefix);
    let own = own.iter().map(|(key, shape)| (key.as_str(), *shape));
    file(&own.chain(others.iter().copied()).collect::<Vec<_>>())
}

/// The error of reading the tensors of `keys` into a network, which must stay as it is.
fn refused_with(bytes: &[u8], keys: Keys<'_>) -> WeightsError {
    let mut net = Net::new();
    let error = net
        .read_safetensors_with(bytes, keys)
        .expect_err("it does not fit");
    assert_eq!(net.to_safetensors(), Net::new().to_safetensors());
    error
}

#[test]
fn a_prefix_reads_what_is_behind_it() {
    let keys = Keys::new().prefix("actor.");
    let bytes = checkpoint("actor.", &[("critic.0.weight", &[1, 3]), ("std", &[2])]);
    let mut net = Net::new();
    net.read_safetensors_with(&bytes, keys).unwrap();
    assert_eq!(net.to_safetensors(), checkpoint("", &[]));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.safetensors");
    fs::write(&path, &bytes).unwrap();
    let loaded = Net::load_with(&path, keys).unwrap();
    assert_eq!(loaded.to_safetensors(), net.to_safetensors());
    let error = Net::load_with(&path, keys.prefix("critic.")).unwrap_err();
    assert!(error.to_string().contains("`critic.fc1.weight`"));
}

#[test]
fn behind_a_prefix_each_key_must_be_the_networks() {
    let bytes = checkpoint("actor.", &[("actor.std", &[2]), ("critic.bias", &[1])]);
    let keys = Keys::new().prefix("actor.");
    let error = refused_with(&bytes, keys);
    assert_eq!(
        error.to_string(),
        "tensor `actor.std` is in the file, but the network has only `actor.fc1.weight`, \
         `actor.fc1.bias`, `actor.fc2.weight`, `actor.fc2.bias`"
    );
    let mut net = Net::new();
    net.read_safetensors_with(&bytes, keys.strict(false))
        .unwrap();
    assert_eq!(net.to_safetensors(), checkpoint("", &[]));
}

#[test]
fn what_is_left_is_not_needed() {
    let keys = Keys::new().strict(false);
    let bytes = checkpoint("", &[("fc1.mask", &[2]), ("log_std", &[1])]);
    assert!(Net::from_safetensors(&bytes).is_err());
    let mut net = Net::new();
    net.read_safetensors_with(&bytes, keys).unwrap();
    assert_eq!(net.to_safetensors(), checkpoint("", &[]));

    let error = refused_with(&Renamed::new().to_safetensors(), keys);
    assert!(matches!(error, WeightsError::Missing { name, .. } if name == "fc2.weight"));
    let error = refused_with(&Turned::new().to_safetensors(), keys);
    assert!(matches!(error, WeightsError::Shape { name, .. } if name == "fc1.weight"));
}

#[test]
fn keys_in_errors_are_those_of_the_file() {
    let keys = Keys::new().prefix("actor.");
    let error = refused_with(&file(&[("actor.fc1.weight", &[3, 2])]), keys);
    assert_eq!(
        error.to_string(),
        "tensor `actor.fc1.weight` has shape [3, 2] in the file, but [2, 3] in the network"
    );
    let error = refused_with(&file(&[("actor.fc.weight", &[2, 3]), ("std", &[1])]), keys);
    assert_eq!(
        error.to_string(),
        "tensor `actor.fc1.weight` of shape [2, 3] is missing; the file has `actor.fc.weight`"
    );
}

#[test]
fn the_nearest_key_is_named_with_its_prefix() {
    let keys = Keys::new().prefix("actor.");
    let mut tensors = behind("actor.");
    tensors[0].0 = "actor.fc_1.weight".to_owned();
    let tensors: Vec<_> = tensors
        .iter()
        .map(|(key, shape)| (key.as_str(), *shape))
        .collect();
    let error = refused_with(&file(&tensors), keys);
    assert_eq!(
        error.to_string(),
        "tensor `actor.fc1.weight` of shape [2, 3] is missing; the file has `actor.fc_1.weight`"
    );
    // Not one that the network has another use for, and not hundreds.
    let names: Vec<String> = (0..400).map(|i| format!("critic.{i}")).collect();
    let mut tensors = tensors[1..].to_vec();
    tensors.extend(names.iter().map(|name| (name.as_str(), &[1][..])));
    let error = refused_with(&file(&tensors), Keys::new()).to_string();
    assert!(
        error.ends_with("`critic.100`, `critic.101`, and 395 more"),
        "{error}"
    );
}

#[test]
fn a_forgotten_prefix_is_named() {
    for (there, given, needed) in [
        ("module.", "", "module."),
        ("_orig_mod.", "", "_orig_mod."),
        ("actor.net.", "actor.", "actor.net."),
        ("actor.", "actor", "actor."),
    ] {
        let keys = Keys::new().prefix(given);
        let bytes = checkpoint(there, &[("critic.fc1.weight", &[2, 3])]);
        let error = refused_with(&bytes, keys);
        let help = format!(
            "\nhelp: all of the network's keys begin with \"{needed}\" there: \
             write `Keys::new().prefix(\"{needed}\")`"
        );
        assert!(error.to_string().ends_with(&help), "{error}");
        let mut net = Net::new();
        net.read_safetensors_with(&bytes, keys.prefix(needed))
            .unwrap();
    }
    // Of two, the one whose shapes are the network's.
    let mut tensors = behind("actor.");
    tensors[3].1 = &[7];
    tensors.extend(behind("critic."));
    let tensors: Vec<_> = tensors
        .iter()
        .map(|(key, shape)| (key.as_str(), *shape))
        .collect();
    let error = refused_with(&file(&tensors), Keys::new());
    assert!(
        matches!(&error, WeightsError::Missing { prefix: Some(prefix), .. }
        if prefix == "critic.")
    );
    // Not if a single key isn't there.
    let error = refused_with(&file(&tensors[..3]), Keys::new());
    assert!(matches!(&error, WeightsError::Missing { prefix: None, .. }));
}

#[test]
fn a_prefix_of_no_key_is_named_with_what_there_is() {
    let keys = Keys::new().prefix("policy.");
    let bytes = checkpoint("actor.", &[("critic.bias", &[1]), ("std", &[2])]);
    let error = refused_with(&bytes, keys.strict(false));
    assert!(matches!(&error, WeightsError::Prefix { prefix, .. } if prefix == "policy."));
    assert_eq!(
        error.to_string(),
        "no key begins with \"policy.\"; the keys of the file begin with `actor.`, `critic.`, `std`"
    );
    assert!(matches!(
        refused_with(&file(&[]), keys),
        WeightsError::Prefix { found, .. } if found.is_empty()
    ));
}

/// The keys of `PPO("MlpPolicy", …).policy` in stable-baselines3, and of an rsl_rl `ActorCritic`.
#[test]
fn policies_of_reinforcement_learning_are_read() {
    network! {
        struct Policy = mlp_extractor: (policy_net: (Linear(3, 4) -> Tanh -> Linear(4, 4) -> Tanh))
            -> action_net: Linear(4, 1);
        struct Actor = Linear(3, 4) -> Tanh -> Linear(4, 1);
    }
    let bytes = file(&[
        ("log_std", &[1]),
        ("mlp_extractor.policy_net.0.weight", &[4, 3]),
        ("mlp_extractor.policy_net.0.bias", &[4]),
        ("mlp_extractor.policy_net.2.weight", &[4, 4]),
        ("mlp_extractor.policy_net.2.bias", &[4]),
        ("mlp_extractor.value_net.0.weight", &[4, 3]),
        ("mlp_extractor.value_net.0.bias", &[4]),
        ("mlp_extractor.value_net.2.weight", &[4, 4]),
        ("mlp_extractor.value_net.2.bias", &[4]),
        ("action_net.weight", &[1, 4]),
        ("action_net.bias", &[1]),
        ("value_net.weight", &[1, 4]),
        ("value_net.bias", &[1]),
    ]);
    let mut policy = Policy::new();
    let keys = Keys::new().strict(false);
    policy.read_safetensors_with(&bytes, keys).unwrap();
    assert_eq!(policy.action_net.bias[0].to_bits(), 0.5_f32.to_bits());

    let bytes = file(&[
        ("std", &[1]),
        ("actor.0.weight", &[4, 3]),
        ("actor.0.bias", &[4]),
        ("actor.2.weight", &[1, 4]),
        ("actor.2.bias", &[1]),
        ("critic.0.weight", &[4, 3]),
        ("critic.0.bias", &[4]),
        ("critic.2.weight", &[1, 4]),
        ("critic.2.bias", &[1]),
    ]);
    let mut actor = Actor::new();
    let keys = Keys::new().prefix("actor.");
    actor.read_safetensors_with(&bytes, keys).unwrap();
    assert_eq!(actor.linear2.bias[0].to_bits(), 0.5_f32.to_bits());
}
