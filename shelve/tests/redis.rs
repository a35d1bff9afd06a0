//! A shelf on a Redis Cluster, where `redis-server` and `redis-cli` are installed; elsewhere these tests say that they skip.

#![cfg(feature = "redis")]

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use halfsour_runtime::{Dialect, List, Runtime, Value, exc};
use halfsour_shelve::{
    Commit, Durability, ErrorKind, Flag, MemoryStore, Op, RedisOptions, RedisStore, Scan, Shelf,
    ShelfOptions, Store, copy_entries,
};

#[allow(dead_code, reason = "each test binary uses its part")]
#[path = "common/cluster.rs"]
mod cluster;
use cluster::Cluster;

/// The cluster that the tests share which leave it as it is.
fn shared() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::start("redis")).as_ref()
}

fn open(cluster: &Cluster, name: &str, flag: Flag) -> RedisStore {
    RedisOptions::new(cluster.urls()).open(name, flag).expect("the shelf opens")
}

/// Returns every entry, and checks that none came twice.
fn entries(store: &dyn Store, max: usize) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut entries = BTreeMap::new();
    let mut scan = Scan { max, ..Scan::all() };
    loop {
        let page = store.scan(&scan).expect("the store scans");
        assert!(page.items.len() <= max);
        for (key, value) in page.items {
            assert!(entries.insert(key, value).is_none(), "a key came twice");
        }
        match page.next {
            Some(next) => scan.after = Some(next),
            None => return entries,
        }
    }
}

/// Returns two keys that lie in different hashes, and one that shares the first one's.
fn related(store: &mut RedisStore) -> [Vec<u8>; 3] {
    let key = |number: u32| format!("key {number}").into_bytes();
    let together = |store: &mut RedisStore, other: u32| {
        store.apply(&[Op::delete(key(0)), Op::delete(key(other))]).is_ok()
    };
    let near = (1..).find(|&other| together(store, other)).expect("numbers do not end");
    let far = (1..).find(|&other| !together(store, other)).expect("numbers do not end");
    [key(0), key(far), key(near)]
}

#[test]
fn it_agrees_with_a_model() {
    let Some(cluster) = shared() else { return };
    let mut number = 7_u64;
    let mut below = |bound: u64| {
        number =
            number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) % bound
    };
    let mut model: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    for parts in [1, 7, 1024] {
        let name = format!("model {parts}");
        let options = RedisOptions::new(cluster.urls()).parts(parts);
        drop(options.open(&name, Flag::Create).expect("it is made"));
        model.clear();
        for round in 0..4 {
            // How many parts there are is known from then on.
            let mut store = open(cluster, &name, Flag::Create);
            for _ in 0..20 {
                let op = |number: u64, size: u64| match number % 3 {
                    0 => Op::delete([(number % 50) as u8, b'\0']),
                    _ => Op::put([(number % 50) as u8, b'\0'], vec![number as u8; size as usize]),
                };
                let batch: Vec<Op> = (0..below(9)).map(|_| op(below(1000), below(400))).collect();
                store.apply_each(&batch).expect("it writes");
                for op in batch {
                    match op {
                        Op::Put { key, value } => model.insert(key, value),
                        Op::Delete { key } => model.remove(&key),
                    };
                }
                assert_eq!(entries(&store, 1 + below(9) as usize), model);
                assert_eq!(store.len().expect("it counts"), model.len() as u64);
                let key = [below(50) as u8, b'\0'];
                assert_eq!(store.get(&key).expect("it reads").as_ref(), model.get(&key[..]));
                assert_eq!(store.contains(&key).expect("it reads"), model.contains_key(&key[..]));
            }
            if round == 2 {
                store.clear().expect("it is emptied");
                model.clear();
            }
            store.sync().expect("it syncs");
            store.close().expect("it closes");
            store.close().expect("closing twice is harmless");
            assert_eq!(store.get(b"k").map_err(|error| error.kind()), Err(ErrorKind::Closed));
        }
    }
}

#[test]
fn flags_say_what_may_be_there() {
    let Some(cluster) = shared() else { return };
    let options = RedisOptions::new(cluster.urls());
    for flag in [Flag::Read, Flag::Write] {
        let error = options.open("flags", flag).expect_err("there is none");
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.path(), Some("flags".as_ref()));
    }
    // It is there from then on, though it is empty.
    open(cluster, "flags", Flag::Create).close().expect("it closes");
    open(cluster, "flags", Flag::Write).put(b"dill", b"3").expect("it writes");
    let mut reader = open(cluster, "flags", Flag::Read);
    assert_eq!(reader.get(b"dill").expect("it reads"), Some(b"3".to_vec()));
    for batch in [vec![Op::delete("dill")], vec![Op::delete("dill"), Op::delete("salt")]] {
        let refused = reader.apply_each(&batch).expect_err("it is read only");
        assert_eq!(refused.kind(), ErrorKind::ReadOnly);
    }
    assert_eq!(reader.clear().map_err(|error| error.kind()), Err(ErrorKind::ReadOnly));
    assert_eq!(open(cluster, "flags", Flag::Create).len().expect("it counts"), 1);
    assert_eq!(open(cluster, "flags", Flag::New).len().expect("it counts"), 0);
    // Names that could be taken for parts of one another.
    open(cluster, "flags}", Flag::New).put(b"dill", b"4").expect("it writes");
    open(cluster, "0/flags", Flag::New).put(b"dill", b"5").expect("it writes");
    assert_eq!(open(cluster, "flags", Flag::Read).len().expect("it counts"), 0);
    assert_eq!(open(cluster, "flags}", Flag::Read).len().expect("it counts"), 1);
}

#[test]
fn what_is_no_shelf_is_refused() {
    let Some(cluster) = shared() else { return };
    cluster.cli(0, &["-c", "SET", "{/taken}", "something else"]);
    let error = RedisOptions::new(cluster.urls()).open("taken", Flag::Create).expect_err("it is");
    assert_eq!(error.kind(), ErrorKind::UnknownFormat);
    let ports = (1..20).map(|port| format!("redis://127.0.0.1:{port}"));
    let error = RedisOptions::new(ports).open("jars", Flag::Read).expect_err("nobody listens");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.kind().is_retryable());
    let error = RedisOptions::new(["no url"]).open("jars", Flag::Read).expect_err("it is no URL");
    assert_eq!(error.kind(), ErrorKind::Io);
}

#[test]
fn only_keys_of_one_hash_change_together() {
    let Some(cluster) = shared() else { return };
    let mut store = open(cluster, "together", Flag::New);
    let [one, far, near] = related(&mut store);
    let batch = [Op::put(&one, "1"), Op::put(&near, "2"), Op::delete(&one), Op::put(&near, "3")];
    store.apply(&batch).expect("they lie in one hash");
    assert_eq!(entries(&store, 9), BTreeMap::from([(near.clone(), b"3".to_vec())]));
    let error = store.apply(&[Op::put(&one, "1"), Op::put(&far, "2")]).expect_err("they do not");
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(store.len().expect("it counts"), 1);
    store.apply_each(&[Op::put(&one, "1"), Op::put(&far, "2")]).expect("one by one they are set");
    assert_eq!(store.len().expect("it counts"), 3);
}

#[test]
fn a_shelf_has_no_transactions_but_all_else() {
    let Some(cluster) = shared() else { return };
    let shelf = |options: ShelfOptions, flag| options.over(open(cluster, "shelf", flag));
    let mut runtime = Runtime::new(Dialect::Python3);
    runtime
        .try_enter(|ctx| {
            let mut plain = shelf(ShelfOptions::new(), Flag::New);
            let refused = plain.transaction(ctx, |_| -> halfsour_runtime::Result<'_, ()> {
                unreachable!("work is not begun that cannot be undone")
            });
            let error = refused.expect_err("it cannot");
            assert!(error.is(ctx, &exc::IO_ERROR));
            assert!(error.message(ctx).contains("cannot change several keys together"));
            let entries = (0..100).map(|number| (format!("key {number}"), Value::Int(number)));
            plain.update(ctx, entries)?;
            assert_eq!(plain.len(ctx)?, 100);
            assert_eq!(plain.pop(ctx, "key 7")?.map(|found| found.is(Value::Int(7))), Some(true));
            plain.clear(ctx)?;
            assert!(plain.is_empty(ctx)?);
            plain.close(ctx)?;

            let mut kept = shelf(ShelfOptions::new().writeback(true), Flag::Write);
            for key in ["dill", "mint", "salt"] {
                kept.set(ctx, key, List::new(ctx).into())?;
                kept.get_item(ctx, key)?.call_method(ctx, "append", (3,))?;
            }
            kept.close(ctx)?;

            let mut deferred = shelf(ShelfOptions::new().commit(Commit::Deferred), Flag::Write);
            assert_eq!(deferred.get_item(ctx, "mint")?.len(ctx)?, 1);
            deferred.set(ctx, "dill", Value::Int(4))?;
            deferred.set(ctx, "bay", Value::Int(5))?;
            deferred.delete(ctx, "salt")?;
            let mut keys = deferred.keys(ctx)?;
            keys.sort_unstable();
            assert_eq!(keys, [&b"bay"[..], b"dill", b"mint"]);
            assert_eq!(deferred.len(ctx)?, 3);
            assert_eq!(open(cluster, "shelf", Flag::Read).len().ok(), Some(3));
            assert!(deferred.store().contains(b"salt").expect("it reads"), "that is not written");
            deferred.close(ctx)
        })
        .expect("the shelf works");
    let mut store = open(cluster, "shelf", Flag::Read);
    let keys: Vec<Vec<u8>> = entries(&store, 64).into_keys().collect();
    assert_eq!(keys, [&b"bay"[..], b"dill", b"mint"]);
    store.close().expect("it closes");
}

#[test]
fn entries_go_to_other_stores_and_back() {
    let Some(cluster) = shared() else { return };
    let mut memory = MemoryStore::new();
    for number in 0..3000_u32 {
        memory.put(&number.to_be_bytes(), &vec![b'.'; number as usize % 900]).expect("it writes");
    }
    memory.put(b"large", &vec![b'.'; 20 << 20]).expect("it writes");
    let mut store = open(cluster, "copy", Flag::New);
    assert_eq!(copy_entries(&memory, &mut store).expect("it copies"), 3001);
    let mut back = MemoryStore::new();
    assert_eq!(copy_entries(&store, &mut back).expect("it copies"), 3001);
    assert_eq!(entries(&back, 256), entries(&memory, 256));
}

#[test]
fn settings_that_lose_entries_are_refused() {
    let Some(cluster) = Cluster::start("settings") else { return };
    let options = RedisOptions::new(cluster.urls());
    let refused = |options: &RedisOptions, setting: &str| {
        let error = options.open("jars", Flag::Create).expect_err("it is refused");
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains(setting), "{error}");
    };
    // One node of three is enough.
    cluster.cli(1, &["CONFIG", "SET", "appendfsync", "everysec"]);
    refused(&options, "appendfsync everysec");
    options.clone().durability(Durability::Unchecked).open("jars", Flag::Create).expect("it opens");
    cluster.cli(1, &["CONFIG", "SET", "appendonly", "no"]);
    refused(&options, "appendonly no");
    refused(&options.clone().durability(Durability::Replicas(1)), "appendonly no");
    cluster.cli(1, &["CONFIG", "SET", "appendonly", "yes"]);
    cluster.cli(1, &["CONFIG", "SET", "appendfsync", "always"]);
    cluster.cli(2, &["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
    refused(&options, "maxmemory-policy allkeys-lru");
    refused(&options.clone().durability(Durability::Unchecked), "maxmemory-policy allkeys-lru");
    options.clone().allow_eviction(true).open("jars", Flag::Create).expect("it opens");
    cluster.cli(2, &["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    options.open("jars", Flag::Write).expect("it opens");
    // There are no replicas that could have it.
    let replicas = options.timeout(Duration::from_secs(1)).durability(Durability::Replicas(1));
    let error = replicas.open("jars", Flag::Create).expect_err("nobody has it");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("0 of 1 replicas"), "{error}");
}

#[test]
fn one_server_does_too() {
    let Some(cluster) = Cluster::start_single("single") else { return };
    let mut store = open(&cluster, "jars", Flag::New);
    store.apply_each(&[Op::put("dill", "3"), Op::put("salt", "4")]).expect("it writes");
    assert_eq!(store.len().expect("it counts"), 2);
    assert_eq!(entries(&store, 1).len(), 2);
}

/// While a slot moves, keys of it are on either side; then all are on the other.
#[test]
fn it_follows_slots_that_move() {
    let Some(cluster) = Cluster::start("moving") else { return };
    let mut store =
        RedisOptions::new(cluster.urls()).parts(1).open("jars", Flag::New).expect("it opens");
    store.put(b"dill", b"3").expect("it writes");
    let slot = cluster.cli(0, &["CLUSTER", "KEYSLOT", "{0/jars}"]).trim().to_owned();
    let has = |node: &usize| cluster.cli(*node, &["EXISTS", "{0/jars}"]).trim() == "1";
    let from = (0..3).find(has).expect("a node has it");
    let to = (from + 1) % 3;
    let id = |node| cluster.cli(node, &["CLUSTER", "MYID"]).trim().to_owned();
    cluster.cli(to, &["CLUSTER", "SETSLOT", &slot, "IMPORTING", &id(from)]);
    cluster.cli(from, &["CLUSTER", "SETSLOT", &slot, "MIGRATING", &id(to)]);
    assert_eq!(store.get(b"dill").expect("it reads"), Some(b"3".to_vec()));
    let port = cluster.port(to).to_string();
    cluster.cli(from, &["MIGRATE", "127.0.0.1", &port, "{0/jars}", "0", "5000"]);
    // The old node says ASK.
    assert_eq!(store.get(b"dill").expect("it reads"), Some(b"3".to_vec()));
    store.apply_each(&[Op::put("salt", "4"), Op::put("mint", "5")]).expect("it writes");
    assert_eq!(entries(&store, 9).len(), 3);
    for node in [to, from, 3 - from - to] {
        cluster.cli(node, &["CLUSTER", "SETSLOT", &slot, "NODE", &id(to)]);
    }
    // And now MOVED.
    store.apply(&[Op::put("dill", "6"), Op::delete("mint")]).expect("it writes");
    assert_eq!(entries(&store, 9).len(), 2);
}

/// A node that neither answers nor refuses costs the timeout, and no more.
#[cfg(unix)]
#[test]
fn a_node_that_hangs_is_given_up() {
    let Some(cluster) = Cluster::start("hanging") else { return };
    let options = RedisOptions::new(cluster.urls()).timeout(Duration::from_millis(500));
    let mut store = options.open("jars", Flag::New).expect("it opens");
    let keys: Vec<String> = (0..100).map(|number| format!("key {number}")).collect();
    for key in &keys {
        store.put(key.as_bytes(), b"3").expect("it writes");
    }
    let info = cluster.cli(1, &["INFO", "server"]);
    let id = info.lines().find_map(|line| line.strip_prefix("process_id:")).expect("it has one");
    let signal = |signal: &str| {
        let sent = std::process::Command::new("kill").args([signal, id.trim()]).status();
        assert!(sent.expect("kill runs").success());
    };
    signal("-STOP");
    let (mut answered, mut refused) = (0, 0);
    for key in &keys {
        let start = Instant::now();
        match store.get(key.as_bytes()) {
            Ok(value) => {
                assert_eq!(value, Some(b"3".to_vec()));
                answered += 1;
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Unavailable);
                assert_eq!(error.key(), Some(key.as_bytes()));
                refused += 1;
            }
        }
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
        if answered > 0 && refused > 2 {
            break;
        }
    }
    assert!(answered > 0 && refused > 0, "{answered} answered, {refused} refused");
    signal("-CONT");
    for key in &keys {
        assert_eq!(store.get(key.as_bytes()).expect("it is back"), Some(b"3".to_vec()));
    }
}

/// What a writer does while a node is killed and started again.
#[test]
fn nothing_acknowledged_is_lost_when_a_node_is_killed() {
    const ENTRIES: u64 = 100_000;
    let Some(mut cluster) = Cluster::start("killed") else { return };
    let mut runtime = Runtime::new(Dialect::Python3);
    let mut shelf = ShelfOptions::new().over(open(&cluster, "jars", Flag::New));
    let key = |number: u64| format!("jar {number}");
    let mut model: Vec<i64> = Vec::new();
    runtime
        .try_enter(|ctx| {
            let start = Instant::now();
            for first in (0..ENTRIES).step_by(5000) {
                let numbers = first..first + 5000;
                shelf
                    .update(ctx, numbers.map(|number| (key(number), Value::Int(number as i64))))?;
            }
            println!("{ENTRIES} entries took {:?}", start.elapsed());
            assert_eq!(shelf.len(ctx)?, ENTRIES);
            Ok(())
        })
        .expect("the shelf is filled");
    model.extend(0..ENTRIES as i64);
    // What was not acknowledged may be there, too.
    let mut maybe: BTreeMap<u64, Vec<i64>> = BTreeMap::new();
    let (mut acknowledged, mut refused) = (0_u64, 0_u64);
    let mut next = 0_i64;
    let mut write = |shelf: &mut Shelf, model: &mut Vec<i64>, count: u64| {
        let (before, before_refused) = (acknowledged, refused);
        for _ in 0..count {
            next += 1;
            let number = (next as u64 * 7919) % ENTRIES;
            let value = -next;
            let done = runtime.enter(|ctx| {
                let done = shelf.set(ctx, key(number), Value::Int(value));
                done.map_err(|error| {
                    assert!(error.is(ctx, &exc::IO_ERROR), "{error:?}");
                    let message = error.message(ctx);
                    assert!(message.starts_with("the server is not available: "), "{message}");
                    let place = error.location().and_then(|location| location.path.clone());
                    assert_eq!(place, Some(format!("jars['{}']", key(number))));
                })
            });
            match done {
                Ok(()) => {
                    model[number as usize] = value;
                    maybe.remove(&number);
                    acknowledged += 1;
                }
                Err(()) => {
                    maybe.entry(number).or_default().push(value);
                    refused += 1;
                }
            }
        }
        (acknowledged - before, refused - before_refused)
    };
    for node in 0..3 {
        assert_eq!(write(&mut shelf, &mut model, 500), (500, 0));
        let writing = std::thread::scope(|scope| {
            let kill = scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(30));
                cluster.kill(node);
            });
            let mut written = (0, 0);
            while !kill.is_finished() {
                let (answered, refused) = write(&mut shelf, &mut model, 20);
                written = (written.0 + answered, written.1 + refused);
            }
            written
        });
        assert!(writing.0 > 0);
        // Before and after the others know that it is gone.
        for pause in [0, 4] {
            std::thread::sleep(Duration::from_secs(pause));
            let (answered, refused) = write(&mut shelf, &mut model, 60);
            assert!(answered > 20, "keys of other nodes work: {answered}");
            assert!(refused > 5, "keys of the dead node raise: {refused}");
        }
        std::thread::scope(|scope| {
            let restart = scope.spawn(|| cluster.restart(node));
            while !restart.is_finished() {
                write(&mut shelf, &mut model, 20);
            }
        });
        assert_eq!(
            write(&mut shelf, &mut model, 500),
            (500, 0),
            "it is back, the shelf is the same"
        );
    }
    println!("3 kills: {acknowledged} writes acknowledged, {refused} refused");
    runtime
        .try_enter(|ctx| {
            let mut walk = halfsour_shelve::Walk::all();
            let mut seen = 0;
            while let Some((found, value)) = walk.next_item(ctx, &mut shelf)? {
                let found = String::from_utf8(found).expect("it is text");
                let number: u64 = found["jar ".len()..].parse().expect("it is a number");
                let value: i64 = value.to(ctx)?;
                let expected = model[number as usize];
                let other = maybe.get(&number).is_some_and(|values| values.contains(&value));
                assert!(value == expected || other, "{found}: {value} instead of {expected}");
                seen += 1;
            }
            assert_eq!(seen, ENTRIES);
            shelf.close(ctx)
        })
        .expect("every entry is there");
}
