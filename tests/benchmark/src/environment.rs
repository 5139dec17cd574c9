//! Where the figures are from, and the one thread that they are of.

use std::fs;

/// Holds every library that has threads to the one that calls it. To be called before anything else.
pub fn single_thread() {
    // candle shares its work out by this.
    // SAFETY: `main` starts with this, when there is no other thread.
    #[allow(unsafe_code)]
    unsafe {
        std::env::set_var("RAYON_NUM_THREADS", "1");
    }
    // This thread itself, so that no call waits for another to wake.
    #[cfg(any(feature = "candle", feature = "dfdx"))]
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread()
        .build_global()
        .expect("nobody has used rayon yet");
}

/// Processor, compilers, and the versions of who was built in.
pub fn describe() -> String {
    let mut parts = vec![processor(), env!("RUSTC_VERSION").to_string()];
    parts.extend(option_env!("CXX_VERSION").map(str::to_string));
    parts.push(format!("nalgebra {}", version("nalgebra")));
    let peers = [
        ("candle-core", cfg!(feature = "candle")),
        ("tract-onnx", cfg!(feature = "tract")),
        ("burn", cfg!(feature = "burn")),
        ("dfdx", cfg!(feature = "dfdx")),
    ];
    let built = peers.iter().filter(|peer| peer.1);
    parts.extend(built.map(|(name, _)| format!("{name} {}", version(name))));
    parts.join(", ") + ", one thread"
}

fn processor() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let name = name
        .map_or("unknown processor", |(_, name)| name.trim())
        .to_string();
    #[cfg(target_arch = "x86_64")]
    if !is_x86_feature_detected!("avx512f") {
        return name + " (no AVX-512)";
    }
    name
}

/// The version of a dependency, from the lock file that this was built with.
fn version(name: &str) -> &'static str {
    let mut lines = include_str!("../Cargo.lock").lines();
    lines.by_ref().find(|line| {
        line.strip_prefix("name = ")
            .is_some_and(|n| n.trim_matches('"') == name)
    });
    let version = lines
        .next()
        .and_then(|line| line.strip_prefix("version = "));
    version.map_or("?", |version| version.trim_matches('"'))
}
