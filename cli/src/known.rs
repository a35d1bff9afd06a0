//! What is allowed without a policy of the user's: a policy that is built in.

use crate::policy::Policy;

/// The policy, as a file.
pub(crate) const TEXT: &str = include_str!("known.policy");

/// Returns the policy.
pub(crate) fn policy() -> Policy {
    TEXT.parse().expect("a test reads it")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use halfsour::pickle::tools::{Target, Use};
    use halfsour::{Dialect, Runtime, Value, copyreg};

    /// A global that is there in neither Python, or is a function that nobody declared safe, is no data that is known.
    #[test]
    fn everything_allowed_is_a_class_or_a_constructor_here() {
        let mut missing: HashSet<&str> = super::TEXT
            .lines()
            .filter_map(|line| line.strip_prefix("allow ")?.split(' ').next())
            .filter(|name| !name.ends_with(".*"))
            .collect();
        assert!(missing.len() > 100);
        for dialect in [Dialect::Python2, Dialect::Python3] {
            let found = Runtime::new(dialect).try_enter(|ctx| {
                let found = missing.iter().filter(|name| {
                    let Some((module, name)) = name.rsplit_once('.') else { return false };
                    match ctx.import_from(module, name) {
                        Ok(Value::Class(_) | Value::ClassicClass(_)) => true,
                        Ok(Value::Ellipsis | Value::NotImplemented) => true,
                        Ok(other) => copyreg::is_constructor(ctx, other).unwrap_or(false),
                        Err(_) => false,
                    }
                });
                Ok(found.copied().collect::<Vec<_>>())
            });
            for name in found.unwrap() {
                missing.remove(name);
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn what_opens_or_calls_something_is_not_known() {
        let policy = super::policy();
        let allows = |module: &str, name: &str, usage| {
            policy.allows(&Target::Global { module: module.into(), name: name.into() }, usage)
        };
        assert!(allows("collections", "OrderedDict", Use::Called));
        assert!(allows("__builtin__", "set", Use::Called));
        assert!(!allows("collections", "OrderedDict", Use::Altered));
        for (module, name) in [
            ("__builtin__", "file"),
            ("builtins", "open"),
            ("builtins", "getattr"),
            ("builtins", "type"),
            ("builtins", "map"),
            ("types", "FunctionType"),
            ("functools", "partial"),
            ("os", "system"),
            ("exceptions", "os.system"),
        ] {
            assert!(!allows(module, name, Use::Referenced), "{module}.{name}");
        }
    }
}
