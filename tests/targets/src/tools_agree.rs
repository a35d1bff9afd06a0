//! The tools see the opcodes that a load sees.

use std::io::Read;

use halfsour_pickle::tools::{self, Disassembler};
use halfsour_pickle::{Flavour, Missing, Unpickler};
use halfsour_runtime::Dialect;

use crate::{Classes, in_runtime};

/// Loads bytes, and compares where that ended with what the tools list. None of the tools panics.
///
/// # Panics
/// When a load ends elsewhere than `genops` and `globals` do, or fails at another opcode than `genops` lists there.
pub fn tools_agree(bytes: &[u8]) {
    for dialect in [Dialect::Python2, Dialect::Python3] {
        let lines = Disassembler::new(dialect).deepest_indent(10).lines(bytes);
        lines.for_each(drop);
        if let Ok(optimized) = tools::optimize(bytes, dialect) {
            // A key that two PUTs have shared counts for both at first, as in CPython.
            let again = tools::optimize(&optimized, dialect).map(|again| again.len());
            assert!(again.is_ok_and(|again| again <= optimized.len()));
        }
    }
    let _ = tools::normalize(bytes);
    let _ = tools::globals_of_all(bytes);

    let mut operations = tools::genops(bytes);
    let mut listed = Vec::new();
    let mut failed = false;
    for operation in operations.by_ref() {
        match operation {
            Ok(operation) => listed.push((operation.offset as u64, operation.opcode.name())),
            Err(_) => failed = true,
        }
    }
    in_runtime(Flavour::Python3, Classes::OfCorpora, |runtime| {
        let mut rest = bytes;
        let unpickler = Unpickler::new().flavour(Flavour::Python3).missing(Missing::Opaque);
        let loaded = runtime.try_enter(|ctx| unpickler.load(ctx, rest.by_ref()).map(drop));
        match loaded {
            Ok(()) => {
                let end = bytes.len() - rest.len();
                let globals = tools::globals(bytes).map_or(end, |globals| globals.end());
                if failed || operations.offset() != end || globals != end {
                    let listed = operations.offset();
                    return Err(format!("it loads up to {end}, listed to {listed}, {globals}"));
                }
            }
            Err(error) => {
                let place = error.location().and_then(|it| it.offset.zip(it.opcode));
                let Some((offset, opcode)) = place else { return Ok(()) };
                let found = listed.iter().find(|it| it.0 == offset);
                if found.is_some_and(|found| *found != (offset, opcode)) {
                    return Err(format!("{error}, where the tools find {found:?}"));
                }
            }
        }
        Ok(())
    });
}
