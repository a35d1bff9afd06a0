//! Writing again what was loaded, and the comparison.

use crate::rule::Rule;
use crate::setup::Setup;

/// Loads a pickle, writes it and compares. Returns the rule that explains what differs, if anything does.
pub(crate) fn write_again(setup: &Setup) -> Result<Option<Rule>, String> {
    let found = setup.again()?;
    let expected = &setup.stream.bytes;
    if setup.comparable(&found)? == setup.comparable(expected)? {
        return Ok(None);
    }
    let rule = Rule::ALL.into_iter().find(|rule| rule.explains(setup, expected, &found));
    rule.map(Some).ok_or_else(|| different(expected, &found))
}

fn different(expected: &[u8], found: &[u8]) -> String {
    let same = expected.iter().zip(found).take_while(|(one, other)| one == other).count();
    let shown = |bytes: &[u8]| {
        let end = bytes.len().min(same + 40);
        bytes.get(same.saturating_sub(20)..end).unwrap_or_default().escape_ascii().to_string()
    };
    format!("bytes differ at {same}: expected ..{}, found ..{}", shown(expected), shown(found))
}
