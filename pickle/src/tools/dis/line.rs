//! The layout of a line.

use super::Note;
use crate::tools::genops::Operation;
use crate::tools::repr;

/// Where things are in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) indent: usize,
    pub(super) annotate: usize,
    pub(super) deepest: usize,
}

/// A longer line than this does not move the notes of the lines behind it.
const LAST_COLUMN: usize = 50;

impl Layout {
    pub(super) const DEFAULT: Self = Self { indent: 4, annotate: 0, deepest: 150 };

    /// Writes a line: `offset: code indent NAME argument note`, and perhaps what the opcode does.
    pub(super) fn line(
        &self,
        operation: &Operation<'_>,
        depth: usize,
        argument: Option<&str>,
        note: Option<Note>,
        column: &mut usize,
    ) -> String {
        let opcode = operation.opcode;
        let indent = self.indent.saturating_mul(depth.min(self.deepest));
        let mut line = format!("{:<4} ", repr::code(opcode.byte()));
        pad(&mut line, indent);
        line.push_str(opcode.name());
        if argument.is_some() || note.is_some() {
            pad(&mut line, 10usize.saturating_sub(opcode.name().len()));
        }
        for part in argument.map(str::to_owned).into_iter().chain(note.map(|it| it.to_string())) {
            line.push(' ');
            line.push_str(&part);
        }
        if self.annotate > 0 {
            self.write_doc(&mut line, opcode.doc(), column);
        }
        format!("{:5}: {line}", operation.offset)
    }

    fn write_doc(&self, line: &mut String, doc: &str, column: &mut usize) {
        let length = line.chars().count();
        pad(line, column.saturating_sub(length));
        *column = length.max(*column);
        if *column > LAST_COLUMN {
            *column = self.annotate;
        }
        line.push(' ');
        line.push_str(doc);
    }
}

fn pad(line: &mut String, blanks: usize) {
    line.push_str(&" ".repeat(blanks));
}
