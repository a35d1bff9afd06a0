//! What each command prints: the files in `tests/sessions` are commands and, behind each, what is expected of it.
//!
//! They run in a new folder, one after the other. With `UPDATE_EXPECT=1` the files are written anew: lines that begin with
//! `$ ` are commands, and lines that begin with `## ` stay.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::child;
use crate::fixtures::{Folder, write_all};

#[test]
fn every_session_goes_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sessions");
    let entries = fs::read_dir(folder).unwrap();
    let mut sessions: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    sessions.sort();
    assert!(sessions.len() > 6, "{sessions:?}");
    let wrong: Vec<String> = sessions.iter().filter_map(|session| check(session)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Goes through a session, and returns what is wrong with it.
fn check(session: &Path) -> Option<String> {
    let name = session.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let folder = Folder::new(&name);
    write_all(folder.path());
    let expected = fs::read_to_string(session).unwrap().replace("\r\n", "\n");
    let found = replay(&expected, folder.path());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(session, &found).unwrap();
        return None;
    }
    let same = expected.lines().zip(found.lines()).take_while(|(one, other)| one == other).count();
    let shown = |text: &str| text.lines().nth(same).unwrap_or("its end").to_owned();
    (expected != found).then(|| {
        format!(
            "{}, line {}: expected {:?}, found {:?}",
            session.display(),
            same + 1,
            shown(&expected),
            shown(&found)
        )
    })
}

/// Runs the commands of a session again.
fn replay(session: &str, folder: &Path) -> String {
    let mut blocks = Vec::new();
    for line in session.lines() {
        if line.starts_with("## ") {
            blocks.push(format!("{line}\n"));
        } else if let Some(command) = line.strip_prefix("$ ") {
            blocks.push(format!("{line}\n{}", run(command, folder)));
        }
    }
    blocks.join("\n")
}

/// Runs a command, and returns what a person sees of it: what it prints, what it complains of, and its status if that is not
/// 0.
pub(crate) fn run(command: &str, folder: &Path) -> String {
    let mut words = split(command).into_iter();
    assert_eq!(words.next().as_deref(), Some("halfsour"), "{command}");
    let (mut arguments, mut input, mut into) = (Vec::new(), Vec::new(), None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "<" => input = fs::read(folder.join(words.next().unwrap())).unwrap(),
            ">" => into = words.next(),
            _ => arguments.push(word),
        }
    }
    let ended = child::run(folder, &arguments, &input);
    let mut seen = match into {
        Some(file) => {
            fs::write(folder.join(file), &ended.out).unwrap();
            String::new()
        }
        None => String::from_utf8_lossy(&ended.out).replace("\r\n", "\n"),
    };
    seen.push_str(&ended.errors.replace("\r\n", "\n"));
    match ended.status {
        Some(0) => {}
        Some(status) => writeln!(seen, "(exit status {status})").unwrap(),
        None => seen.push_str("(a signal)\n"),
    }
    // Blank lines at the end say nothing.
    let seen = seen.trim_end();
    if seen.is_empty() { String::new() } else { format!("{seen}\n") }
}

/// Splits a command at blanks outside of quotes.
fn split(command: &str) -> Vec<String> {
    let (mut words, mut word, mut is_word, mut quoted) = (Vec::new(), String::new(), false, false);
    for it in command.chars() {
        match it {
            '\'' => (quoted, is_word) = (!quoted, true),
            ' ' if !quoted => {
                if std::mem::take(&mut is_word) {
                    words.push(std::mem::take(&mut word));
                }
            }
            it => {
                word.push(it);
                is_word = true;
            }
        }
    }
    words.extend(is_word.then_some(word));
    words
}
