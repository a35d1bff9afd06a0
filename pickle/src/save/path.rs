//! Where in the object graph a dump failed, as a Python expression: `root['users'][3].profile`.

use halfsour_runtime::Value;

use super::frame::{ClassicStage, DictFrame, Frame, ItemKind, ItemsFrame, OpaqueStage, Stage};

/// How many steps are shown at either end of a long path.
const SHOWN: usize = 16;

/// The path to the part that was being written.
pub(super) fn path(frames: &[Frame<'_>]) -> String {
    let mut path = "root".to_owned();
    let mut is_state = false;
    for (depth, frame) in frames.iter().enumerate() {
        let skipped = frames.len() > 2 * SHOWN && depth >= SHOWN && depth < frames.len() - SHOWN;
        if skipped && depth == SHOWN {
            path.push_str(" ... ");
        } else if !skipped {
            path.push_str(&step(frame, is_state));
        }
        is_state = writes_state(frame);
    }
    path
}

/// Whether the part of an object that is being written is its state.
fn writes_state(frame: &Frame<'_>) -> bool {
    match frame {
        Frame::Build => true,
        Frame::Reduce(frame) => frame.stage == Stage::Build,
        Frame::Classic(frame) => frame.stage == ClassicStage::Build,
        Frame::Opaque(frame) => frame.stage == OpaqueStage::Build,
        _ => false,
    }
}

/// The step from an object to the part of it that is being written.
fn step(frame: &Frame<'_>, is_state: bool) -> String {
    match frame {
        Frame::List(frame) => format!("[{}]", frame.next.saturating_sub(1)),
        Frame::Tuple(frame) => format!("[{}]", frame.next.saturating_sub(1)),
        Frame::Set(_) | Frame::FrozenSet(_) => "{...}".to_owned(),
        Frame::Global(_) | Frame::Qualified(_) => ".__qualname__".to_owned(),
        Frame::Dict(frame) => dict_step(frame, is_state),
        Frame::Items(frame) => items_step(frame),
        Frame::Reduce(frame) => match frame.stage {
            Stage::Args => ".__reduce__()[0]".to_owned(),
            Stage::Keywords => ".__reduce__()[1]".to_owned(),
            // The state and the items show steps of their own.
            _ => String::new(),
        },
        Frame::Classic(frame) if frame.stage == ClassicStage::Args => {
            match frame.next_arg.checked_sub(frame.args_start + 1) {
                Some(index) => format!(".__getinitargs__()[{index}]"),
                None => ".__class__".to_owned(),
            }
        }
        Frame::Build | Frame::Classic(_) => String::new(),
        Frame::Opaque(frame) => match frame.stage {
            OpaqueStage::Arg(0) => ".__class__".to_owned(),
            OpaqueStage::Arg(next) => format!(".__getinitargs__()[{}]", next - 1),
            _ => String::new(),
        },
        Frame::PersistentId => ".persistent_id()".to_owned(),
    }
}

fn dict_step(frame: &DictFrame<'_>, is_state: bool) -> String {
    if frame.value.is_some() {
        return format!(".keys()[{}]", frame.taken.saturating_sub(1));
    }
    match frame.key {
        Value::Bytes(name) if is_state => format!(".{}", name.to_string_lossy()),
        Value::Unicode(name) if is_state => format!(".{}", name.to_string_lossy()),
        key => format!("[{}]", shown_key(key)),
    }
}

fn items_step(frame: &ItemsFrame<'_>) -> String {
    let index = (frame.written + frame.next - frame.start).saturating_sub(1);
    match frame.kind {
        ItemKind::List => format!("[{index}]"),
        ItemKind::Dict => match frame.value {
            Some(_) => format!(".keys()[{index}]"),
            None => format!(".values()[{index}]"),
        },
    }
}

/// A key as short as a path should be. Its `repr` is not asked: that could run any code.
fn shown_key(key: Value<'_>) -> String {
    const LONGEST: usize = 40;
    let quoted = |text: &str| {
        let escaped = |char: char| match char {
            '\\' | '\'' => format!("\\{char}"),
            _ if char.is_control() => char.escape_default().to_string(),
            _ => char.to_string(),
        };
        let short: String = text.chars().take(LONGEST).map(escaped).collect();
        let dots = if text.chars().nth(LONGEST).is_some() { "..." } else { "" };
        format!("'{short}{dots}'")
    };
    match key {
        Value::None => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(key) => key.to_string(),
        Value::Float(key) => halfsour_runtime::float_text::repr(key),
        Value::Bytes(key) => quoted(&key.to_string_lossy()),
        Value::Unicode(key) => quoted(&key.to_string_lossy()),
        _ => "...".to_owned(),
    }
}
