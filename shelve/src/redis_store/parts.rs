//! The parts of a shelf: hashes that are spread over the cluster, and the header that says how many there are.

use std::collections::HashMap;

use redis::{Cmd, cmd};

use super::cluster::Request;
use super::slots::slot_of;
use crate::store::Op;

/// What a shelf is called in the cluster. The hash of part 7 of the shelf `jars` is `{7/jars}`, its header `{/jars}`.
#[derive(Debug)]
pub(super) struct Parts {
    header: Hash,
    parts: Vec<Hash>,
}

#[derive(Debug)]
struct Hash {
    key: String,
    slot: u16,
}

impl Hash {
    fn new(braced: &str) -> Self {
        // A brace in the name of the shelf ends what counts.
        let counted = braced.split('}').next().unwrap_or(braced);
        Self { key: format!("{{{braced}}}"), slot: slot_of(counted.as_bytes()) }
    }

    fn request(&self, name: &str, arguments: &[&[u8]]) -> Request {
        let mut command = cmd(name);
        command.arg(&self.key).arg(arguments);
        Request { slot: self.slot, command }
    }
}

impl Parts {
    /// Returns the names for a shelf of so many parts.
    pub(super) fn new(name: &str, count: u16) -> Self {
        let parts = (0..count).map(|part| Hash::new(&format!("{part}/{name}"))).collect();
        Self { header: Hash::new(&format!("/{name}")), parts }
    }

    pub(super) fn count(&self) -> u16 {
        self.parts.len() as u16
    }

    /// Returns the part of a key, by its hash (FNV-1a).
    pub(super) fn of(&self, key: &[u8]) -> u16 {
        let hash = key.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        (hash % self.parts.len() as u64) as u16
    }

    /// Returns a command on the header.
    pub(super) fn header(&self, name: &str, arguments: &[&[u8]]) -> Request {
        self.header.request(name, arguments)
    }

    /// Returns a command on a part.
    pub(super) fn part(&self, part: u16, name: &str, arguments: &[&[u8]]) -> Request {
        self.parts[usize::from(part)].request(name, arguments)
    }

    /// Returns a command on the part of a key.
    pub(super) fn key(&self, name: &str, key: &[u8]) -> Request {
        self.part(self.of(key), name, &[key])
    }

    /// Returns the command that makes a change.
    pub(super) fn change(&self, op: &Op) -> Request {
        match op {
            Op::Put { key, value } => self.part(self.of(key), "HSET", &[key, value]),
            Op::Delete { key } => self.key("HDEL", key),
        }
    }

    /// Returns the command that makes changes of one part together.
    pub(super) fn changes(&self, part: u16, batch: &[Op]) -> Request {
        const SCRIPT: &str = "for i = 1, #ARGV, 3 do \
            if ARGV[i] == 'put' then redis.call('HSET', KEYS[1], ARGV[i + 1], ARGV[i + 2]) \
            else redis.call('HDEL', KEYS[1], ARGV[i + 1]) end end";
        let Hash { key, slot } = &self.parts[usize::from(part)];
        let mut command: Cmd = cmd("EVAL");
        command.arg(SCRIPT).arg(1).arg(key);
        for op in batch {
            match op {
                Op::Put { key, value } => command.arg("put").arg(key).arg(value),
                Op::Delete { key } => command.arg("delete").arg(key).arg(""),
            };
        }
        Request { slot: *slot, command }
    }
}

/// Returns the last change of each key. Only those count, and so it does not matter when one is made twice.
pub(super) fn last_changes(batch: &[Op]) -> Vec<&Op> {
    let last: HashMap<&[u8], usize> =
        batch.iter().enumerate().map(|(at, op)| (op.key(), at)).collect();
    let is_last = |(at, op): &(usize, &Op)| last.get(op.key()) == Some(at);
    batch.iter().enumerate().filter(is_last).map(|(_, op)| op).collect()
}
