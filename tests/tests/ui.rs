//! Wrong declarations, one fault a file in `ui/<class>/`, and what the compiler says of them.
//!
//! In a case, a comment with `^^^` below a line marks the tokens of an error, and says, separated
//! by `|`, what its message must contain. [`errors_are_where_they_are_marked`] holds the compiler
//! to that, whatever its version; [`errors_read_as_they_are_kept`] compares the whole output with
//! the `.stderr` files, which belong to one version.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The compiler that the `.stderr` files are from.
const TOOLCHAIN: &str = "rustc 1.95.";

fn manifest() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The cases by class and name, in order.
fn cases() -> Vec<(String, PathBuf)> {
    let mut cases = Vec::new();
    for class in fs::read_dir(manifest().join("ui")).unwrap() {
        let class = class.unwrap();
        if !class.file_type().unwrap().is_dir() {
            continue;
        }
        for file in fs::read_dir(class.path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let class = class.file_name().into_string().unwrap();
                let name = path.file_stem().unwrap().to_str().unwrap();
                cases.push((format!("{class}/{name}"), path));
            }
        }
    }
    cases.sort();
    cases
}

#[test]
fn errors_read_as_they_are_kept() {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc)
        .arg("--version")
        .output()
        .unwrap()
        .stdout;
    let version = String::from_utf8(version).unwrap();
    if !version.starts_with(TOOLCHAIN) {
        println!("not compared: {version} words its part differently than {TOOLCHAIN}x");
        return;
    }
    trybuild::TestCases::new().compile_fail("ui/*/*.rs");
}

/// An error that a case marks, or one that the compiler gave.
#[derive(Debug)]
struct Error {
    line: usize,
    /// From the first column to the one behind the last, counted from 0 in characters.
    columns: (usize, usize),
    /// What the message must contain; for the compiler's errors, the message with its notes, and
    /// without.
    texts: Vec<String>,
}

/// The errors that the comments of a case mark.
fn marked(source: &str) -> Vec<Error> {
    let mut marked = Vec::new();
    let mut code_line = 0;
    for (index, line) in source.lines().enumerate() {
        let mark = line
            .trim_start()
            .strip_prefix("//")
            .filter(|comment| comment.trim_start().starts_with('^'));
        let Some(mark) = mark else {
            code_line = index + 1;
            continue;
        };
        let start = line.find('^').unwrap();
        let carets = line[start..]
            .bytes()
            .take_while(|byte| *byte == b'^')
            .count();
        let texts = mark.trim_start().trim_start_matches('^').split(" | ");
        marked.push(Error {
            line: code_line,
            columns: (start, start + carets),
            texts: texts.map(|text| text.trim().to_owned()).collect(),
        });
    }
    marked
}

/// What `cargo check` says of every case, all of them being programs of one package.
fn check_all(cases: &[(String, PathBuf)]) -> BTreeMap<String, Vec<Error>> {
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    fs::create_dir_all(project.join("src")).unwrap();
    let mut package = format!(
        "[package]\nname = \"ui\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nlayerwise = {{ path = \"{}\" }}\n",
        manifest().join("../runtime").display()
    );
    for (name, path) in cases {
        let name = name.replace('/', "-");
        let path = path.display();
        write!(package, "\n[[bin]]\nname = \"{name}\"\npath = \"{path}\"\n").unwrap();
    }
    fs::write(project.join("Cargo.toml"), package).unwrap();
    fs::copy(manifest().join("../Cargo.lock"), project.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--bins", "--keep-going", "--offline", "--quiet"])
        .arg("--message-format=json")
        .current_dir(&project)
        .env("CARGO_TARGET_DIR", project.join("target"))
        .output()
        .unwrap();
    let mut found = BTreeMap::<String, Vec<Error>>::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let diagnostic = &message["message"];
        let has_place = diagnostic["spans"]
            .as_array()
            .is_some_and(|spans| !spans.is_empty());
        if diagnostic["level"] == "error" && has_place {
            let name = message["target"]["name"].as_str().unwrap().to_owned();
            found.entry(name).or_default().push(error(diagnostic));
        }
    }
    assert!(
        !found.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    found
}

fn error(diagnostic: &Value) -> Error {
    let spans = diagnostic["spans"].as_array().unwrap();
    let span = spans
        .iter()
        .find(|span| span["is_primary"] == true)
        .unwrap();
    // What stands in another file was expanded from a macro here.
    let mut span = span;
    while !span["file_name"].as_str().unwrap().contains("tests/ui/") {
        span = &span["expansion"]["span"];
    }
    let number = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
    let same_line = span["line_start"] == span["line_end"];
    let message = diagnostic["message"].as_str().unwrap().to_owned();
    let mut text = message.clone();
    for child in diagnostic["children"].as_array().unwrap() {
        text = text + "\n" + child["message"].as_str().unwrap();
    }
    let end = if same_line {
        number("column_end") - 1
    } else {
        0
    };
    Error {
        line: number("line_start"),
        columns: (number("column_start") - 1, end),
        texts: vec![text, message],
    }
}

/// What is wrong with the compiler's errors; empty where they are as marked.
fn faults(source: &str, found: &[Error]) -> String {
    let marked = marked(source);
    let mut faults = String::new();
    if marked.is_empty() {
        faults += "nothing is marked\n";
    }
    for error in found {
        let text = &error.texts[0];
        let marks = marked.iter().filter(|mark| {
            (mark.line, mark.columns) == (error.line, error.columns)
                && mark.texts.iter().all(|part| text.contains(part.as_str()))
        });
        if marks.count() != 1 {
            let (line, (start, end)) = (error.line, error.columns);
            writeln!(faults, "not marked: {line}:{start}..{end} {text}").unwrap();
        }
        for internal in ["__", "Matrix<", "layerwise::"] {
            if error.texts[1].contains(internal) {
                writeln!(faults, "an internal name, {internal}").unwrap();
            }
        }
    }
    if marked.len() != found.len() {
        let (marked, found) = (marked.len(), found.len());
        writeln!(faults, "{found} errors instead of {marked}").unwrap();
    }
    faults
}

#[test]
fn errors_are_where_they_are_marked() {
    let cases = cases();
    assert!(cases.len() >= 80);
    let found = check_all(&cases);
    let mut report = String::new();
    for (name, path) in &cases {
        let source = fs::read_to_string(path).unwrap();
        let found = found.get(&name.replace('/', "-"));
        let faults = faults(&source, found.map_or(&[], Vec::as_slice));
        if !faults.is_empty() {
            write!(report, "\n{name}\n{faults}").unwrap();
        }
    }
    assert!(report.is_empty(), "{report}");
}
