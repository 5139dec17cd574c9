//! The compiler, asked about one program at a time.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use serde_json::Value;

/// `layerwise` and what the examples need beside it, compiled for programs to be checked against.
pub(crate) struct Compiler {
    /// The folder of all compiled crates.
    crates: PathBuf,
    /// `name=path` of those that programs name.
    externs: Vec<String>,
    output: PathBuf,
}

/// An error that the compiler gave.
#[derive(Debug)]
pub(crate) struct Error {
    /// Counted from 1; the end is that of the last line.
    pub(crate) lines: (usize, usize),
    /// From the first column to the one behind the last, counted from 0 in characters.
    pub(crate) columns: (usize, usize),
    pub(crate) message: String,
    /// The message with its notes.
    pub(crate) text: String,
    /// Whether the words are the macro's and not the compiler's own.
    pub(crate) is_ours: bool,
    /// Whether the place is in the program itself and not in a macro that it calls.
    pub(crate) is_in_the_program: bool,
    /// What a user reads, the same on every machine.
    pub(crate) rendered: String,
}

impl Compiler {
    /// Compiles the libraries, in a package of their own.
    pub(crate) fn new() -> Self {
        let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::create_dir_all(project.join("src")).unwrap();
        fs::write(project.join("src/lib.rs"), "").unwrap();
        let package = format!(
            "[package]\nname = \"programs\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [workspace]\n\n[dependencies]\nlayerwise = {{ path = \"{}\" }}\n\
             flate2 = \"1\"\nsafetensors = \"0.8\"\n",
            manifest.join("../runtime").display()
        );
        fs::write(project.join("Cargo.toml"), package).unwrap();
        fs::copy(manifest.join("../Cargo.lock"), project.join("Cargo.lock")).unwrap();
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--quiet", "--message-format=json"])
            .current_dir(&project)
            .env("CARGO_TARGET_DIR", project.join("target"))
            .output()
            .unwrap();
        let mut externs = Vec::new();
        let mut crates = PathBuf::new();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let message: Value = serde_json::from_str(line).unwrap();
            let name = message["target"]["name"].as_str().unwrap_or_default();
            let file = message["filenames"][0].as_str().unwrap_or_default();
            // What macros depend on is compiled whole, and comes first as an `.rlib`.
            let is_checked = Path::new(file).extension().is_some_and(|it| it == "rmeta");
            if matches!(name, "layerwise" | "flate2" | "safetensors") && is_checked {
                externs.push(format!("{name}={file}"));
                crates = PathBuf::from(file);
            }
        }
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(externs.len(), 3, "{log}");
        Self {
            crates: crates.parent().unwrap().to_owned(),
            externs,
            output: project.join("output"),
        }
    }

    /// The errors of one program.
    pub(crate) fn errors(&self, program: &Path) -> Vec<Error> {
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let mut command = Command::new(rustc);
        command
            .args(["--edition=2024", "--crate-type=bin", "--crate-name=program"])
            .args(["--emit=metadata", "--error-format=json", "-Awarnings"])
            .arg(format!("--out-dir={}", self.output.display()))
            .arg(format!("-Ldependency={}", self.crates.display()))
            .env("CARGO_MANIFEST_DIR", program.parent().unwrap());
        for library in &self.externs {
            command.args(["--extern", library]);
        }
        // Messages name the program by its path from here.
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let program = program.strip_prefix(manifest).unwrap_or(program);
        let output = command.arg(program).current_dir(manifest).output().unwrap();
        let messages = String::from_utf8(output.stderr).unwrap();
        let mut errors: Vec<Error> = Vec::new();
        for line in messages.lines() {
            let diagnostic: Value = serde_json::from_str(line)
                .unwrap_or_else(|_| panic!("{}: {messages}", program.display()));
            // At the end the compiler counts errors, which are at no place.
            if diagnostic["spans"].as_array().is_none_or(Vec::is_empty) {
                continue;
            }
            if diagnostic["level"] == "error" {
                errors.push(Error::new(&diagnostic, program));
            } else if let Some(error) = errors.last_mut() {
                // A note by itself belongs to what is before it.
                error.rendered += "\n\n";
                error.rendered += &rendered(&diagnostic);
            }
        }
        errors
    }

    /// The same for many programs, on all cores.
    pub(crate) fn all_errors(&self, programs: &[PathBuf]) -> Vec<Vec<Error>> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(program) = programs.get(index) else {
                    return done;
                };
                done.push((index, self.errors(program)));
            }
        };
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let mut all: Vec<(usize, Vec<Error>)> = thread::scope(|scope| {
            let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().unwrap())
                .collect()
        });
        all.sort_by_key(|(index, _)| *index);
        all.into_iter().map(|(_, errors)| errors).collect()
    }
}

impl Error {
    fn new(diagnostic: &Value, program: &Path) -> Self {
        let spans = diagnostic["spans"].as_array().unwrap();
        let primary = spans
            .iter()
            .find(|span| span["is_primary"] == true)
            .unwrap();
        let is_here = |span: &Value| Path::new(span["file_name"].as_str().unwrap()) == program;
        // What stands in another file was expanded from a macro here.
        let mut span = primary;
        while !is_here(span) && !span["expansion"].is_null() {
            span = &span["expansion"]["span"];
        }
        let number = |key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
        let message = diagnostic["message"].as_str().unwrap().to_owned();
        let children = diagnostic["children"].as_array().unwrap();
        let notes = children
            .iter()
            .map(|child| format!("\n{}", child["message"].as_str().unwrap()));
        Self {
            lines: (number("line_start"), number("line_end")),
            columns: (number("column_start") - 1, number("column_end") - 1),
            text: message.clone() + &notes.collect::<String>(),
            is_ours: diagnostic["code"].is_null() || message.starts_with("evaluation panicked"),
            message,
            is_in_the_program: is_here(primary),
            rendered: rendered(diagnostic),
        }
    }
}

/// What the compiler shows of a program, without the place of this repository, without that of a file in
/// which it wrote a long type, and without line numbers of the library, which change when anything else in
/// a file does.
fn rendered(diagnostic: &Value) -> String {
    let rendered = diagnostic["rendered"].as_str().unwrap();
    let is_kept = |line: &&str| {
        ![
            "the full name for the type has been written",
            "consider using `--verbose`",
        ]
        .iter()
        .any(|note| line.contains(note))
    };
    let rendered = &rendered
        .lines()
        .filter(is_kept)
        .collect::<Vec<_>>()
        .join("\n");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let root = format!("{}/", root.display());
    if !rendered.contains(&root) {
        return rendered.trim_end().to_owned();
    }
    let mut lines = Vec::new();
    let mut is_library = false;
    for line in rendered.trim_end().lines() {
        let text = line.trim_start();
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        let (number, rest) = (&text[..digits], text[digits..].trim_start());
        if !["|", "=", "+", "-->", ":::", "..."]
            .iter()
            .any(|mark| rest.starts_with(mark))
        {
            is_library = false;
            lines.push(line.to_owned());
            continue;
        }
        let number = if is_library { "" } else { number };
        let place = ["--> ", "::: "]
            .iter()
            .find_map(|arrow| rest.strip_prefix(arrow));
        if let Some(place) = place {
            is_library = place.starts_with(&root);
            let place = match place.strip_prefix(&root) {
                Some(place) => format!("$WORKSPACE/{}", place.split(':').next().unwrap()),
                None => place.to_owned(),
            };
            lines.push(format!(" {} {place}", &rest[..3]));
        } else {
            lines.push(format!("{number:1} {rest}"));
        }
    }
    lines.join("\n")
}
