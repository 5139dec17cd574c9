//! One fault a file in `ui/<class>/`.
//!
//! In a case, a comment with `^^^` below a line marks the tokens of an error, and says, separated
//! by `|`, what its message must contain. The compiler is held to that, whatever its version, but for
//! words that are the compiler's own; and the whole output to the `.stderr` files, which belong to one
//! version.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::compiler::{Compiler, Error};

/// The compiler that the `.stderr` files are from.
const TOOLCHAIN: &str = "rustc 1.95.";

struct Case {
    class: String,
    name: String,
    path: PathBuf,
    source: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui")
}

/// The cases by class and name, in order.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for class in fs::read_dir(folder()).unwrap() {
        let class = class.unwrap();
        if !class.file_type().unwrap().is_dir() {
            continue;
        }
        for file in fs::read_dir(class.path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                cases.push(Case {
                    class: class.file_name().into_string().unwrap(),
                    name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
                    source: fs::read_to_string(&path).unwrap(),
                    path,
                });
            }
        }
    }
    cases.sort_by(|a, b| (&a.class, &a.name).cmp(&(&b.class, &b.name)));
    cases
}

/// Whether the compiler's own words can be compared.
fn is_toolchain() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    version.starts_with(TOOLCHAIN)
}

/// An error that a case marks.
struct Mark {
    line: usize,
    columns: (usize, usize),
    /// What the message must contain.
    texts: Vec<String>,
}

fn marks(source: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut code_line = 0;
    for (index, line) in source.lines().enumerate() {
        if !is_mark(line) {
            code_line = index + 1;
            continue;
        }
        let start = line.find('^').unwrap();
        let texts = line[start..].trim_start_matches('^');
        let end = line.len() - texts.len();
        marks.push(Mark {
            line: code_line,
            columns: (start, end),
            texts: texts
                .split(" | ")
                .map(|text| text.trim().to_owned())
                .collect(),
        });
    }
    marks
}

fn is_mark(line: &str) -> bool {
    let comment = line.trim_start().strip_prefix("//");
    comment.is_some_and(|comment| comment.trim_start().starts_with('^'))
}

/// What is wrong with the compiler's errors; empty where they are as marked.
fn faults(source: &str, found: &[Error], is_toolchain: bool) -> String {
    let marks = marks(source);
    let mut faults = String::new();
    if marks.is_empty() {
        faults += "nothing is marked\n";
    }
    for error in found {
        let Error {
            lines,
            columns,
            text,
            message,
            is_ours,
            ..
        } = error;
        let is_worded = *is_ours || is_toolchain;
        let here = marks.iter().filter(|mark| {
            ((mark.line, mark.line), mark.columns) == (*lines, *columns)
                && (!is_worded || mark.texts.iter().all(|part| text.contains(part.as_str())))
        });
        if here.count() != 1 {
            writeln!(faults, "not marked: {lines:?} {columns:?} {text}").unwrap();
        }
        for internal in ["__", "NETWORK_", "Matrix<", "layerwise::"] {
            if message.contains(internal) {
                writeln!(faults, "an internal name, {internal}").unwrap();
            }
        }
    }
    if marks.len() != found.len() {
        let (marks, found) = (marks.len(), found.len());
        writeln!(faults, "{found} errors instead of {marks}").unwrap();
    }
    faults
}

#[test]
fn errors_are_where_they_are_marked_and_read_as_they_are_kept() {
    let cases = cases();
    assert!(cases.len() >= 80);
    let paths: Vec<PathBuf> = cases.iter().map(|case| case.path.clone()).collect();
    let is_toolchain = is_toolchain();
    if !is_toolchain {
        println!("only marks are compared: this compiler words its part unlike {TOOLCHAIN}x");
    }
    let mut report = String::new();
    for (case, found) in cases.iter().zip(Compiler::new().all_errors(&paths)) {
        let mut faults = faults(&case.source, &found, is_toolchain);
        if is_toolchain {
            let rendered = found.iter().map(|error| error.rendered.as_str());
            let rendered = rendered.collect::<Vec<_>>().join("\n\n") + "\n";
            let path = case.path.with_extension("stderr");
            if overwrites() {
                fs::write(&path, &rendered).unwrap();
            }
            if fs::read_to_string(&path).unwrap_or_default() != rendered {
                write!(faults, "reads otherwise than it is kept:\n{rendered}").unwrap();
            }
        }
        if !faults.is_empty() {
            write!(report, "\n{}/{}\n{faults}", case.class, case.name).unwrap();
        }
    }
    assert!(report.is_empty(), "{report}");
    the_index_is_that_of_the_cases(&cases);
}

/// Whether the kept messages are to be those of this compiler.
fn overwrites() -> bool {
    env::var_os("UPDATE_MESSAGES").is_some()
}

/// What a class of cases is about.
fn heading(class: &str) -> &'static str {
    match class {
        "shape" => "Layers that don't fit",
        "branch" => "Branches",
        "stream" => "Streams",
        "size" => "Sizes",
        "layer" => "Layers that aren't there",
        "option" => "Arguments and options",
        "places" => "Windows and images",
        "name" => "Names",
        "syntax" => "Syntax",
        "setting" => "Settings and attributes",
        "weights" => "Weight files",
        "train" => "Training",
        "use" => "Where a network is used, and layers of one's own",
        other => panic!("the class {other} has no heading"),
    }
}

/// The catalogue as a page: each fault, and what the compiler says.
fn index(cases: &[Case]) -> String {
    let mut page = String::from(
        "# What the compiler says\n\nEvery wrong declaration that the tests know, and its error. \
         Written by a test from the cases in this folder; see `CONTRIBUTING.md`.\n",
    );
    let mut class = "";
    for case in cases {
        if case.class != class {
            class = &case.class;
            write!(page, "\n## {}\n", heading(class)).unwrap();
        }
        let title = case.name.replace('-', " ");
        let code: Vec<&str> = case
            .source
            .lines()
            .filter(|line| !is_mark(line) && !line.starts_with("use layerwise::"))
            .collect();
        let code = code.join("\n").replace("fn main() {}", "");
        let errors = fs::read_to_string(case.path.with_extension("stderr")).unwrap_or_default();
        let errors: Vec<&str> = messages(&errors);
        let (code, errors) = (code.trim(), errors.join("\n"));
        write!(
            page,
            "\n### {title}\n\n```rust\n{code}\n```\n\n```text\n{errors}\n```\n"
        )
        .unwrap();
    }
    page
}

/// The `error: …` lines with the help that belongs to them, without places and code.
fn messages(stderr: &str) -> Vec<&str> {
    let mut messages = Vec::new();
    let mut is_message = false;
    for line in stderr.lines() {
        if line.starts_with("error") {
            is_message = true;
        } else if line.trim_start().starts_with("-->") {
            is_message = false;
        }
        if is_message {
            messages.push(line);
        }
    }
    messages
}

/// After the `.stderr` files, from which it is made.
fn the_index_is_that_of_the_cases(cases: &[Case]) {
    let path = folder().join("README.md");
    let index = index(cases);
    if overwrites() {
        fs::write(&path, &index).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == index, "tests/ui/README.md differs from the cases");
}

#[test]
fn every_kept_message_has_its_case() {
    for class in fs::read_dir(folder()).unwrap() {
        let class = class.unwrap().path();
        for file in fs::read_dir(class).into_iter().flatten() {
            let path = file.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "stderr")
            {
                assert!(path.with_extension("rs").exists(), "{}", path.display());
            }
        }
    }
}
