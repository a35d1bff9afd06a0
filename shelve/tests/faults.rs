//! Faults of the world: full disks, locks of other processes, directories that are only read, half of a file.
//!
//! This program runs itself for what needs another process. A full disk is a limit on the size of files, by the shell's
//! `ulimit`; a directory that is only read needs a user whom permissions bind.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use halfsour_shelve::{Engine, ErrorKind, Flag, Op, Scan, Store, StoreOptions};

#[allow(dead_code, reason = "each test binary uses its part")]
#[path = "common/directory.rs"]
mod directory;
use directory::{Directory, engines};

/// A test and its name.
type Test = (&'static str, fn(Engine));

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, mode, path] = arguments.as_slice() {
        match mode.as_str() {
            "hold" => return hold(Path::new(path)),
            "fill" => return fill(Path::new(path)),
            "forbidden" => return forbidden(Path::new(path)),
            _ => {}
        }
    }
    let tests: [Test; 5] = [
        ("a_store_that_another_process_has_is_locked", locked_by_another_process),
        ("a_full_disk_loses_nothing_that_was_committed", full_disk),
        ("a_directory_that_is_only_read_is_an_error", read_only_directory),
        ("a_file_that_is_cut_off_is_an_error_or_opens", truncated),
        ("a_foreign_file_is_refused_and_left_alone", foreign),
    ];
    for (name, test) in tests {
        for engine in engines() {
            println!("test {name} {engine:?} ...");
            test(engine);
        }
    }
}

fn open(path: &Path, flag: Flag) -> halfsour_shelve::StoreResult<Box<dyn Store>> {
    StoreOptions::new().open(path, flag)
}

fn make(path: &Path, engine: Engine) {
    let mut store = StoreOptions::new().engine(engine).open(path, Flag::New).expect("it is made");
    store.put(b"dill", b"3").expect("it writes");
    store.put(b"salt", b"4").expect("it writes");
    store.close().expect("it closes");
}

fn check(path: &Path, flag: Flag) {
    let store = open(path, flag).expect("it opens");
    assert_eq!(store.get(b"dill").expect("it reads"), Some(b"3".to_vec()));
    assert_eq!(store.get(b"salt").expect("it reads"), Some(b"4".to_vec()));
}

/// Runs this program in another mode, by a shell that does something before.
fn run_self(before: &str, mode: &str, path: &Path) -> Command {
    let this = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{before}exec \"$0\" \"$@\"")).arg(this).arg(mode).arg(path);
    command.stdout(Stdio::piped()).stdin(Stdio::piped());
    command
}

/// Has a store open until its input ends.
fn hold(path: &Path) {
    let mut store = open(path, Flag::Write).expect("it opens");
    if store.caps().ordered && std::fs::read(path).is_ok_and(|it| it.starts_with(b"SQLite")) {
        // SQLite locks while it writes: a journal in the way of another's.
        let _ = store.put(b"held", b"1");
    }
    println!("held");
    let _ = std::io::stdout().flush();
    let _ = std::io::stdin().lines().next();
}

fn locked_by_another_process(engine: Engine) {
    let directory = Directory::new("locked");
    let path = directory.file("store");
    make(&path, engine);
    let mut holder = run_self("", "hold", &path).spawn().expect("it starts");
    let mut said = String::new();
    let output = holder.stdout.take().expect("it has an output");
    BufReader::new(output).read_line(&mut said).expect("it speaks");
    assert_eq!(said.trim(), "held");
    for flag in [Flag::Read, Flag::Write, Flag::Create, Flag::New] {
        match open(&path, flag) {
            // Several processes may have SQLite's file open.
            Ok(_) if is_shared(engine) => {}
            Ok(_) => panic!("{engine:?} {flag:?}: it is locked"),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Locked, "{engine:?} {flag:?}: {error}");
                assert_eq!(error.path(), Some(path.as_path()));
            }
        }
        if is_shared(engine) && flag == Flag::Create {
            break;
        }
    }
    drop(holder.stdin.take());
    holder.wait().expect("it ends");
    check(&path, Flag::Write);
}

/// Whether several processes may have a file of the engine open.
fn is_shared(engine: Engine) -> bool {
    format!("{engine:?}") == "Sqlite"
}

/// Writes until it cannot, and says what is acknowledged.
fn fill(path: &Path) {
    let mut store = open(path, Flag::Write).expect("it opens");
    for number in 0..10_000_u32 {
        let value = vec![b'.'; 3000];
        let key = format!("key {number}");
        let batch = [Op::put(&key, &value), Op::put(format!("{key} too"), &value)];
        match store.apply(if number % 2 == 0 { &batch } else { &batch[..1] }) {
            Ok(()) => println!("{number}"),
            Err(error) => {
                println!("{:?} {error}", error.kind());
                // What is there can still be read, and the store be closed or not.
                assert!(number == 0 || store.get(b"key 0").is_ok_and(|it| it == Some(value)));
                drop(store.close());
                return;
            }
        }
    }
    println!("never full");
}

fn full_disk(engine: Engine) {
    if cfg!(not(unix)) {
        println!("skipped: there is no ulimit");
        return;
    }
    let directory = Directory::new("full");
    let path = directory.file("store");
    make(&path, engine);
    let size: u64 =
        ["", ".dat", "-wal"].iter().map(|suffix| length(&path, suffix)).max().unwrap_or(0);
    // In blocks of 512 bytes. A file that would get larger is an error, since the signal is ignored.
    let limit = size / 512 + 700;
    let shell = format!("trap '' XFSZ; ulimit -f {limit} || exit 77; ");
    let output = run_self(&shell, "fill", &path).stderr(Stdio::piped()).output().expect("it runs");
    if output.status.code() == Some(77) {
        println!("skipped: ulimit cannot limit files");
        return;
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{engine:?}: {said}{complaint}");
    let lines: Vec<&str> = said.lines().collect();
    let (last, acknowledged) = lines.split_last().expect("it says something");
    assert!(last.starts_with("Io "), "{engine:?}: {last}");
    assert!(acknowledged.len() > 2, "{engine:?}: {said}");
    // The disk has room again: all that was acknowledged is there, and of the last batch all or nothing.
    check(&path, Flag::Write);
    let mut store = open(&path, Flag::Write).expect("it opens");
    for number in 0..acknowledged.len() {
        let there = |key: String| store.contains(key.as_bytes()).expect("it reads");
        assert!(there(format!("key {number}")));
        assert!(number % 2 == 1 || there(format!("key {number} too")));
    }
    let count = acknowledged.len();
    let there = |key: String| store.contains(key.as_bytes()).expect("it reads");
    if count % 2 == 0 {
        assert_eq!(there(format!("key {count}")), there(format!("key {count} too")));
    }
    store.put(b"mint", b"0").expect("it writes again");
    store.close().expect("it closes");
    println!("full {engine:?}: {count} writes acknowledged, then {last}");
}

fn length(path: &Path, suffix: &str) -> u64 {
    std::fs::metadata(with(path, suffix)).map_or(0, |it| it.len())
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// Tries to make and to change stores where it may not.
fn forbidden(directory: &Path) {
    if std::fs::write(directory.join("probe"), b"").is_ok() {
        println!("skipped: permissions do not bind this user");
        return;
    }
    for engine in engines() {
        let options = StoreOptions::new().engine(engine);
        let error =
            options.open(directory.join("new"), Flag::Create).err().expect("it is forbidden");
        assert_eq!(error.kind(), ErrorKind::Io, "{engine:?}: {error}");
        assert!(error.path().is_some(), "{engine:?}: {error}");
        let path = directory.join(format!("{engine:?}"));
        if is_shared(engine) && path.exists() {
            // As in CPython: SQLite reads a file with a log only where it may write beside it.
            let error = open(&path, Flag::Read).and_then(|store| store.get(b"dill")).err();
            let error = error.expect("its log cannot be made");
            assert!([ErrorKind::ReadOnly, ErrorKind::Io].contains(&error.kind()), "{error:?}");
        } else if path.with_extension("dat").exists() || path.exists() {
            check(&path, Flag::Read);
        }
    }
    println!("forbidden");
}

fn read_only_directory(engine: Engine) {
    let directory = Directory::new("forbidden");
    let inner = directory.file("inner");
    std::fs::create_dir(&inner).expect("it is made");
    make(&inner.join(format!("{engine:?}")), engine);
    let mut permissions = std::fs::metadata(&inner).expect("it is there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&inner, permissions.clone()).expect("they are set");
    // Permissions do not bind who may do everything, so that he becomes nobody.
    let nobody = "test \"$(id -u)\" = 0 && command -v setpriv >/dev/null && \
        exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$0\" \"$@\"; ";
    let run = run_self(nobody, "forbidden", &inner).stderr(Stdio::piped()).output();
    match run {
        Ok(output) if matches!(output.status.code(), Some(0 | 101)) => {
            print!("{}", String::from_utf8_lossy(&output.stdout));
            let complaint = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{engine:?}: {complaint}");
        }
        _ => println!("skipped: this program cannot be run by another user"),
    }
    #[allow(clippy::permissions_set_readonly_false, reason = "it is deleted next")]
    permissions.set_readonly(false);
    std::fs::set_permissions(&inner, permissions).expect("they are set");
}

/// Cuts each file of a store off at many places: it is an error of a kind that says so, or opens with what there is.
fn truncated(engine: Engine) {
    let directory = Directory::new("truncated");
    let path = directory.file("store");
    make(&path, engine);
    let files = ["", ".dat", ".dir"].map(|suffix| with(&path, suffix));
    for file in files.iter().filter(|file| file.exists()) {
        let whole = std::fs::read(file).expect("it reads");
        let step = (whole.len() / 40).max(1);
        for length in (0..whole.len()).step_by(step).chain([whole.len() - 1]) {
            for flag in [Flag::Read, Flag::Write] {
                std::fs::write(file, &whole[..length]).expect("it writes");
                let read = open(&path, flag).and_then(|store| {
                    store.get(b"dill")?;
                    store.scan(&Scan::all())
                });
                if let Err(error) = read {
                    let kinds = [
                        ErrorKind::Corrupt,
                        ErrorKind::UnknownFormat,
                        ErrorKind::Unsupported,
                        ErrorKind::NeedsRepair,
                        ErrorKind::NotFound,
                        ErrorKind::Io,
                        ErrorKind::ReadOnly,
                    ];
                    assert!(kinds.contains(&error.kind()), "{engine:?} {length}: {error:?}");
                    assert_eq!(error.path(), Some(path.as_path()), "{engine:?} {length}: {error}");
                }
            }
        }
        std::fs::write(file, &whole).expect("it writes");
        check(&path, Flag::Write);
    }
}

/// Noise in the place of every file, and a directory.
fn foreign(engine: Engine) {
    let directory = Directory::new("foreign");
    let path = directory.file("store");
    make(&path, engine);
    let files = ["", ".dat", ".dir", ".db", ".pag"].map(|suffix| with(&path, suffix));
    let index = files.iter().rfind(|file| file.exists()).expect("there is a file");
    let whole = std::fs::read(index).expect("it reads");
    let noise: Vec<u8> = (0..2000_u32).map(|number| (number * 7919 / 8) as u8).collect();
    // A NAME.db that is no ndbm is anybody's file, and does not keep a new database from its name.
    let is_anybodys = engine == Engine::BerkeleyNdbm;
    let flags = [Flag::Read, Flag::Write, Flag::Create];
    for flag in flags.into_iter().filter(|&flag| !is_anybodys || flag != Flag::Create) {
        std::fs::write(index, &noise).expect("it writes");
        let error = open(&path, flag).err().expect("it is noise");
        let kinds = [
            ErrorKind::UnknownFormat,
            ErrorKind::NotFound,
            ErrorKind::Malformed,
            ErrorKind::Unsupported,
        ];
        assert!(kinds.contains(&error.kind()), "{engine:?} {flag:?}: {error:?}");
        assert_eq!(error.path(), Some(path.as_path()));
        assert_eq!(std::fs::read(index).expect("it reads"), noise, "{engine:?} {flag:?}");
    }
    std::fs::write(index, &whole).expect("it writes");
    check(&path, Flag::Write);
}
