//! Kills a writer again and again: nothing that a store has acknowledged is lost.
//!
//! `HALFSOUR_KILLS` says how many kills each engine gets, 12 if it is not set; an argument says which engines (a part of their
//! name), all if there is none. The writer is this program itself.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use halfsour_shelve::{Engine, Flag, Op, Scan, StoreOptions};

#[allow(dead_code, reason = "each test binary uses its part")]
#[path = "common/directory.rs"]
mod directory;
use directory::{Directory, engines};

/// How many keys take turns.
const KEYS: u64 = 50;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, mode, path, first] = arguments.as_slice()
        && mode == "write"
    {
        write(Path::new(path), first.parse().expect("a number"));
    }
    let kills = std::env::var("HALFSOUR_KILLS").ok().and_then(|it| it.parse().ok()).unwrap_or(12);
    let wanted = arguments.get(1).filter(|argument| !argument.starts_with('-'));
    let is_wanted =
        |engine: &Engine| wanted.is_none_or(|wanted| format!("{engine:?}").contains(wanted));
    for engine in engines().into_iter().filter(is_wanted) {
        let directory = Directory::new("kill");
        let acknowledged = kill_writers(engine, &directory.file("store"), kills);
        println!("kill {engine:?}: {kills} kills, {acknowledged} acknowledged writes, none lost");
    }
}

/// The value of a write: its number, and as many bytes as make it span blocks.
fn value(number: u64) -> Vec<u8> {
    let mut value = number.to_string().into_bytes();
    value.resize(20 + (number * 97 % 1300) as usize, b'.');
    value
}

/// Writes until killed, and says what is acknowledged. Every seventh write is a batch of all keys but one, which it
/// deletes; after every fifth the files are tidied.
fn write(path: &Path, first: u64) -> ! {
    let mut store = StoreOptions::new().open(path, Flag::Write).expect("the store opens");
    let mut out = std::io::stdout().lock();
    for number in first.. {
        store.apply(&batch(number)).expect("the store writes");
        if number.is_multiple_of(5) {
            store.sync().expect("the store syncs");
        }
        writeln!(out, "{number}").and_then(|()| out.flush()).expect("the parent reads");
    }
    unreachable!("numbers do not end")
}

fn key(number: u64) -> Vec<u8> {
    format!("key {number}").into_bytes()
}

fn batch(number: u64) -> Vec<Op> {
    if !number.is_multiple_of(7) {
        return vec![Op::put(key(number % KEYS), value(number))];
    }
    let all = (0..KEYS).filter(|other| *other != number % KEYS);
    let puts = all.map(|other| Op::put(key(other), value(number)));
    puts.chain([Op::delete(key(number % KEYS))]).collect()
}

fn kill_writers(engine: Engine, path: &Path, kills: u64) -> u64 {
    let options = StoreOptions::new().engine(engine);
    options.open(path, Flag::Create).and_then(|mut store| store.close()).expect("it is made");
    let mut model = std::collections::BTreeMap::new();
    let mut next = 1;
    for kill in 0..kills {
        let this = std::env::current_exe().expect("this program has a path");
        let mut writer = Command::new(this)
            .args(["write".as_ref(), path.as_os_str(), next.to_string().as_ref()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the writer starts");
        let output = writer.stdout.take().expect("the writer has an output");
        // What is in the pipe when it is killed is acknowledged too.
        for (count, line) in (0_u64..).zip(BufReader::new(output).lines()) {
            let number: u64 = line.expect("the writer's words are text").parse().expect("a number");
            change(&mut model, number);
            next = number + 1;
            if count == 20 + kill * 13 % 60 {
                writer.kill().expect("the writer is killed");
            }
        }
        writer.wait().expect("the writer ends");
        check(path, &mut model, &mut next);
    }
    next - 1
}

type Model = std::collections::BTreeMap<Vec<u8>, Vec<u8>>;

fn change(model: &mut Model, number: u64) {
    for op in batch(number) {
        match op {
            Op::Put { key, value } => model.insert(key, value),
            Op::Delete { key } => model.remove(&key),
        };
    }
}

/// Opens what the kill has left. The write at work may be there, as a whole.
fn check(path: &Path, model: &mut Model, next: &mut u64) {
    let mut store = StoreOptions::new().open(path, Flag::Write).expect("the store opens again");
    let page = store.scan(&Scan::all()).expect("the store reads");
    let found: Model = page.items.into_iter().collect();
    if &found != model {
        change(model, *next);
        *next += 1;
        assert!(&found == model, "after write {}: what was acknowledged is lost", *next - 1);
    }
    store.close().expect("it closes");
}
