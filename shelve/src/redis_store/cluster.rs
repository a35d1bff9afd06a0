//! [`Cluster`]: commands to the nodes that have their keys.
//!
//! The `redis` crate has a client for clusters too. This one lets the answer of WAIT be that of the connection which wrote,
//! goes on with the other nodes when one is gone, and bounds how long anything takes.

use std::collections::{BTreeMap, HashMap};
use std::thread;
use std::time::Duration;

use redis::{
    Cmd, Connection, ConnectionAddr, ConnectionInfo, ConnectionLike, IntoConnectionInfo,
    RedisError, RedisResult, ServerErrorKind, Value, cmd,
};

use super::slots::{Node, SlotMap};
use crate::error::{ErrorKind, StoreError, StoreResult};

/// How often a command is sent: a node may be gone, a slot may have moved, and moved on.
const ROUNDS: u32 = 4;

/// How long to wait before a node that is starting, or a cluster that is changing, is asked again.
const PAUSE: Duration = Duration::from_millis(50);

/// How many commands, and how many bytes of them, are sent before their answers are read.
const PIPELINE: (usize, usize) = (512, 1 << 20);

/// A command for the node that has a slot.
pub(super) struct Request {
    pub(super) slot: u16,
    pub(super) command: Cmd,
}

/// A command that is to be sent, by its place in a list; to the node that has its slot, or to one that is getting it.
struct Left {
    at: usize,
    ask: Option<Node>,
}

/// What to send to which nodes, and whether to ask for slots on the move.
type Groups = BTreeMap<(Node, bool), Vec<usize>>;

/// What an answer means for its command.
enum Settled {
    Answer(Value),
    Again(Left, StoreError),
}

/// The connections to a cluster, or to one server that is none.
pub(super) struct Cluster {
    seeds: Vec<ConnectionInfo>,
    timeout: Duration,
    slots: SlotMap,
    connections: HashMap<Node, Connection>,
}

impl Cluster {
    /// Connects to the first of some nodes that answers, and learns the others from it.
    pub(super) fn connect(urls: &[String], timeout: Duration) -> StoreResult<Self> {
        let seeds: RedisResult<_> =
            urls.iter().map(|url| url.as_str().into_connection_info()).collect();
        let seeds = seeds.map_err(|error| StoreError::new(ErrorKind::Io, error.to_string()))?;
        let mut cluster =
            Self { seeds, timeout, slots: SlotMap::default(), connections: HashMap::new() };
        cluster.learn()?;
        Ok(cluster)
    }

    /// Runs commands, those of one node in their order, and returns their answers.
    ///
    /// After an error some may have been run. Each may be run more than once. If `replicas` are asked for, every node must
    /// know that so many of its own have its commands.
    pub(super) fn run(&mut self, requests: &[Request], replicas: u32) -> StoreResult<Vec<Value>> {
        let mut answers = vec![Value::Nil; requests.len()];
        let mut left: Vec<Left> = (0..requests.len()).map(|at| Left { at, ask: None }).collect();
        let mut last = unavailable("it did not answer");
        for _ in 0..ROUNDS {
            let (groups, uncovered) = self.by_node(requests, left);
            left = uncovered;
            for ((node, asking), all) in groups {
                for some in pipelines(requests, &all) {
                    let commands: Vec<&Cmd> =
                        some.iter().map(|&at| &requests[at].command).collect();
                    match self.pipeline(&node, &commands, asking, replicas) {
                        Ok((_, reached)) if reached < replicas => {
                            let detail =
                                format!("{reached} of {replicas} replicas have the change");
                            return Err(unavailable(&detail));
                        }
                        Ok((found, _)) => {
                            for (&at, answer) in some.iter().zip(found) {
                                match settle(at, answer)? {
                                    Settled::Answer(answer) => answers[at] = answer,
                                    Settled::Again(again, error) => {
                                        left.push(again);
                                        last = error;
                                    }
                                }
                            }
                        }
                        Err(error) if error.is_timeout() => {
                            // It has cost enough time. The next command may find another master.
                            let _ = self.learn();
                            return Err(failure(&error));
                        }
                        Err(error) => {
                            left.extend(some.iter().map(|&at| Left { at, ask: None }));
                            last = failure(&error);
                        }
                    }
                }
            }
            if left.is_empty() {
                return Ok(answers);
            }
            if left.iter().any(|left| left.ask.is_none()) {
                thread::sleep(PAUSE);
                self.learn()?;
            }
        }
        Err(last)
    }

    /// Groups what is left to do by node, and whether that is to be asked for a slot on the move; what no node has is left.
    fn by_node(&self, requests: &[Request], left: Vec<Left>) -> (Groups, Vec<Left>) {
        let (mut groups, mut uncovered) = (Groups::new(), Vec::new());
        for Left { at, ask } in left {
            let asking = ask.is_some();
            match ask.or_else(|| self.slots.node(requests[at].slot).cloned()) {
                Some(node) => groups.entry((node, asking)).or_default().push(at),
                None => uncovered.push(Left { at, ask: None }),
            }
        }
        (groups, uncovered)
    }

    /// Runs a command on every master.
    pub(super) fn on_each(&mut self, command: &Cmd) -> StoreResult<Vec<(Node, Value)>> {
        let nodes = self.slots.nodes().into_iter();
        let answers = nodes.map(|node| {
            let found = self.pipeline(&node, &[command], false, 0);
            match found.map_err(|error| failure(&error))?.0.pop() {
                Some(Value::ServerError(error)) => Err(failure(&RedisError::from(error))),
                answer => Ok((node, answer.unwrap_or(Value::Nil))),
            }
        });
        answers.collect()
    }

    /// Asks for the slots: the nodes that are connected first, then those that are known, then those that were named.
    fn learn(&mut self) -> StoreResult<()> {
        let mut nodes: Vec<Node> = self.connections.keys().cloned().collect();
        nodes.extend(self.slots.nodes());
        nodes.extend(self.seeds.iter().filter_map(|seed| match seed.addr() {
            ConnectionAddr::Tcp(host, port) => Some((host.clone(), *port)),
            _ => None,
        }));
        let mut asked: Vec<Node> = Vec::new();
        let mut last = unavailable("no nodes are named");
        for node in nodes {
            if asked.contains(&node) {
                continue;
            }
            let mut slots = cmd("CLUSTER");
            slots.arg("SLOTS");
            let answer =
                self.pipeline(&node, &[&slots], false, 0).map(|(mut found, _)| found.pop());
            let found = match answer {
                Ok(Some(Value::ServerError(error))) => {
                    let error = RedisError::from(error);
                    last = failure(&error);
                    // It is a server by itself.
                    let alone = error.to_string().contains("cluster support disabled");
                    alone.then(|| SlotMap::of_one(node.clone()))
                }
                Ok(answer) => answer.and_then(|answer| SlotMap::read(&answer, &node)),
                Err(error) => {
                    last = failure(&error);
                    None
                }
            };
            if let Some(found) = found {
                self.slots = found;
                let nodes = self.slots.nodes();
                self.connections.retain(|node, _| nodes.contains(node));
                return Ok(());
            }
            asked.push(node);
        }
        Err(last)
    }

    /// Sends commands to a node, and returns their answers and how many replicas have what was written, if any were asked
    /// for. A connection that fails is given up.
    fn pipeline(
        &mut self,
        node: &Node,
        commands: &[&Cmd],
        asking: bool,
        replicas: u32,
    ) -> RedisResult<(Vec<Value>, u32)> {
        let mut connection = match self.connections.remove(node) {
            Some(connection) => connection,
            None => self.open(node)?,
        };
        let mut packed = Vec::new();
        for command in commands {
            if asking {
                packed.extend(cmd("ASKING").get_packed_command());
            }
            packed.extend(command.get_packed_command());
        }
        if replicas > 0 {
            // The answer must come before the timeout of the connection.
            let patience = self.timeout.as_millis() as u64 / 2;
            let wait = cmd("WAIT").arg(replicas).arg(patience).get_packed_command();
            packed.extend(wait);
        }
        let count = commands.len() * (1 + usize::from(asking)) + usize::from(replicas > 0);
        let mut answers = connection.req_packed_commands(&packed, 0, count)?;
        self.connections.insert(node.clone(), connection);
        let reached = match replicas {
            0 => None,
            _ => answers.pop(),
        };
        let reached = match reached {
            Some(Value::Int(reached)) => u32::try_from(reached).unwrap_or(0),
            _ => 0,
        };
        if asking {
            answers = answers.into_iter().skip(1).step_by(2).collect();
        }
        Ok((answers, reached))
    }

    fn open(&self, (host, port): &Node) -> RedisResult<Connection> {
        let Some(seed) = self.seeds.first() else {
            return Err((redis::ErrorKind::InvalidClientConfig, "no nodes are named").into());
        };
        // Under the password of the first.
        let info = seed.clone().set_addr(ConnectionAddr::Tcp(host.clone(), *port));
        let connection = redis::Client::open(info)?.get_connection_with_timeout(self.timeout)?;
        connection.set_read_timeout(Some(self.timeout))?;
        connection.set_write_timeout(Some(self.timeout))?;
        Ok(connection)
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("slots", &self.slots).finish_non_exhaustive()
    }
}

/// Divides commands into what is sent at once.
fn pipelines<'a>(requests: &[Request], all: &'a [usize]) -> Vec<&'a [usize]> {
    let (most, most_bytes) = PIPELINE;
    let mut bytes = 0;
    let mut some = Vec::new();
    let mut first = 0;
    for (end, &at) in all.iter().enumerate() {
        let size = requests[at].command.args_iter().map(|argument| match argument {
            redis::Arg::Simple(bytes) => bytes.len(),
            _ => 8,
        });
        let size: usize = size.sum();
        if end > first && (end - first == most || bytes + size > most_bytes) {
            some.push(&all[first..end]);
            (first, bytes) = (end, 0);
        }
        bytes += size;
    }
    some.push(&all[first..]);
    some
}

/// Decides what an answer means.
fn settle(at: usize, answer: Value) -> StoreResult<Settled> {
    let Value::ServerError(error) = answer else { return Ok(Settled::Answer(answer)) };
    let error = RedisError::from(error);
    let ask = match error.kind() {
        redis::ErrorKind::Server(ServerErrorKind::Ask) => redirected(&error),
        redis::ErrorKind::Server(ServerErrorKind::Moved) => None,
        _ if is_passing(&error) => None,
        _ => return Err(failure(&error)),
    };
    Ok(Settled::Again(Left { at, ask }, failure(&error)))
}

/// Returns where to ask.
fn redirected(error: &RedisError) -> Option<Node> {
    let (address, _) = error.redirect_node()?;
    let (host, port) = address.rsplit_once(':')?;
    Some((host.to_owned(), port.parse().ok()?))
}

/// Whether an answer says that the same command may be answered soon.
fn is_passing(error: &RedisError) -> bool {
    use ServerErrorKind::{BusyLoading, ClusterDown, MasterDown, ReadOnly, TryAgain};
    matches!(
        error.kind(),
        redis::ErrorKind::Server(BusyLoading | ClusterDown | MasterDown | ReadOnly | TryAgain)
    )
}

fn unavailable(detail: &str) -> StoreError {
    StoreError::new(ErrorKind::Unavailable, detail)
}

/// Returns the store's error for one of a server, or of the way to it.
fn failure(error: &RedisError) -> StoreError {
    use redis::ErrorKind as Redis;
    let kind = match error.kind() {
        Redis::Io | Redis::ClusterConnectionNotFound | Redis::Parse => ErrorKind::Unavailable,
        Redis::Server(ServerErrorKind::Moved | ServerErrorKind::Ask) => ErrorKind::Unavailable,
        _ if is_passing(error) => ErrorKind::Unavailable,
        // The key is something else than a hash.
        _ if error.code() == Some("WRONGTYPE") => ErrorKind::UnknownFormat,
        _ => ErrorKind::Io,
    };
    StoreError::new(kind, error.to_string())
}
