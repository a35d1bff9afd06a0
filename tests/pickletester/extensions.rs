//! Codes in place of names: `add_extension`.

use halfsour::pickle::Opcode;
use halfsour::{Context, Result};

use super::newobj::{check_copy, numbers_with_attributes};
use crate::classes::MODULE;
use crate::implementation::Implementation;
use crate::streams::{contains, opcode_in_pickle};

pub(super) fn test_global_ext1<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, Opcode::EXT1, &[0x01, 0xff])
}

pub(super) fn test_global_ext2<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, Opcode::EXT2, &[0x0100, 0xffff, 0xabcd])
}

pub(super) fn test_global_ext4<'gc>(ctx: Context<'gc>, by: &Implementation) -> Result<'gc, ()> {
    check(ctx, by, Opcode::EXT4, &[0x0001_0000, 0x7fff_ffff, 0x12ab_cdef])
}

/// A class with one of these codes is written by an opcode at protocol 2, by its name at protocol 1.
fn check<'gc>(
    ctx: Context<'gc>,
    by: &Implementation,
    opcode: Opcode,
    codes: &[i64],
) -> Result<'gc, ()> {
    let change = |function: &str, code: i64| {
        let args = (MODULE, "MyList", code);
        ctx.import_from(ctx.dialect().copyreg_module(), function)?.call(ctx, args).map(drop)
    };
    for &code in codes {
        change("add_extension", code)?;
        let original = numbers_with_attributes(ctx, "MyList")?;
        for (protocol, by_code) in [(1, false), (2, true)] {
            let stream = by.dumps(ctx, original, protocol)?;
            assert_eq!(opcode_in_pickle(opcode, &stream), by_code);
            assert_eq!(contains(&stream, MODULE), !by_code);
            assert_eq!(contains(&stream, "MyList"), !by_code);
            check_copy(ctx, ctx.types().list, original, by.loads(ctx, &stream)?)?;
        }
        change("remove_extension", code)?;
    }
    Ok(())
}
