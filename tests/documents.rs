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
    let folders = [
        "runtime/src",
        "copyreg/src",
        "stdlib/src",
        "pickle/src",
        "graph/src",
        "shelve/src",
        "cli/src",
        "src",
    ];
    for folder in folders {
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
    for folder in
        ["runtime", "runtime/derive", "copyreg", "stdlib", "pickle", "graph", "shelve", "cli"]
    {
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

/// The pages that people read, with their folders.
fn pages() -> io::Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join("docs")]);
    for entry in fs::read_dir(root())? {
        found.push(entry?.path());
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    Ok(found)
}

/// The code blocks of a page, each with what it says behind its fence.
fn blocks(text: &str) -> Vec<(&str, Vec<&str>)> {
    let (mut blocks, mut open) = (Vec::new(), None::<(&str, Vec<&str>)>);
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(kind), None) => open = Some((kind, Vec::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => {}
        }
    }
    blocks
}

/// A newcomer's programs are short, and what they are made of is not hidden.
#[test]
fn first_steps_are_short() -> io::Result<()> {
    let text = fs::read_to_string(root().join("README.md"))?;
    let section = text.split("\n## First steps\n").nth(1).and_then(|it| it.split("\n## ").next());
    let blocks = blocks(section.unwrap_or_default());
    let programs: Vec<_> =
        blocks.into_iter().filter(|(kind, _)| kind.starts_with("rust")).collect();
    assert!(programs.len() >= 4, "{} programs", programs.len());
    for (kind, lines) in programs {
        assert_eq!(kind, "rust", "it is compiled and run as it stands");
        assert!(lines.len() <= 20, "{} lines: {}", lines.len(), lines.join("\n"));
        assert!(lines.iter().any(|line| line.starts_with("fn main()")), "{}", lines.join("\n"));
        assert!(!lines.iter().any(|line| line.starts_with('#') && !line.starts_with("#[")));
    }
    Ok(())
}

/// Examples of Rust are run as tests of the documentation; nothing keeps them from it.
#[test]
fn no_example_is_left_out() -> io::Result<()> {
    let tested = ["src/lib.rs", "src/guide.rs"].map(|it| fs::read_to_string(root().join(it)));
    let tested = tested.into_iter().collect::<io::Result<String>>()?;
    for page in pages()? {
        let name = page.strip_prefix(root()).unwrap_or(&page).to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&page)?;
        for (kind, lines) in blocks(&text) {
            assert!(!kind.contains("ignore") && !kind.contains("no_run"), "{name}: {kind}");
            let is_rust = kind.starts_with("rust") || kind == "compile_fail";
            let included = tested.contains(&format!("include_str!(\"../{name}\")"));
            assert!(included || !is_rust, "{name} is not tested: {}", lines.join("\n"));
        }
    }
    Ok(())
}

/// What pages name is there: examples, benches, tests, and the files that they link to.
#[test]
fn what_pages_name_exists() -> io::Result<()> {
    let mut found = 0;
    for page in pages()? {
        let text = fs::read_to_string(&page)?;
        let words: Vec<&str> =
            text.split(|it: char| it.is_whitespace() || "`,;()".contains(it)).collect();
        for pair in words.windows(2) {
            let folder = match pair[0] {
                "--example" => "examples",
                "--bench" => "benches",
                "--test" => "tests",
                _ => continue,
            };
            let name = pair[1].trim_end_matches('.');
            let exists = ["", "runtime", "copyreg", "stdlib", "pickle", "graph", "shelve"]
                .iter()
                .any(|package| {
                    let place = root().join(package).join(folder).join(name);
                    place.with_extension("rs").is_file() || place.join("main.rs").is_file()
                });
            assert!(exists || name == "NAME", "{}: there is no {folder}/{name}", page.display());
            found += 1;
        }
        for link in text.split("](").skip(1).filter_map(|it| it.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !link.contains("://") && !file.is_empty() {
                let target = page.with_file_name(file);
                assert!(target.exists(), "{} links to {link}", page.display());
                found += 1;
            }
        }
    }
    assert!(found > 60, "{found} names");
    Ok(())
}
