//! Compiles the C++ contestants, and notes which compilers there are.

use std::ffi::OsStr;
use std::process::Command;

fn main() {
    let rustc = std::env::var_os("RUSTC").unwrap_or("rustc".into());
    println!("cargo::rustc-env=RUSTC_VERSION={}", version(&rustc));
    #[cfg(feature = "cpp")]
    {
        compile("network", &["-march=native"]);
        compile("expert", &["-march=native"]);
        // For that processor on any other, too.
        compile("expert_avx2", &["-mavx2", "-mfma"]);
        compile("streams", &["-mavx2", "-mfma"]);
        compile("convolutions_avx512", &["-march=native"]);
        compile("convolutions_avx2", &["-mavx2", "-mfma"]);
        // The best that the compiler makes of plain loops.
        compile(
            "plain",
            &["-march=native", "-ffast-math", "-mprefer-vector-width=512"],
        );
        compile(
            "train",
            &["-march=native", "-ffast-math", "-mprefer-vector-width=512"],
        );
        let compiler = cc::Build::new().cpp(true).get_compiler();
        println!(
            "cargo::rustc-env=CXX_VERSION={}",
            version(compiler.path().as_os_str())
        );
        println!("cargo::rerun-if-changed=cpp");
    }
}

#[cfg(feature = "cpp")]
fn compile(name: &str, flags: &[&str]) {
    let mut build = cc::Build::new();
    // gcc 12 would warn of its own headers.
    build.warnings(false);
    build.cpp(true).std("c++17").opt_level(3);
    for flag in flags {
        build.flag_if_supported(flag);
    }
    build.file(format!("cpp/{name}.cpp")).compile(name);
}

/// The first line of what a compiler says of itself.
fn version(compiler: &OsStr) -> String {
    let output = Command::new(compiler).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    text.ok()
        .and_then(|text| Some(text.lines().next()?.to_string()))
        .unwrap_or_default()
}
