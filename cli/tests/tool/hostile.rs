//! Hostile files: those of `tests/denial`, and what compression makes possible. The tool runs within 1 GiB of address space
//! and 20 seconds of the processor.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use halfsour::shelve::{Engine, Flag, StoreOptions};

use crate::child::{READING, each, run, run_on};
use crate::files::hostile;
use crate::fixtures::{Folder, gzip};

#[test]
fn hostile_files_deny_nothing() {
    let folder = Folder::new("hostile");
    let (wrong, slowest) = (Mutex::new(Vec::new()), Mutex::new((Duration::ZERO, String::new())));
    each(&hostile(), |number, hostile| {
        let file = number.to_string();
        fs::write(folder.path().join(&file), &hostile.bytes).unwrap();
        for command in READING {
            let began = Instant::now();
            let ended = run_on(folder.path(), command, &file);
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

/// Shelves with a few bytes changed: every command ends, as with any other file.
#[test]
fn damaged_shelves_deny_nothing() {
    let folder = Folder::new("damaged");
    let engines = [Engine::Redb, Engine::Dumb, Engine::Sqlite, Engine::Gdbm, Engine::Berkeley];
    let wrong = Mutex::new(Vec::new());
    each(&engines, |_, engine| {
        let name = format!("{engine:?}");
        let sound = fill(&folder.path().join(format!("{name}.sound")), *engine);
        for seed in 0..30_u64 {
            let files: Vec<PathBuf> = sound
                .iter()
                .map(|(ending, bytes)| {
                    let file = folder.path().join(format!("{name}{ending}"));
                    fs::write(&file, damaged(bytes, seed)).unwrap();
                    file
                })
                .collect();
            for command in [["shelf", "list"], ["shelf", "check"]] {
                let ended = run(folder.path(), command.iter().copied().chain([name.as_str()]), b"");
                if let Some(fault) = ended.fault() {
                    let what = format!("{name} {seed}: {}: {fault}", command.join(" "));
                    wrong.lock().unwrap().push(what);
                }
            }
            files.iter().for_each(|file| fs::remove_file(file).unwrap());
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Makes a shelf, and returns its files: what each adds to the name, and its bytes.
fn fill(path: &Path, engine: Engine) -> Vec<(String, Vec<u8>)> {
    let mut store = StoreOptions::new().engine(engine).open(path, Flag::New).unwrap();
    for number in 0..40 {
        let value = format!("(lp0\nI{number}\naS'{}'\np1\na.", "salt".repeat(number));
        store.put(format!("key {number}").as_bytes(), value.as_bytes()).unwrap();
    }
    store.close().unwrap();
    let endings = ["", ".dat", ".dir"].into_iter();
    let read = |ending: &str| {
        let file = PathBuf::from(format!("{}{ending}", path.display()));
        Some((ending.to_owned(), fs::read(file).ok()?))
    };
    endings.filter_map(read).collect()
}

/// Bytes of which some are others, most of them near the beginning.
fn damaged(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for _ in 0..=seed % 4 {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let span = if random >> 62 == 0 { bytes.len() } else { bytes.len().min(5000) };
        let place = (random >> 33) as usize % span;
        bytes[place] = (random >> 17) as u8;
    }
    bytes
}
