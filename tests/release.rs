//! The crates are ready to be published: what their manifests say, and what is there.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What `cargo metadata` says of a package.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    manifest_path: PathBuf,
    description: Option<String>,
    license: Option<String>,
    readme: Option<PathBuf>,
    keywords: Vec<String>,
    categories: Vec<String>,
    rust_version: Option<String>,
    /// The registries that may have it: any, if there is no list.
    publish: Option<Vec<String>>,
    features: std::collections::BTreeMap<String, Vec<String>>,
    dependencies: Vec<Dependency>,
    metadata: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    kind: Option<String>,
    path: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// Categories that there are, as far as they are used here.
const CATEGORIES: [&str; 9] = [
    "command-line-utilities",
    "data-structures",
    "database-implementations",
    "date-and-time",
    "development-tools::procedural-macro-helpers",
    "encoding",
    "parser-implementations",
    "visualization",
    "wasm",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn metadata(arguments: &[&str]) -> Result<Vec<Package>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1"]).args(arguments).current_dir(root());
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice::<Metadata>(&output.stdout)?.packages)
}

/// The crates that are published.
fn published() -> Result<Vec<Package>> {
    let members = metadata(&["--no-deps", "--offline"])?;
    Ok(members.into_iter().filter(|it| it.publish.is_none()).collect())
}

impl Package {
    fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(root())
    }

    fn is_of_tests(&self) -> bool {
        self.folder().starts_with(root().join("tests"))
    }

    /// What is wrong with the manifest and the files beside it.
    fn problems(&self) -> Result<Vec<&'static str>> {
        let keyword = |it: &String| {
            it.len() <= 20 && it.chars().all(|it| it.is_ascii_alphanumeric() || it == '-')
        };
        let docs = self.metadata.as_ref().and_then(|it| it.pointer("/docs/rs/all-features"));
        let mut problems = Vec::new();
        let mut expect = |holds: bool, what| problems.extend((!holds).then_some(what));
        expect(self.description.as_ref().is_some_and(|it| it.len() > 20), "a description");
        expect(self.license.as_deref() == Some("MIT OR Apache-2.0"), "the licence");
        expect(matches!(self.keywords.len(), 1..=5), "one to five keywords");
        expect(self.keywords.iter().all(keyword), "keywords of letters");
        expect(!self.categories.is_empty(), "a category");
        expect(
            self.categories.iter().all(|it| CATEGORIES.contains(&it.as_str())),
            "known categories",
        );
        expect(self.rust_version.is_some(), "a rust-version");
        expect(docs == Some(&true.into()), "documentation with all features");
        let readme = self.readme.as_ref().map(|it| fs::read_to_string(self.folder().join(it)));
        let title = format!("# {}\n", self.name);
        expect(
            readme.is_some_and(|it| it.is_ok_and(|it| it.to_lowercase().starts_with(&title))),
            "a README of its own",
        );
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let own = fs::read(self.folder().join(licence)).ok();
            expect(
                own.is_some() && own == fs::read(root().join(licence)).ok(),
                "the text of the licences",
            );
        }
        Ok(problems)
    }
}

#[test]
fn manifests_say_what_they_have_to() -> Result<()> {
    let published = published()?;
    assert!(published.len() >= 8, "{} crates", published.len());
    for package in published {
        assert!(!package.is_of_tests(), "{} is for tests", package.name);
        let problems = package.problems()?;
        assert!(problems.is_empty(), "{} lacks {}", package.name, problems.join(", "));
    }
    Ok(())
}

/// In its documentation, and beside it in the manifest.
#[test]
fn every_feature_is_explained() -> Result<()> {
    for package in published()? {
        let manifest = fs::read_to_string(&package.manifest_path)?;
        let docs =
            ["src/lib.rs", "src/main.rs"].map(|it| fs::read_to_string(package.folder().join(it)));
        let docs: String = docs.into_iter().flatten().collect();
        for feature in package.features.keys().filter(|it| *it != "default") {
            let documented = format!("//! - `{feature}`");
            assert!(docs.contains(&documented), "{} does not explain {feature}", package.name);
            let lines: Vec<&str> = manifest.lines().collect();
            let defined = |pair: &&[&str]| pair[1].starts_with(&format!("{feature} = ["));
            let definition = lines.windows(2).find(defined);
            assert!(
                definition.is_some_and(|pair| pair[0].starts_with("# ")),
                "{feature} of {}",
                package.name
            );
        }
    }
    Ok(())
}

/// `docs/releasing.md` lists the crates so that each comes after those that it needs.
#[test]
fn the_order_of_publication_works() -> Result<()> {
    let text = fs::read_to_string(root().join("docs/releasing.md"))?;
    let listed: Vec<&str> = text
        .lines()
        .filter_map(|line| {
            line.split_once(". `").filter(|(number, _)| number.parse::<u32>().is_ok())
        })
        .filter_map(|(_, rest)| rest.strip_suffix('`'))
        .collect();
    let published = published()?;
    let names: BTreeSet<&str> = published.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), names);
    for package in &published {
        let own = listed.iter().position(|it| *it == package.name);
        for dependency in package.dependencies.iter().filter(|it| it.path.is_some()) {
            if dependency.req == "*" {
                // Without a version it is left out of what is published, which only tests can bear.
                assert_eq!(dependency.kind.as_deref(), Some("dev"), "{}", dependency.name);
                continue;
            }
            assert_eq!(dependency.req, format!("^{}", package.version), "{}", dependency.name);
            let needed = listed.iter().position(|it| *it == dependency.name);
            assert!(needed < own, "{} needs {}", package.name, dependency.name);
        }
    }
    Ok(())
}

/// No dependency asks for a younger compiler than the crates say they need.
#[test]
fn dependencies_are_content_with_the_rust_version() -> Result<()> {
    let version =
        |text: &str| -> Vec<u32> { text.split('.').filter_map(|it| it.parse().ok()).collect() };
    let Some(ours) = published()?.first().and_then(|it| it.rust_version.clone()) else {
        return Err("there is no rust-version".into());
    };
    // What other platforms need may never have been downloaded.
    let packages = match metadata(&["--locked", "--all-features"]) {
        Ok(packages) => packages,
        Err(error) => {
            println!("skipped: not all dependencies can be had: {error}");
            return Ok(());
        }
    };
    assert!(packages.len() > 50, "{} packages", packages.len());
    for package in packages {
        let Some(theirs) = &package.rust_version else { continue };
        let most = version(&format!("{ours}.0"));
        assert!(version(theirs) <= most, "{} {} needs {theirs}", package.name, package.version);
    }
    Ok(())
}
