//! Hostile files: those of `tests/denial`, and what compression makes possible. The tool runs within 1 GiB of address space
//! and 20 seconds of the processor.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::child::{each, run};
use crate::files::hostile;
use crate::fixtures::{Folder, gzip};

const COMMANDS: [&[&str]; 7] = [
    &["show", "FILE"],
    &["show", "--json", "FILE"],
    &["show", "--dot", "FILE"],
    &["dis", "FILE"],
    &["globals", "FILE"],
    &["verify", "FILE"],
    &["diff", "FILE", "FILE"],
];

#[test]
fn hostile_files_deny_nothing() {
    let folder = Folder::new("hostile");
    let (wrong, slowest) = (Mutex::new(Vec::new()), Mutex::new((Duration::ZERO, String::new())));
    each(&hostile(), |number, hostile| {
        let file = number.to_string();
        fs::write(folder.path().join(&file), &hostile.bytes).unwrap();
        for command in COMMANDS {
            let arguments = command.iter().map(|word| if *word == "FILE" { &file } else { *word });
            let began = Instant::now();
            let ended = run(folder.path(), arguments, b"");
            let what = format!("{}: {}", hostile.name, command.join(" "));
            if let Some(fault) = ended.fault() {
                wrong.lock().unwrap().push(format!("{what}: {fault}"));
            }
            let mut slowest = slowest.lock().unwrap();
            *slowest = slowest.clone().max((began.elapsed(), what));
        }
    });
    let (time, what) = slowest.into_inner().unwrap();
    println!("the slowest of the hostile files took {} ms: {what}", time.as_millis());
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bombs_are_refused_by_default() {
    let folder = Folder::new("bombs");
    let zeros = gzip(&vec![0; 300 << 20]);
    let run = |bytes: &[u8]| {
        fs::write(folder.path().join("it"), bytes).unwrap();
        run(folder.path(), ["show", "it"], b"")
    };
    for bomb in [zeros.clone(), gzip(&zeros), archive(&vec![0; 300 << 20])] {
        let ended = run(&bomb);
        assert_eq!(ended.status, Some(2), "{ended:?}");
        assert!(ended.errors.contains("(--limit unpacked raises the limit)"), "{ended:?}");
    }
    // A member that says that it is small.
    let mut lying = archive(&vec![0; 300 << 20]);
    let place = memchr::memmem::rfind(&lying, b"PK\x01\x02").unwrap();
    lying[place + 24..place + 28].copy_from_slice(&100_u32.to_le_bytes());
    assert_eq!(run(&lying).status, Some(2));
}

/// An archive with a member that shrinks well.
fn archive(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;

    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    writer.start_file("archive/data.pkl", options).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn an_endless_file_ends() {
    let folder = Folder::new("endless");
    if !Path::new("/dev/zero").exists() {
        return;
    }
    let ended = run(folder.path(), ["show", "/dev/zero", "--limit", "input=100M"], b"");
    assert_eq!(ended.status, Some(2));
    assert!(ended.errors.contains("--limit input raises the limit"), "{ended:?}");
    // Without one there is still a limit: memory.
    let ended = run(folder.path(), ["show", "/dev/zero", "--no-limits"], b"");
    assert_eq!(ended.status, Some(2));
    assert!(ended.errors.contains("not enough memory"), "{ended:?}");
}
