//! A shelf on a Redis Cluster, for when one machine is not enough.
//!
//! `cargo run --example redis_shelf -- redis://10.0.0.1:6379 redis://10.0.0.2:6379` with the URLs of some nodes.
//! Each node needs these settings, or it may lose what it has acknowledged, which is why a shelf refuses it:
//!
//! ```text
//! appendonly yes
//! appendfsync always              # or replicas, and Durability::Replicas
//! maxmemory-policy noeviction
//! cluster-enabled yes
//! cluster-require-full-coverage no   # the other nodes go on when one is down
//! ```

use std::error::Error;
use std::time::Duration;

use halfsour::shelve::{Commit, ErrorKind, Flag, RedisOptions, ShelfOptions, StoreError};
use halfsour::{Runtime, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let nodes: Vec<String> = std::env::args().skip(1).collect();
    if nodes.is_empty() {
        println!("No server: name the nodes of a Redis Cluster, like redis://127.0.0.1:7101");
        return Ok(());
    }
    let options = RedisOptions::new(nodes).timeout(Duration::from_secs(2));
    let store = match options.open("pantry", Flag::New) {
        Err(error) if error.kind() == ErrorKind::Unavailable => {
            println!("No server: {error}");
            return Ok(());
        }
        opened => opened?,
    };
    let mut pantry = ShelfOptions::new().over(store);
    let mut runtime = Runtime::python3();
    runtime.try_enter(|ctx| {
        // Many keys are best set in one call: the nodes get theirs together.
        let jars = (0..1000).map(|number| (format!("jar {number}"), Value::Int(number % 7)));
        pantry.update(ctx, jars)?;
        println!("{} jars", pantry.len(ctx)?);
        // The keys are on several nodes, which cannot change together.
        let refused = pantry.transaction(ctx, |pantry| pantry.delete(ctx, "jar 0"));
        println!("A transaction is refused: {}", refused.is_err());
        pantry.close(ctx)
    })?;

    // Anybody else may have the same shelf open. This one writes at `sync`, which can be called again until it succeeds.
    let deferred = ShelfOptions::new().commit(Commit::Deferred);
    let mut pantry = deferred.over(options.open("pantry", Flag::Write)?);
    runtime.try_enter(|ctx| {
        pantry.set(ctx, "jar 0", Value::Int(12))?;
        pantry.delete(ctx, "jar 1")?;
        pantry.close(ctx)
    })?;
    let found = options.open("pantry", Flag::Read).and_then(|pantry| {
        use halfsour::shelve::Store;
        Ok::<_, StoreError>((pantry.len()?, pantry.contains(b"jar 1")?))
    })?;
    println!("{} jars, jar 1 is there: {}", found.0, found.1);
    Ok(())
}
