//! The likeliest mistakes in `#[derive(NativeClass)]` and `#[native_methods]`, with what the compiler says about each.
//!
//! `TRYBUILD=overwrite cargo test -p halfsour-derive` writes the expected texts.

use std::process::Command;

/// The compiler whose words are in the expected texts.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn mistakes_are_explained_where_they_are() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output();
    let version = version.map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
    match version {
        Ok(version) if version.starts_with(COMPILER) => {
            trybuild::TestCases::new().compile_fail("tests/mistakes/*.rs");
        }
        _ => println!("skipped: other compilers say it in other words than {COMPILER}x"),
    }
}
