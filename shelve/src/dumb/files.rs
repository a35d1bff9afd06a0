//! The files of a database: their names, and writing one so that a crash leaves the old or the new.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{Disk, Open};

/// The names of the files of a database.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) name: PathBuf,
    /// The values.
    pub(super) dat: PathBuf,
    /// The index.
    pub(super) dir: PathBuf,
    /// The index before, a courtesy of CPython's.
    pub(super) bak: PathBuf,
    /// The values and the index that `reorganize` makes. That there is the index says that both are complete.
    pub(super) new_dat: PathBuf,
    pub(super) new_dir: PathBuf,
    /// An index that is being written.
    partial: PathBuf,
}

impl Files {
    pub(super) fn new(disk: Arc<dyn Disk>, name: &Path) -> Self {
        let with = |suffix: &str| {
            let mut path = name.as_os_str().to_owned();
            path.push(suffix);
            PathBuf::from(path)
        };
        Self {
            disk,
            name: name.to_owned(),
            dat: with(".dat"),
            dir: with(".dir"),
            bak: with(".bak"),
            new_dat: with(".dat.new"),
            new_dir: with(".dir.new"),
            partial: with(".dir.partial"),
        }
    }

    /// Deletes the database.
    pub(super) fn remove(&self) -> io::Result<()> {
        let files = [&self.new_dir, &self.new_dat, &self.partial, &self.dir, &self.bak, &self.dat];
        files.into_iter().try_for_each(|path| self.disk.remove(path))
    }

    /// Ends what a crash has interrupted: a reorganised database takes the place of the old one, or is forgotten. Returns
    /// whether the files were replaced. The caller has the lock.
    pub(super) fn roll_forward(&self) -> io::Result<bool> {
        if !self.disk.exists(&self.new_dir) {
            return self.disk.remove(&self.new_dat).map(|()| false);
        }
        if self.disk.exists(&self.new_dat) {
            self.disk.rename(&self.new_dat, &self.dat)?;
            // The new index is of the new values only.
            self.disk.sync_directory(&self.dat)?;
        }
        self.disk.rename(&self.new_dir, &self.dir)?;
        self.disk.sync_directory(&self.dir).map(|()| true)
    }

    /// Replaces the index, and keeps the old one as `.bak`.
    pub(super) fn replace_index(&self, index: &[u8], mode: u32) -> io::Result<()> {
        self.write_durably(index, mode)?;
        if self.disk.exists(&self.dir) {
            self.disk.remove(&self.bak)?;
            self.disk.link(&self.dir, &self.bak)?;
        }
        self.disk.rename(&self.partial, &self.dir)?;
        self.disk.sync_directory(&self.dir)
    }

    /// Writes the index of a reorganised database, which makes it valid.
    pub(super) fn write_new_index(&self, index: &[u8], mode: u32) -> io::Result<()> {
        self.write_durably(index, mode)?;
        // The name of the new index says that the new values have theirs.
        self.disk.sync_directory(&self.dir)?;
        self.disk.rename(&self.partial, &self.new_dir)?;
        self.disk.sync_directory(&self.dir)
    }

    fn write_durably(&self, index: &[u8], mode: u32) -> io::Result<()> {
        let file = self.disk.open(&self.partial, &Open { truncate: true, ..Open::new(mode) })?;
        file.write_at(0, index)?;
        file.sync()
    }
}
