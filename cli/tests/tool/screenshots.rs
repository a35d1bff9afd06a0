//! The screenshots in the documents are what the tool prints.
//!
//! A screenshot is a block of a document behind the line `<!-- screenshot -->`: commands, each behind a `$`, and what they
//! print: in README.md run in the project's folder, in cli/README.md in that of the sessions. With `UPDATE_EXPECT=1` the blocks are written anew.

use std::fs;
use std::path::Path;

use crate::fixtures::{Folder, write_all};
use crate::sessions::run;

const BEGIN: &str = "<!-- screenshot -->\n```console\n";
const END: &str = "```\n";

#[test]
fn documents_show_what_the_tool_prints() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = Folder::new("screenshots");
    write_all(folder.path());
    let documents = [("README.md", 1, &*project), ("cli/README.md", 4, folder.path())];
    for (document, least, folder) in documents {
        let path = project.join(document);
        let text = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let (renewed, count) = renew(&text, folder);
        assert!(count >= least, "{document} has {count} screenshots");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, renewed).unwrap();
        } else {
            assert_eq!(text, renewed, "{document}");
        }
    }
}

/// Runs the commands of all screenshots of a document again, and returns it with what they print now.
fn renew(text: &str, folder: &Path) -> (String, usize) {
    let (mut renewed, mut rest, mut count) = (String::new(), text, 0);
    while let Some(begin) = rest.find(BEGIN).map(|at| at + BEGIN.len()) {
        let length = rest[begin..].find(END).expect("a screenshot has an end");
        renewed.push_str(&rest[..begin]);
        let commands = rest[begin..begin + length].lines().filter(|line| line.starts_with("$ "));
        let shown = commands.map(|line| format!("{line}\n{}", run(&line[2..], folder)));
        renewed.push_str(&shown.collect::<Vec<_>>().join("\n"));
        rest = &rest[begin + length..];
        count += 1;
    }
    (renewed + rest, count)
}
