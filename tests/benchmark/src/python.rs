//! Those who run in Python, in a process of their own, where the environment variable `PYTHON` names an
//! interpreter that has them.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

fn interpreter() -> Option<OsString> {
    env::var_os("PYTHON").filter(|python| !python.is_empty())
}

/// The version of a package that is there.
pub fn version(package: &str) -> Option<String> {
    let print = format!("import {package}; print({package}.__version__)");
    let command = Command::new(interpreter()?).args(["-c", &print]).output();
    let output = command.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success()).then(|| text.trim().to_string())
}

/// A script of this folder, which reads what it is about, and then, line by line, how many calls to make.
pub struct Process {
    child: Child,
    pub to: ChildStdin,
    pub from: BufReader<ChildStdout>,
}

impl Process {
    /// Nothing where there is no interpreter.
    pub fn start(script: &str) -> io::Result<Option<Self>> {
        let Some(python) = interpreter() else {
            return Ok(None);
        };
        let mut child = Command::new(python)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (to, from) = pipes.ok_or_else(|| io::Error::other("no pipes"))?;
        let from = BufReader::new(from);
        Ok(Some(Self { child, to, from }))
    }

    /// The line that answers so many calls.
    pub fn answer(&mut self, calls: u64) -> String {
        let mut line = String::new();
        let answer = writeln!(self.to, "{calls}")
            .and_then(|()| self.to.flush())
            .and_then(|()| self.from.read_line(&mut line));
        answer.expect("the script answers");
        line
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Numbers as their bytes.
pub fn send(to: &mut ChildStdin, numbers: &[f32]) -> io::Result<()> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
    to.write_all(&bytes)?;
    to.flush()
}
