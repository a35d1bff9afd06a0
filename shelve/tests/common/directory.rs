//! Directories that go when a test ends, and the engines of this build.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use halfsour_shelve::Engine;

/// A directory of a test's own.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new(name: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("halfsour-{name}-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("the directory for temporary files is writable");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Returns every engine that this build has.
pub(crate) fn engines() -> Vec<Engine> {
    vec![
        Engine::Dumb,
        #[cfg(feature = "redb")]
        Engine::Redb,
        #[cfg(feature = "sqlite")]
        Engine::Sqlite,
        #[cfg(feature = "gdbm")]
        Engine::Gdbm,
        #[cfg(feature = "gdbm")]
        Engine::GdbmNdbm,
        #[cfg(feature = "bdb")]
        Engine::Berkeley,
        #[cfg(feature = "bdb")]
        Engine::BerkeleyNdbm,
    ]
}
