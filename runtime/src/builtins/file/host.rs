//! [`HostFile`].

use std::io::{self, Read, Seek, SeekFrom, Write};

/// What a `file` object reads from and writes to: anything with `Read`, `Write` and `Seek`, or a host's own type, which
/// implements what it can do.
pub trait HostFile: 'static {
    /// Reads some bytes; 0 is the end.
    ///
    /// # Errors
    ///
    /// Whatever the host's reader reports.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let _ = buffer;
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Writes all bytes.
    ///
    /// # Errors
    ///
    /// Whatever the host's writer reports.
    fn write_all(&mut self, data: &[u8]) -> io::Result<()> {
        let _ = data;
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Hands on what was written.
    ///
    /// # Errors
    ///
    /// Whatever the host's writer reports.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Moves to a position and returns it.
    ///
    /// # Errors
    ///
    /// Whatever the host reports.
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let _ = position;
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl<T: Read + Write + Seek + 'static> HostFile for T {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Read::read(self, buffer)
    }

    fn write_all(&mut self, data: &[u8]) -> io::Result<()> {
        Write::write_all(self, data)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(self)
    }

    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        Seek::seek(self, position)
    }
}
