//! [`BerkeleyFile`]: finds keys, and follows chains of pages.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::header::{HEADER, Header};
use super::page::{Item, Page};
use super::writer;
use crate::error::{ErrorKind, StoreError, StoreResult};
use crate::journaled::{Base, Pending};

/// A hash file of Berkeley DB that is read.
pub struct BerkeleyFile {
    file: File,
    pub(super) header: Header,
}

impl fmt::Debug for BerkeleyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BerkeleyFile").field("header", &self.header).finish_non_exhaustive()
    }
}

impl BerkeleyFile {
    fn page(&self, number: u32) -> StoreResult<Page> {
        if number == 0 || number > self.header.last_page {
            let detail = format!("page {number} lies outside of the file");
            return Err(StoreError::new(ErrorKind::Corrupt, detail));
        }
        let size = u64::from(self.header.page_size);
        let mut file = &self.file;
        file.seek(SeekFrom::Start(u64::from(number).saturating_mul(size)))?;
        let mut bytes = vec![0; self.header.page_size as usize];
        file.read_exact(&mut bytes)?;
        Ok(Page::new(self.header.order, number, bytes))
    }

    /// Visits the pages of a chain, until there is an answer. A chain that comes to a page again is an error.
    fn chain<T>(
        &self,
        first: u32,
        seen: &mut HashSet<u32>,
        mut visit: impl FnMut(&Page) -> StoreResult<Option<T>>,
    ) -> StoreResult<Option<T>> {
        let mut number = first;
        while number != 0 {
            let page = self.page(number)?;
            if !seen.insert(number) {
                let detail = format!("the chain of page {first} comes to page {number} twice");
                return Err(StoreError::new(ErrorKind::Corrupt, detail));
            }
            if let Some(answer) = visit(&page)? {
                return Ok(Some(answer));
            }
            number = page.next()?;
        }
        Ok(None)
    }

    fn bucket_page(&self, bucket: u32) -> StoreResult<u32> {
        let outside = || StoreError::new(ErrorKind::Corrupt, "a bucket has no page");
        self.header.buckets.page(bucket).ok_or_else(outside)
    }

    /// Reads a key or a value. Memory is taken as it is found in the file; no page is a part of two items, `seen` says which
    /// are one of any.
    fn read(&self, item: &Item<'_>, seen: &mut HashSet<u32>) -> StoreResult<Vec<u8>> {
        let (first, size) = match *item {
            Item::Here(bytes) => return Ok(bytes.to_vec()),
            Item::Elsewhere { page, size } => (page, size as usize),
        };
        let mut content = Vec::new();
        self.chain(first, seen, |page| {
            content.extend(page.content()?);
            Ok((content.len() >= size).then_some(()))
        })?;
        if content.len() == size {
            return Ok(content);
        }
        let detail = format!("the large item at page {first} is not of the size that it claims");
        Err(StoreError::new(ErrorKind::Corrupt, detail))
    }

    /// Visits every pair: the key, and the size of the value.
    pub(super) fn walk(&self, mut visit: impl FnMut(Vec<u8>, u64)) -> StoreResult<()> {
        let (mut seen, mut large) = (HashSet::new(), HashSet::new());
        for bucket in 0..=self.header.buckets.max {
            self.chain(self.bucket_page(bucket)?, &mut seen, |page| {
                for [key, value] in page.pairs()? {
                    let key = self.read(&key, &mut large)?;
                    if self.header.buckets.of(&key) != bucket {
                        let detail = "a key lies in a bucket that is not its own";
                        return Err(StoreError::new(ErrorKind::Corrupt, detail).with_key(&key));
                    }
                    visit(key, value.size());
                }
                Ok(None::<()>)
            })?;
        }
        Ok(())
    }
}

impl Base for BerkeleyFile {
    fn open(path: &Path) -> StoreResult<Self> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut head = Vec::new();
        (&file).take(HEADER as u64).read_to_end(&mut head)?;
        let header = Header::parse(&head)?;
        let pages = size.checked_div(u64::from(header.page_size)).unwrap_or_default();
        if pages <= u64::from(header.last_page) {
            return Err(StoreError::new(ErrorKind::Corrupt, "the file is cut short"));
        }
        Ok(Self { file, header })
    }

    fn create(path: &Path) -> StoreResult<()> {
        writer::write(path, Vec::new(), None, &mut |_| Ok(Vec::new()))
    }

    fn get(&self, key: &[u8]) -> StoreResult<Option<Vec<u8>>> {
        let first = self.bucket_page(self.header.buckets.of(key))?;
        self.chain(first, &mut HashSet::new(), |page| {
            for [found, value] in page.pairs()? {
                let same = match &found {
                    Item::Here(bytes) => *bytes == key,
                    Item::Elsewhere { .. } => {
                        found.size() == key.len() as u64
                            && self.read(&found, &mut HashSet::new())? == key
                    }
                };
                if same {
                    return self.read(&value, &mut HashSet::new()).map(Some);
                }
            }
            Ok(None)
        })
    }

    fn keys(&self) -> StoreResult<BTreeSet<Vec<u8>>> {
        let mut keys = BTreeSet::new();
        self.walk(|key, _| {
            keys.insert(key);
        })?;
        Ok(keys)
    }

    fn write(&self, _: &Path, changes: &Pending<'_>, new: &Path, _: bool) -> StoreResult<()> {
        let mut entries = Vec::new();
        self.walk(|key, size| {
            if !changes.has(&key) {
                entries.push((key, size));
            }
        })?;
        for (key, size) in changes.iter() {
            entries.extend(size.map(|size| (key.to_vec(), size)));
        }
        writer::write(new, entries, Some(&self.header), &mut |key| {
            let value = changes.get(key).unwrap_or_else(|| self.get(key))?;
            value.ok_or_else(|| StoreError::new(ErrorKind::Corrupt, "a key is lost"))
        })
    }
}
