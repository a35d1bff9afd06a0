//! The documents say of the code what is true of it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder of the project.
fn sources(folder: &str) -> io::Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn compatibility() -> io::Result<String> {
    fs::read_to_string(root().join("COMPATIBILITY.md"))
}

/// Each file with how many differences from CPython it has.
type Differences = BTreeMap<String, usize>;

#[test]
fn compatibility_lists_every_difference() -> io::Result<()> {
    let mut marked = Differences::new();
    for folder in ["runtime/src", "copyreg/src", "stdlib/src", "pickle/src", "shelve/src", "src"] {
        for path in sources(folder)? {
            let text = fs::read_to_string(&path)?;
            let count = text.lines().filter(|line| line.contains("// DIFFERENCE:")).count();
            if count > 0 {
                let name = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy();
                marked.insert(name.replace('\\', "/"), count);
            }
        }
    }
    let mut listed = Differences::new();
    for line in compatibility()?.lines() {
        let Some(row) = line.strip_prefix("| `") else { continue };
        if let Some((file, _)) = row.split_once("` |").filter(|(file, _)| file.ends_with(".rs")) {
            *listed.entry(file.to_owned()).or_default() += 1;
        }
    }
    assert_eq!(marked, listed);
    Ok(())
}

/// What SECURITY.md promises is held by tests, and these are there.
#[test]
fn security_names_tests_that_exist() -> io::Result<()> {
    let text = fs::read_to_string(root().join("SECURITY.md"))?;
    let mut found = 0;
    for line in text.lines().filter(|line| line.starts_with("| ") && !line.contains("held by")) {
        let tests: Vec<_> = line
            .split('`')
            .filter_map(|part| part.split_once("::").filter(|(file, _)| file.ends_with(".rs")))
            .collect();
        assert!(!tests.is_empty(), "no test holds: {line}");
        for (file, name) in tests {
            let code = fs::read_to_string(root().join(file))?;
            assert!(code.contains(&format!("fn {name}(")), "{file} has no {name}");
            found += 1;
        }
    }
    assert!(found > 20, "{found} tests");
    Ok(())
}

#[test]
fn nothing_is_unsafe() -> io::Result<()> {
    let forbids = fs::read_to_string(root().join("Cargo.toml"))?;
    assert!(forbids.contains("unsafe_code = \"forbid\""));
    for folder in ["runtime", "copyreg", "stdlib", "pickle", "shelve"] {
        let manifest = fs::read_to_string(root().join(folder).join("Cargo.toml"))?;
        assert!(manifest.contains("[lints]\nworkspace = true"), "{folder}");
    }
    Ok(())
}

/// Where the tests of a suite of CPython's are.
fn folders(suite: &str) -> &'static [&'static str] {
    match suite {
        "test_copy" => &["copyreg/tests/copy_27"],
        "test_copy_reg" => &["copyreg/tests"],
        "test_gc" => &["runtime/tests/test_gc"],
        "test_shelve" | "test_dumbdbm" | "test_anydbm" | "test_whichdb" => {
            &["shelve/tests/shelve_27"]
        }
        "test_descr" => &["runtime/tests/test_descr", "tests/test_descr"],
        "pickletester (3.13)" => &["tests/pickletester_313", "tests/pickletester"],
        "compat_names" => &["pickle/src/compat_names"],
        "test_picklebuffer" => &["pickle/tests"],
        "test_copyreg" => &["copyreg/tests"],
        _ => &["tests/pickletester_27", "tests/pickletester"],
    }
}

#[test]
fn what_is_listed_as_passed_is_a_test() -> io::Result<()> {
    let mut rows = 0;
    for line in compatibility()?.lines() {
        let cells: Vec<&str> = line.split(" | ").collect();
        let &[class, passed, _] = cells.as_slice() else { continue };
        let Some((suite, _)) = class.strip_prefix("| `").and_then(|it| it.split_once("` `")) else {
            continue;
        };
        let mut code = String::new();
        for folder in folders(suite) {
            for path in sources(folder)? {
                code.push_str(&fs::read_to_string(path)?);
            }
        }
        let (count, names) = passed.split_once(':').unwrap_or((passed, ""));
        let names: Vec<_> = names.split('`').filter(|name| name.starts_with("test_")).collect();
        assert_eq!(count, names.len().to_string(), "{class}");
        for name in names {
            let is_word = |at: usize| {
                let after = code[at + name.len()..].chars().next();
                after.is_none_or(|next| !next.is_alphanumeric() && next != '_')
            };
            let found = code.match_indices(name).any(|(at, _)| is_word(at));
            assert!(found, "{class}: there is no {name}");
            rows += 1;
        }
    }
    assert!(rows > 200, "the table lists {rows} rows");
    Ok(())
}
