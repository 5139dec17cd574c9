//! The machine code of the kernels: the inner loops are multiplications and additions of full
//! registers, and nothing in them can call or panic. Compiled here as a user compiles it, with no
//! flags, so that a change that costs speed shows without a clock.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The assembly of a release build of the library, and of a crate that uses it: a dynamic library,
/// which has nothing but what its exported functions need.
struct Assembly {
    library: String,
    user: String,
}

impl Assembly {
    fn new() -> Self {
        // Kept, so that what the library depends on is compiled once.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("assembly");
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let deps = target.join("release/deps");
        for file in fs::read_dir(&deps).into_iter().flatten() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy();
            if name.starts_with("liblayerwise-") || name.starts_with("layerwise-") {
                fs::remove_file(&path).unwrap();
            }
        }
        run(Command::new(env!("CARGO"))
            .args(["rustc", "--release", "--lib", "--locked", "--offline"])
            .arg("--manifest-path")
            .arg(tests.join("../runtime/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .args(["--", "--emit=asm,link", "-Ccodegen-units=1"])
            .args(["-Cdebuginfo=0"]));
        let library = only(&deps, "liblayerwise-", ".rlib");
        let user = target.join("user.s");
        run(
            Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()))
                .arg(tests.join("tests/ui/assembly_user.rs"))
                .args(["--edition=2024", "--crate-type=cdylib", "--emit=asm"])
                .args(["-Copt-level=3", "-Ccodegen-units=1", "-o"])
                .arg(&user)
                .arg("--extern")
                .arg(format!("layerwise={}", library.display()))
                .arg("-L")
                .arg(format!("dependency={}", deps.display())),
        );
        Self {
            library: fs::read_to_string(only(&deps, "layerwise-", ".s")).unwrap(),
            user: fs::read_to_string(user).unwrap(),
        }
    }
}

fn run(command: &mut Command) {
    let output = command
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}

/// The file of such a name.
fn only(folder: &Path, start: &str, end: &str) -> PathBuf {
    let files = fs::read_dir(folder).unwrap();
    files
        .map(|file| file.unwrap().path())
        .find(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with(start) && name.ends_with(end)
        })
        .expect("the compiler left it")
}

/// Whether a line leads to the end of the program: the names of what core panics by.
fn panics(line: &str) -> bool {
    ["panic", "_fail", "unwrap", "expect"]
        .iter()
        .any(|name| line.contains(name))
}

/// Functions by their symbols.
fn functions(assembly: &str) -> HashMap<&str, Vec<&str>> {
    let mut functions: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut current = None;
    for line in assembly.lines() {
        match line.strip_suffix(':') {
            Some(label) if !label.starts_with('.') && !label.starts_with(char::is_whitespace) => {
                current = Some(label);
                functions.insert(label, Vec::new());
            }
            _ => {
                let line = line.trim();
                let is_code = line.ends_with(':')
                    || (!line.starts_with('.') && !line.starts_with('#') && !line.is_empty());
                if let Some(lines) = current.and_then(|current| functions.get_mut(current))
                    && is_code
                {
                    lines.push(line);
                }
            }
        }
    }
    functions
}

/// The loops without a branch in them: code from a label to a jump back to it.
fn loops<'a>(code: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut found = Vec::new();
    let mut start = None;
    for (index, line) in code.iter().enumerate() {
        if let Some(label) = line.strip_suffix(':') {
            start = Some((index, label));
        } else if line.starts_with('j')
            && let Some((start, label)) = start.take()
            && line.split_whitespace().last() == Some(label)
        {
            found.push(code[start..=index].to_vec());
        }
    }
    found
}

/// How many instructions of a loop begin so and mention such a register.
fn count(code: &[&str], instruction: &str, register: &str) -> usize {
    code.iter()
        .filter(|line| line.starts_with(instruction) && line.contains(register))
        .count()
}

struct Level {
    name: &'static str,
    register: &'static str,
    /// What multiplies and adds.
    instruction: [&'static str; 2],
    /// The registers in a batch's tile.
    tile: usize,
    /// The most in a sample's.
    column: usize,
}

const LEVELS: [Level; 3] = [
    Level {
        name: "Avx512",
        register: "%zmm",
        instruction: ["vfmadd", "vfmadd"],
        tile: 24,
        column: 16,
    },
    Level {
        name: "Avx2",
        register: "%ymm",
        instruction: ["vfmadd", "vfmadd"],
        tile: 12,
        column: 8,
    },
    Level {
        name: "Sse2",
        register: "%xmm",
        instruction: ["mulp", "addp"],
        tile: 12,
        column: 8,
    },
];

impl Level {
    /// `Isa::call` of the level: a function for each kernel and scalar, and in a user's crate for each
    /// network.
    fn kernels<'a>(
        &self,
        functions: &'a HashMap<&str, Vec<&'a str>>,
    ) -> Vec<(&'a str, &'a [&'a str])> {
        functions
            .iter()
            .filter(|(name, _)| name.contains("kernels") && name.contains(self.name))
            .map(|(name, code)| (*name, code.as_slice()))
            .collect()
    }
}

#[test]
fn forward_has_no_way_to_panic_and_kernels_are_full_registers_of_arithmetic() {
    let Assembly { library, user } = Assembly::new();
    forward_has_no_way_to_panic(&user);
    kernels_are_full_registers_of_arithmetic(&library);
    inner_loops_stay_in_registers(&library, &LEVELS);
    // SSE2 has too few registers for the samples of small networks.
    inner_loops_stay_in_registers(&user, &LEVELS[..2]);
    a_sample_of_a_middling_network_is_one_function(&user);
}

/// Nothing that a user's crate has of a network leads to a panic: the check of a batch's lengths is
/// a function of the library.
fn forward_has_no_way_to_panic(assembly: &str) {
    let functions = functions(assembly);
    for name in [
        "seed", "seeds", "doubles", "mnist", "mnists", "policy", "mid",
    ] {
        assert!(
            functions.contains_key(name),
            "{name} is there to be looked at"
        );
    }
    let checked: usize = functions
        .values()
        .flatten()
        .filter(|line| line.contains("5batch5check"))
        .count();
    assert!(checked >= 6, "each batch is checked: {checked}");
    for (name, code) in functions {
        for line in code
            .iter()
            .filter(|line| line.starts_with("call") || line.starts_with('j'))
        {
            assert!(!panics(line), "{name} may panic: {line}");
        }
    }
}

fn kernels_are_full_registers_of_arithmetic(assembly: &str) {
    let functions = functions(assembly);
    for level in &LEVELS {
        let kernels = level.kernels(&functions);
        assert!(kernels.len() >= 4, "{}: {}", level.name, kernels.len());
        for suffix in ["ps", "pd"] {
            let inner: Vec<_> = kernels.iter().flat_map(|(_, code)| loops(code)).collect();
            let [multiply, add] = level.instruction;
            let most = inner
                .iter()
                .filter(|code| {
                    let suffixed = |line: &&str| line.split('\t').next().unwrap().ends_with(suffix);
                    let code: Vec<&str> = code.iter().copied().filter(suffixed).collect();
                    let [multiply, add] =
                        [multiply, add].map(|name| count(&code, name, level.register));
                    multiply >= level.tile && add >= level.tile
                })
                .count();
            assert!(
                most >= 1,
                "{} {suffix}: no loop has the {} sums of a tile",
                level.name,
                level.tile
            );
            let columns = inner.iter().filter(|code| {
                count(code, multiply, level.register) == level.column
                    && code.iter().any(|line| line.contains(suffix))
            });
            assert!(
                columns.count() >= 1,
                "{} {suffix}: no tile of columns",
                level.name
            );
        }
    }
}

fn inner_loops_stay_in_registers(assembly: &str, levels: &[Level]) {
    let functions = functions(assembly);
    for level in levels {
        for (name, code) in level.kernels(&functions) {
            for inner in loops(code) {
                let arithmetic = count(&inner, level.instruction[0], level.register);
                assert!(
                    arithmetic == 0 || !inner.iter().any(|line| line.starts_with("call")),
                    "{name} has a call in an inner loop: {inner:#?}"
                );
                // The loops of tanh and its like, which begin with a bound, have many constants.
                if inner.iter().any(|line| line.contains("minp")) {
                    continue;
                }
                // Sums that the optimiser leaves in memory are written there in each round.
                let stored = inner.iter().filter(|line| {
                    line.contains("mov")
                        && line.contains(level.register)
                        && line.ends_with("(%rsp)")
                });
                assert!(
                    arithmetic < 6 || stored.count() <= 1,
                    "{name} keeps sums in memory: {inner:#?}"
                );
            }
            for line in code
                .iter()
                .filter(|line| line.contains("call") || line.starts_with("jmp"))
            {
                assert!(!panics(line), "{name} may panic: {line}");
            }
        }
    }
}

/// `mid`, with its sizes, for the faster levels: nothing is called, and the optimiser hasn't turned
/// the picks from four inputs into loads.
fn a_sample_of_a_middling_network_is_one_function(assembly: &str) {
    let functions = functions(assembly);
    for level in &LEVELS[..2] {
        let [multiply, _] = level.instruction;
        let whole = level.kernels(&functions).into_iter().filter(|(_, code)| {
            let picks = |code: &[&str]| count(code, "vpermilps", "%zmm");
            let layers = loops(code).into_iter().filter(|inner| {
                // Four inputs of each of two parts, or of one, times all outputs.
                count(inner, multiply, level.register) == 32
                    && (level.name != "Avx512" || picks(inner) == 8)
            });
            let leaves = |line: &&str| {
                line.starts_with("call") || (line.starts_with("jmp") && !line.contains(".L"))
            };
            layers.count() == 2 && !code.iter().any(leaves)
        });
        assert_eq!(whole.count(), 1, "{}", level.name);
    }
}
