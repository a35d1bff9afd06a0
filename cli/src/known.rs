//! [`Known`]: what is safe without a policy: the globals that Halfsour has itself, used as data.

use std::collections::HashMap;

use halfsour::pickle::tools::{Target, Use};
use halfsour::pickle::{Opcode, Unpickler};
use halfsour::{Dialect, Runtime, Value, copyreg};

/// The globals that are there, in a dialect.
pub(crate) struct Known {
    runtime: Runtime,
    /// Whether a global is, as far as it was asked for.
    globals: HashMap<Target, bool>,
    protocol: u8,
}

impl Known {
    /// What is known to streams of a protocol.
    pub(crate) fn new(dialect: Dialect, protocol: u8) -> Self {
        Self { runtime: Runtime::new(dialect), globals: HashMap::new(), protocol }
    }

    /// Whether a use is one that a load allows by default.
    pub(crate) fn allows(&mut self, target: &Target, usage: Use) -> bool {
        if matches!(usage, Use::ResultCalled | Use::Altered) {
            return false;
        }
        if let Some(&known) = self.globals.get(target) {
            return known;
        }
        let known = self.is_safe(target);
        self.globals.insert(target.clone(), known);
        known
    }

    /// Whether a global is a class of the library, or a function that is declared to make objects.
    fn is_safe(&mut self, target: &Target) -> bool {
        let Target::Global { module, name } = target else { return false };
        let text = |text: &str| {
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes();
            [&[Opcode::BINUNICODE.byte()], &length[..], text.as_bytes()].concat()
        };
        let ends = [Opcode::STACK_GLOBAL.byte(), Opcode::STOP.byte()];
        let begins = [Opcode::PROTO.byte(), self.protocol];
        let names_it = [&begins[..], &text(module), &text(name), &ends].concat();
        let asked = self.runtime.try_enter(|ctx| {
            let unpickler = Unpickler::new().newer_protocols(true);
            Ok(match unpickler.loads(ctx, &names_it)? {
                Value::Class(_) | Value::ClassicClass(_) => true,
                other => copyreg::is_constructor(ctx, other)?,
            })
        });
        asked.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use halfsour::Dialect;
    use halfsour::pickle::tools::{Target, Use};

    use super::Known;

    #[test]
    fn classes_of_the_library_are_known() {
        let allows = |dialect, protocol, module: &str, name: &str, usage| {
            let target = Target::Global { module: module.into(), name: name.into() };
            Known::new(dialect, protocol).allows(&target, usage)
        };
        let (two, three) = (Dialect::Python2, Dialect::Python3);
        assert!(allows(three, 4, "collections", "OrderedDict", Use::Called));
        assert!(allows(three, 2, "__builtin__", "set", Use::Called));
        assert!(allows(two, 2, "__builtin__", "set", Use::Called));
        assert!(allows(two, 0, "copy_reg", "_reconstructor", Use::Called));
        assert!(!allows(three, 4, "collections", "OrderedDict", Use::Altered));
        assert!(!allows(three, 4, "builtins", "getattr", Use::Called));
        assert!(!allows(three, 4, "os", "system", Use::Referenced));
        assert!(!allows(three, 4, "larder", "Jar", Use::Referenced));
    }
}
