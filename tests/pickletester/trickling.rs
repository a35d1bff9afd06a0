//! A file in memory that is read a few bytes at a time.

use std::io::{Cursor, Read, Result, Seek, SeekFrom, Write};

/// The file, and how many bytes a read gives at most.
pub(crate) struct Trickling {
    file: Cursor<Vec<u8>>,
    at_once: usize,
}

impl Trickling {
    /// An empty file.
    pub(crate) fn new(at_once: usize) -> Self {
        Self { file: Cursor::default(), at_once }
    }
}

impl Read for Trickling {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let length = buffer.len().min(self.at_once);
        self.file.read(&mut buffer[..length])
    }
}

impl Write for Trickling {
    fn write(&mut self, data: &[u8]) -> Result<usize> {
        self.file.write(&data[..data.len().min(self.at_once)])
    }

    fn flush(&mut self) -> Result<()> {
        self.file.flush()
    }
}

impl Seek for Trickling {
    fn seek(&mut self, position: SeekFrom) -> Result<u64> {
        self.file.seek(position)
    }
}
