//! Where a file object stands: the host's file, and what was read ahead of the program.

use std::io::{self, SeekFrom};

use super::host::HostFile;

/// So much is read from the host at a time.
const CHUNK: usize = 8192;

/// The Rust side of a `file` object.
#[derive(Default)]
pub(super) struct FileState {
    /// `None` is a closed file.
    host: Option<Box<dyn HostFile>>,
    readable: bool,
    writable: bool,
    /// What was read from the host and not yet by the program.
    ahead: Vec<u8>,
    /// The start of the unread part of `ahead`.
    at: usize,
    /// Python 2's `softspace`.
    pub(super) soft_space: i64,
}

/// Why a file cannot do what it is asked.
#[derive(Debug)]
pub(super) enum Refusal {
    Closed,
    NotReadable,
    NotWritable,
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

type Outcome<T> = Result<T, Refusal>;

impl FileState {
    pub(super) fn open(mode: &str, host: Box<dyn HostFile>) -> Self {
        let both = mode.contains('+');
        Self {
            host: Some(host),
            readable: both || mode.starts_with(['r', 'U']),
            writable: both || mode.starts_with(['w', 'a', 'x']),
            ..Self::default()
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.host.is_none()
    }

    /// Checks that the file is open.
    pub(super) fn check_open(&self) -> Outcome<()> {
        if self.is_closed() { Err(Refusal::Closed) } else { Ok(()) }
    }

    fn check_readable(&self) -> Outcome<()> {
        self.check_open()?;
        if self.readable { Ok(()) } else { Err(Refusal::NotReadable) }
    }

    fn host(&mut self) -> Outcome<&mut dyn HostFile> {
        self.host.as_deref_mut().ok_or(Refusal::Closed)
    }

    /// Reads more ahead; returns whether there was any.
    fn fill(&mut self) -> Outcome<bool> {
        if self.at == self.ahead.len() {
            self.ahead.clear();
            self.at = 0;
        }
        let end = self.ahead.len();
        self.ahead.resize(end + CHUNK, 0);
        let mut host = self.host.take();
        let read = match &mut host {
            Some(host) => loop {
                match host.read(&mut self.ahead[end..]) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read.map(|count| count.min(CHUNK)).map_err(Refusal::Io),
                }
            },
            None => Err(Refusal::Closed),
        };
        self.host = host;
        self.ahead.truncate(end + read.as_ref().map_or(0, |count| *count));
        read.map(|count| count > 0)
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let end = self.at.saturating_add(count).min(self.ahead.len());
        let taken = self.ahead[self.at..end].to_vec();
        self.at = end;
        taken
    }

    fn unread(&self) -> usize {
        self.ahead.len() - self.at
    }

    /// Reads `count` bytes, fewer only at the end.
    pub(super) fn read(&mut self, count: usize) -> Outcome<Vec<u8>> {
        self.check_readable()?;
        let mut data = Vec::new();
        loop {
            let missing = count - data.len();
            if self.unread() > 0 || missing == 0 {
                let taken = self.take(missing);
                data.extend_from_slice(&taken);
            }
            if data.len() == count || !self.fill()? {
                return Ok(data);
            }
        }
    }

    /// Reads a line of at most `count` bytes, its end included; nothing at the end of the file.
    pub(super) fn read_line(&mut self, count: usize) -> Outcome<Vec<u8>> {
        self.check_readable()?;
        let mut line = Vec::new();
        loop {
            let missing = count - line.len();
            let ahead = &self.ahead[self.at..];
            let ahead = &ahead[..missing.min(ahead.len())];
            let found = memchr::memchr(b'\n', ahead);
            let taken = self.take(found.map_or(missing, |at| at + 1));
            line.extend_from_slice(&taken);
            if found.is_some() || line.len() == count || !self.fill()? {
                return Ok(line);
            }
        }
    }

    /// Goes back over what was read ahead, so that the host stands where the program does.
    fn drop_ahead(&mut self) -> Outcome<()> {
        let unread = self.unread();
        self.ahead.clear();
        self.at = 0;
        if unread > 0 {
            self.host()?.seek(SeekFrom::Current(-(unread as i64)))?;
        }
        Ok(())
    }

    pub(super) fn write(&mut self, data: &[u8]) -> Outcome<()> {
        self.check_open()?;
        if !self.writable {
            return Err(Refusal::NotWritable);
        }
        self.drop_ahead()?;
        Ok(self.host()?.write_all(data)?)
    }

    pub(super) fn flush(&mut self) -> Outcome<()> {
        Ok(self.host()?.flush()?)
    }

    pub(super) fn seek(&mut self, position: SeekFrom) -> Outcome<()> {
        self.check_open()?;
        self.drop_ahead()?;
        self.host()?.seek(position)?;
        Ok(())
    }

    pub(super) fn tell(&mut self) -> Outcome<u64> {
        let unread = self.unread() as u64;
        let position = self.host()?.seek(SeekFrom::Current(0))?;
        Ok(position.saturating_sub(unread))
    }

    /// Closes the file; a second time does nothing.
    pub(super) fn close(&mut self) -> Outcome<()> {
        self.ahead = Vec::new();
        self.at = 0;
        match self.host.take() {
            Some(mut host) => Ok(host.flush()?),
            None => Ok(()),
        }
    }
}
