//! The lines of manifests that are known not to come out exactly, each with the rule that explains it.

use std::path::Path;

use serde::Deserialize;

use crate::{CrossLine, GoldenLine, Result, folder, json_lines};

/// One entry of `exceptions.jsonl`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    case: String,
    #[serde(rename = "impl")]
    implementation: String,
    #[serde(rename = "proto")]
    protocol: i32,
    /// The manifest, if the line is one of a cross manifest.
    manifest: Option<String>,
    /// Why it is so: a rule that holds for more than this line.
    pub rule: String,
}

/// Every entry of a folder, which may have none.
///
/// # Errors
/// When the file cannot be read or a line is not an entry.
pub fn listed(folder: &Path) -> Result<Vec<Listed>> {
    let mut all = Vec::new();
    for path in folder::shared(folder, folder::LISTED)? {
        all.extend(json_lines::read::<Listed>(&path)?);
    }
    Ok(all)
}

impl Listed {
    /// Whether this is about that line of a cross manifest.
    pub fn is_about_cross(&self, manifest: &str, line: &CrossLine) -> bool {
        self.manifest.as_deref() == Some(manifest)
            && self.case == line.case
            && self.implementation == line.implementation
            && self.protocol == line.protocol
    }

    /// Whether this is about that line.
    pub fn is_about(&self, line: &GoldenLine) -> bool {
        self.manifest.is_none()
            && self.case == line.case
            && self.implementation == line.implementation
            && self.protocol == line.protocol
    }
}
