//! The file objects that pickles are written to and read from.

use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use halfsour::{Bytes, Context, Result};

/// A kind of file object.
#[derive(Clone, Copy)]
pub(crate) enum Medium {
    /// `cStringIO.StringIO`
    CStringIO,
    /// `io.BytesIO`
    BytesIO,
    /// A file on the disk.
    File,
}

impl Medium {
    /// An empty file object to write to, and to read back from.
    pub(crate) fn output<'gc>(self, ctx: Context<'gc>) -> Result<'gc> {
        match self {
            Medium::CStringIO => ctx.import_from("cStringIO", "StringIO")?.call(ctx, ()),
            Medium::BytesIO => ctx.import_from("io", "BytesIO")?.call(ctx, ()),
            Medium::File => temporary(ctx),
        }
    }

    /// A file object with content, at its beginning.
    pub(crate) fn input<'gc>(self, ctx: Context<'gc>, content: &[u8]) -> Result<'gc> {
        let content = Bytes::new(ctx, content);
        match self {
            Medium::CStringIO => ctx.import_from("cStringIO", "StringIO")?.call(ctx, (content,)),
            Medium::BytesIO => ctx.import_from("io", "BytesIO")?.call(ctx, (content,)),
            Medium::File => {
                let file = temporary(ctx)?;
                file.call_method(ctx, "write", (content,))?;
                file.call_method(ctx, "seek", (0,))?;
                Ok(file)
            }
        }
    }
}

/// `open(.., "wb+")`: a new file, whose name is gone at once, so that nothing stays on the disk.
fn temporary<'gc>(ctx: Context<'gc>) -> Result<'gc> {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("pickletester_27-{}-{number}", std::process::id());
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(&name);
    let file = File::options().read(true).write(true).create_new(true).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(ctx.new_file(&name, "wb+", file).into())
}
