//! A Redis Cluster of a test's own: masters on free ports of this machine, with the settings that the documentation names.
//!
//! Each server has a shell beside it, which kills it when it is told to, or when this program ends, however it does.

use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Runs the server that follows. `keep` ends it with its files left, everything else with them gone.
const GUARD: &str = r#"
trap '' INT TERM HUP
directory=$1; shift
"$@" >/dev/null 2>&1 </dev/null &
server=$!
read -r order
kill -9 $server
wait $server 2>/dev/null
[ "$order" = keep ] || { rm -rf "$directory"; rmdir "$(dirname "$directory")" 2>/dev/null; }
"#;

/// How long a step may take until something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running cluster, which ends with this value.
pub(crate) struct Cluster {
    directory: PathBuf,
    nodes: Vec<Node>,
}

struct Node {
    port: u16,
    guard: Option<Child>,
}

impl Cluster {
    /// Starts a cluster of three masters; `None` where Redis is not installed, which this says.
    pub(crate) fn start(name: &str) -> Option<Self> {
        let cluster = Self::servers(name, 3, true)?;
        let mut create = Command::new("redis-cli");
        create.args(["--cluster", "create"]).args(cluster.nodes.iter().map(Node::address));
        let created = create.args(["--cluster-replicas", "0", "--cluster-yes"]).output();
        let created = created.expect("redis-cli runs");
        assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stdout));
        cluster.wait_until_ready();
        Some(cluster)
    }

    /// Starts one server that is no cluster.
    pub(crate) fn start_single(name: &str) -> Option<Self> {
        Self::servers(name, 1, false)
    }

    fn servers(name: &str, count: usize, clustered: bool) -> Option<Self> {
        for program in ["redis-server", "redis-cli"] {
            if Command::new(program).arg("--version").output().is_err() {
                println!("{name}: skipped, as {program} is not installed");
                return None;
            }
        }
        let directory =
            std::env::temp_dir().join(format!("halfsour-{name}-{}", std::process::id()));
        let mut cluster = Self { directory, nodes: Vec::new() };
        for _ in 0..count {
            let port = Self::free_port();
            cluster.nodes.push(Node { port, guard: None });
            cluster.start_server(cluster.nodes.len() - 1, clustered);
        }
        Some(cluster)
    }

    /// A port that is free, as is the one of the cluster's bus, which lies 10000 above. Programs that run at the same time
    /// begin to look at different ones.
    fn free_port() -> u16 {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        let first = std::process::id().wrapping_mul(64);
        let mut ports = std::iter::repeat_with(|| {
            let next = first.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
            20_000 + (next % 12_000) as u16
        });
        ports.find(|&port| free(port) && free(port + 10_000)).expect("ports do not end")
    }

    fn start_server(&mut self, node: usize, clustered: bool) {
        let port = self.nodes[node].port.to_string();
        let directory = self.directory.join(&port);
        std::fs::create_dir_all(&directory).expect("the directory is made");
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "sh"]).arg(&directory);
        guard
            .args(["redis-server", "--port", &port, "--bind", "127.0.0.1", "--dir"])
            .arg(&directory);
        guard.args(["--appendonly", "yes", "--appendfsync", "always", "--save", ""]);
        guard.args(["--maxmemory", "256mb", "--maxmemory-policy", "noeviction"]);
        if clustered {
            guard.args(["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"]);
            guard.args(["--cluster-require-full-coverage", "no"]);
        }
        let guard = guard.stdin(Stdio::piped()).spawn().expect("a shell starts");
        self.nodes[node].guard = Some(guard);
        self.wait("the server answers", || self.cli(node, &["PING"]).contains("PONG"));
    }

    fn wait_until_ready(&self) {
        for node in 0..self.nodes.len() {
            let ready = || self.cli(node, &["CLUSTER", "INFO"]).contains("cluster_state:ok");
            self.wait("the cluster is ready", ready);
        }
    }

    fn wait(&self, what: &str, ready: impl Fn() -> bool) {
        let start = Instant::now();
        while !ready() {
            assert!(start.elapsed() < PATIENCE, "not within a minute: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Runs a command on a node, and returns what redis-cli prints.
    pub(crate) fn cli(&self, node: usize, command: &[&str]) -> String {
        let port = self.nodes[node].port.to_string();
        let output = Command::new("redis-cli").args(["-p", &port]).args(command).output();
        String::from_utf8_lossy(&output.expect("redis-cli runs").stdout).into_owned()
    }

    pub(crate) fn port(&self, node: usize) -> u16 {
        self.nodes[node].port
    }

    /// The URLs of all nodes.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(|node| format!("redis://{}", node.address())).collect()
    }

    /// Kills a node as `kill -9` does.
    pub(crate) fn kill(&mut self, node: usize) {
        if let Some(mut guard) = self.nodes[node].guard.take() {
            let told = guard.stdin.take().map(|mut input| input.write_all(b"keep\n"));
            told.expect("the shell has an input").expect("the shell listens");
            guard.wait().expect("the shell ends");
        }
    }

    /// Starts a node again that was killed.
    pub(crate) fn restart(&mut self, node: usize) {
        self.start_server(node, true);
        self.wait_until_ready();
    }
}

impl Node {
    fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for node in &mut self.nodes {
            if let Some(mut guard) = node.guard.take() {
                drop(guard.stdin.take());
                let _ = guard.wait();
            }
        }
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}
