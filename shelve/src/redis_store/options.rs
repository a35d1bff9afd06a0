//! [`RedisOptions`] and [`Durability`]: how to open a shelf on a cluster, and what its servers must promise.

use std::time::Duration;

use redis::{Value, cmd};

use super::RedisStore;
use super::cluster::Cluster;
use super::parts::Parts;
use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::options::Flag;

/// What must hold when a change is acknowledged. The settings of every master are checked when a shelf is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Durability {
    /// It is on the disk of its node: `appendonly yes`, `appendfsync always`. The default.
    #[default]
    Disk,
    /// So many replicas of its node have it (`WAIT`), and write it to their files: `appendonly yes`.
    Replicas(u32),
    /// Whatever the servers do; nothing is checked. Changes may be lost.
    Unchecked,
}

/// How to open a shelf on a Redis Cluster, or on one Redis server.
///
/// # Examples
/// ```no_run
/// use halfsour_shelve::{Flag, RedisOptions, ShelfOptions};
///
/// let nodes = ["redis://10.0.0.1:6379", "redis://10.0.0.2:6379"];
/// let store = RedisOptions::new(nodes).open("jars", Flag::Create)?;
/// let mut shelf = ShelfOptions::new().over(store);
/// # Ok::<(), halfsour_shelve::StoreError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct RedisOptions {
    nodes: Vec<String>,
    durability: Durability,
    eviction: bool,
    timeout: Duration,
    parts: u16,
}

impl RedisOptions {
    /// Returns the default options with the URLs of some nodes, `redis://user:password@host:port`.
    ///
    /// One is enough to find the others; name several, so that a shelf can be opened while one is down.
    pub fn new<N: Into<String>>(nodes: impl IntoIterator<Item = N>) -> Self {
        Self {
            nodes: nodes.into_iter().map(Into::into).collect(),
            durability: Durability::Disk,
            eviction: false,
            timeout: Duration::from_secs(5),
            parts: 1024,
        }
    }

    /// Sets what must hold when a change is acknowledged; by default [`Durability::Disk`].
    pub const fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// Sets whether servers are accepted that throw entries away when their memory is full (a `maxmemory-policy` other than
    /// `noeviction`); by default they are refused.
    pub const fn allow_eviction(mut self, allow: bool) -> Self {
        self.eviction = allow;
        self
    }

    /// Sets how long to wait for a connection, and for an answer; by default five seconds.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets over how many hashes a new shelf is spread; by default 1024.
    ///
    /// The keys of one are listed at once, and it lives on one node. More than the default is good for shelves of more than
    /// some ten million entries.
    pub const fn parts(mut self, parts: u16) -> Self {
        self.parts = if parts == 0 { 1 } else { parts };
        self
    }

    /// Opens the shelf of a name. It is there once it was opened with [`Flag::Create`] or [`Flag::New`], also while it is
    /// empty.
    ///
    /// # Errors
    /// NotFound, Unavailable when a node cannot be reached, Unsupported when the servers' settings do not allow what
    /// [`Durability`] promises, UnknownFormat when something else has the name, and Io.
    pub fn open(&self, name: &str, flag: Flag) -> StoreResult<RedisStore> {
        let opened = Cluster::connect(&self.nodes, self.timeout).and_then(|mut cluster| {
            self.check(&mut cluster)?;
            let parts = self.find(&mut cluster, name, flag)?;
            Ok((cluster, parts))
        });
        let (cluster, parts) = opened.map_err(|error| error.at(name.as_ref()))?;
        let store = RedisStore::new(name, cluster, parts, self.replicas(), flag == Flag::Read);
        if flag == Flag::New {
            store.empty()?;
        }
        Ok(store)
    }

    const fn replicas(&self) -> u32 {
        match self.durability {
            Durability::Replicas(replicas) => replicas,
            Durability::Disk | Durability::Unchecked => 0,
        }
    }

    /// Finds out of how many parts a shelf is, and notes it for a new one.
    fn find(&self, cluster: &mut Cluster, name: &str, flag: Flag) -> StoreResult<Parts> {
        const FIELD: &[u8] = b"parts";
        let parts = Parts::new(name, self.parts);
        if matches!(flag, Flag::Create | Flag::New) {
            let count = self.parts.to_string();
            cluster.run(&[parts.header("HSETNX", &[FIELD, count.as_bytes()])], self.replicas())?;
        }
        match cluster.run(&[parts.header("HGET", &[FIELD])], 0)?.as_slice() {
            [Value::BulkString(count)] => {
                let count = std::str::from_utf8(count).ok().and_then(|count| count.parse().ok());
                match count.filter(|count| *count > 0) {
                    Some(count) => Ok(Parts::new(name, count)),
                    None => Err(StoreError::new(ErrorKind::UnknownFormat, "")),
                }
            }
            _ => Err(StoreError::new(ErrorKind::NotFound, "")),
        }
    }

    /// Checks the settings of every master.
    fn check(&self, cluster: &mut Cluster) -> StoreResult<()> {
        let mut wanted = Vec::new();
        match self.durability {
            Durability::Disk => wanted.extend([("appendonly", "yes"), ("appendfsync", "always")]),
            Durability::Replicas(_) => wanted.push(("appendonly", "yes")),
            Durability::Unchecked => {}
        }
        if !self.eviction {
            wanted.push(("maxmemory-policy", "noeviction"));
        }
        for (setting, value) in wanted {
            let mut command = cmd("CONFIG");
            command.arg("GET").arg(setting);
            for ((host, port), answer) in cluster.on_each(&command)? {
                let found = match &answer {
                    Value::Array(pair) => pair.get(1),
                    _ => None,
                };
                let found = match found {
                    Some(Value::BulkString(found)) => String::from_utf8_lossy(found),
                    _ => "unknown".into(),
                };
                if found != value {
                    let detail = format!("{host}:{port} has {setting} {found}, and not {value}");
                    return Err(StoreError::new(ErrorKind::Unsupported, detail));
                }
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for RedisOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The nodes' URLs may have passwords.
        f.debug_struct("RedisOptions")
            .field("durability", &self.durability)
            .field("eviction", &self.eviction)
            .field("timeout", &self.timeout)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}
