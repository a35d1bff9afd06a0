//! Repair of pickles that a text mode has damaged.

use std::io::{self, Read};

/// A reader that turns the line ends CR LF back into LF.
///
/// Protocol 0 looks like text, so its files get written or transferred in a text mode that turns every LF
/// into CR LF. Python 2 reads them back where the file is opened in text mode too; this adapter does the
/// same anywhere. A CR without LF is data and stays. Binary protocols cannot be repaired so.
///
/// # Examples
/// ```
/// use std::io::Read;
/// use halfsour_pickle::TextMode;
///
/// let mut repaired = String::new();
/// TextMode::new(&b"(lp0\r\nI1\r\na."[..]).read_to_string(&mut repaired)?;
/// assert_eq!(repaired, "(lp0\nI1\na.");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct TextMode<R> {
    reader: R,
    /// A byte that was read to see what follows a CR.
    held: Option<u8>,
}

impl<R: Read> TextMode<R> {
    /// Wraps a reader.
    pub fn new(reader: R) -> Self {
        TextMode { reader, held: None }
    }

    /// Returns the wrapped reader.
    pub fn into_inner(self) -> R {
        self.reader
    }

    fn next_raw(&mut self) -> io::Result<Option<u8>> {
        if let Some(held) = self.held.take() {
            return Ok(Some(held));
        }
        let mut byte = [0];
        loop {
            match self.reader.read(&mut byte) {
                Ok(0) => return Ok(None),
                Ok(_) => return Ok(Some(byte[0])),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn next_repaired(&mut self) -> io::Result<Option<u8>> {
        let byte = self.next_raw()?;
        if byte != Some(b'\r') {
            return Ok(byte);
        }
        match self.next_raw() {
            Ok(Some(b'\n')) => Ok(Some(b'\n')),
            Ok(other) => {
                self.held = other;
                Ok(byte)
            }
            Err(error) => {
                self.held = byte;
                Err(error)
            }
        }
    }
}

impl<R: Read> Read for TextMode<R> {
    /// Reads like the wrapped reader, byte by byte so that nothing behind a pickle is taken.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for (filled, place) in buffer.iter_mut().enumerate() {
            match self.next_repaired() {
                Ok(Some(byte)) => *place = byte,
                Ok(None) => return Ok(filled),
                Err(error) if filled == 0 => return Err(error),
                // What was read is delivered; a lasting error comes again with the next call.
                Err(_) => return Ok(filled),
            }
        }
        Ok(buffer.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_line_ends_are_repaired() {
        let mut repaired = Vec::new();
        TextMode::new(&b"a\r\nb\rc\n\r\r\nd\r"[..]).read_to_end(&mut repaired).unwrap();
        assert_eq!(repaired, b"a\nb\rc\n\r\nd\r");
    }
}
