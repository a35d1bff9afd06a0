//! Editing one number or text in the first stand-in that has one: what is written has the edit and nothing else.

use halfsour_runtime::{Context, Error, Value};

use crate::graph::{self, Place};
use crate::setup::Setup;

/// Edits, and checks that a load of what is written shows the edit. Returns what is written; nothing if there is nothing
/// to edit.
pub(crate) fn edit(setup: &Setup) -> Result<Option<Vec<u8>>, String> {
    let written = setup.runtime().try_enter(|ctx| {
        let root = setup.load(ctx, &setup.stream.bytes)?;
        let before = setup.dump(ctx, root)?;
        let Some((number, place, old)) = first_editable(ctx, root)? else { return Ok(Ok(None)) };
        let Some(new) = graph::changed(ctx, old) else { return Ok(Ok(None)) };
        graph::set(ctx, graph::opaques(ctx, root)?[number], &place, new)?;
        let after = setup.dump(ctx, root)?;
        let wrong = check(setup, ctx, (number, &place), (old, new), (&before, &after))?;
        Ok(wrong.map_or(Ok(Some(after)), Err))
    });
    written.map_err(|error| error.to_string())?
}

fn first_editable<'gc>(
    ctx: Context<'gc>,
    root: Value<'gc>,
) -> Result<Option<(usize, Place, Value<'gc>)>, Error<'gc>> {
    let mut all = graph::opaques(ctx, root)?.into_iter().enumerate();
    Ok(all.find_map(|(number, opaque)| {
        let (place, value) = graph::editable(ctx, opaque)?;
        Some((number, place, value))
    }))
}

/// Loads what was written, and says what is wrong with it.
fn check<'gc>(
    setup: &Setup,
    ctx: Context<'gc>,
    (number, place): (usize, &Place),
    (old, new): (Value<'gc>, Value<'gc>),
    (before, after): (&[u8], &[u8]),
) -> Result<Option<String>, Error<'gc>> {
    if before == after {
        return Ok(Some(format!("an edit of {place:?} changes no byte")));
    }
    let reloaded = setup.load(ctx, after)?;
    let Some(&opaque) = graph::opaques(ctx, reloaded)?.get(number) else {
        return Ok(Some("the edited stand-in is not there after a load".to_owned()));
    };
    let found = graph::get(ctx, opaque, place)?;
    if !found.map_or(Ok(false), |found| found.equals(ctx, new))? {
        return Ok(Some(format!("an edit of {place:?} is not there after a load")));
    }
    // A number is shared by nothing, so that setting it back undoes all.
    if matches!(place, Place::Field(_) | Place::ListItem(_)) && matches!(old, Value::Int(_)) {
        graph::set(ctx, opaque, place, old)?;
        let undone = setup.dump(ctx, reloaded)?;
        if setup.comparable(&undone) != setup.comparable(before) {
            return Ok(Some(format!("undoing an edit of {place:?} gives other bytes")));
        }
    }
    Ok(None)
}
