//! What the tool writes, and to whom: files as a whole or not at all, and nothing to those who have stopped reading.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use crate::child::run;
use crate::fixtures::{Folder, write_all};

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    write_all(folder.path());
    folder
}

#[test]
fn a_file_that_cannot_be_converted_stays() {
    let folder = folder("stays");
    let path = folder.path().join("cut.pickle");
    let before = fs::read(&path).unwrap();
    let ended = run(folder.path(), ["convert", "cut.pickle", "cut.pickle"], b"");
    assert_eq!(ended.status, Some(2));
    assert_eq!(fs::read(&path).unwrap(), before);
    let left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with('.')), "{left:?}");
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_permissions_and_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = folder("permissions");
    let (file, link) = (folder.path().join("jars.pickle"), folder.path().join("link"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&file, &link).unwrap();
    let ended = run(folder.path(), ["convert", "link", "link", "--protocol", "2"], b"");
    assert_eq!(ended.status, Some(0), "{ended:?}");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::read(&file).unwrap().starts_with(b"\x80\x02"));
    let ended = run(folder.path(), ["convert", "link", "new", "--protocol", "2"], b"");
    assert_eq!(ended.status, Some(0), "{ended:?}");
    // As any new file, not as a temporary one.
    let other = folder.path().join("other");
    fs::write(&other, b"").unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&folder.path().join("new")), mode(&other));
}

#[test]
fn a_pickle_comes_out_as_it_went_in() {
    let folder = folder("raw");
    let pickle = fs::read(folder.path().join("jars.pickle")).unwrap();
    assert_eq!(run(folder.path(), ["convert", "-", "-"], &pickle).out, pickle);
    let put = ["shelf", "put", "shelf", "\\xff", "-", "--create"];
    assert_eq!(run(folder.path(), put, &pickle).status, Some(0));
    assert_eq!(run(folder.path(), ["shelf", "get", "shelf", "\\xff", "--raw"], b"").out, pickle);
}

/// `halfsour dis FILE | head -1`.
#[test]
fn who_stops_reading_hears_nothing() {
    let folder = folder("pipe");
    let long = [b"(".to_vec(), b"I1\n".repeat(100_000), b"l.".to_vec()].concat();
    fs::write(folder.path().join("long.pickle"), long).unwrap();
    for command in ["dis", "show", "globals"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_halfsour"))
            .args([command, "long.pickle"])
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{command}");
        assert!(output.stderr.is_empty(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let folder = folder("full");
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_halfsour"))
        .args(["show", "jars.pickle"])
        .current_dir(folder.path())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.starts_with("halfsour: standard output: no space left"), "{errors}");
}
