//! How a system's paths are joined and taken apart.

/// Whose paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    Posix,
    Windows,
}

/// A path taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) drive: String,
    pub(super) root: String,
    /// The names below the root.
    pub(super) names: Vec<String>,
}

impl Flavour {
    pub(super) fn separator(self) -> char {
        match self {
            Self::Posix => '/',
            Self::Windows => '\\',
        }
    }

    /// Drive, root and the rest of a path.
    fn split(self, path: &str) -> (String, String, String) {
        let own = |drive: &str, root: &str, rest: &str| {
            (drive.to_owned(), root.to_owned(), rest.to_owned())
        };
        if self == Self::Posix {
            let rest = path.trim_start_matches('/');
            // Exactly two slashes in front are a root of their own.
            return match path.len() - rest.len() {
                0 => own("", "", path),
                2 => own("", "//", rest),
                _ => own("", "/", rest),
            };
        }
        let path = path.replace('/', "\\");
        if let Some(share) = path.strip_prefix("\\\\") {
            let mut parts = share.splitn(3, '\\');
            let (host, share, rest) = (parts.next(), parts.next(), parts.next());
            let (host, share) = (host.unwrap_or_default(), share.unwrap_or_default());
            let drive = if share.is_empty() {
                format!("\\\\{host}")
            } else {
                format!("\\\\{host}\\{share}")
            };
            let root = if rest.is_some() || !share.is_empty() { "\\" } else { "" };
            return (drive, root.to_owned(), rest.unwrap_or_default().to_owned());
        }
        let has_drive = path.get(1..2) == Some(":");
        let (drive, rest) = if has_drive { path.split_at(2) } else { ("", path.as_str()) };
        match rest.strip_prefix('\\') {
            Some(rest) => own(drive, "\\", rest.trim_start_matches('\\')),
            None => own(drive, "", rest),
        }
    }

    /// The path that several make one behind the other, taken apart.
    pub(super) fn parse(self, paths: &[String]) -> Parsed {
        let (mut drive, mut root, mut joined) = (String::new(), String::new(), String::new());
        for path in paths {
            let (next_drive, next_root, rest) = self.split(path);
            let other_drive = !next_drive.is_empty() && !next_drive.eq_ignore_ascii_case(&drive);
            if !next_root.is_empty() || other_drive {
                if !next_drive.is_empty() || drive.is_empty() {
                    drive = next_drive;
                }
                (root, joined) = (next_root, rest);
                continue;
            }
            if !next_drive.is_empty() {
                drive = next_drive;
            }
            if !joined.is_empty() && !joined.ends_with(self.separator()) {
                joined.push(self.separator());
            }
            joined.push_str(&rest);
        }
        let names = joined.split(self.separator()).filter(|name| !name.is_empty() && *name != ".");
        Parsed { drive, root, names: names.map(str::to_owned).collect() }
    }

    /// The text of a path.
    pub(super) fn text(self, parsed: &Parsed) -> String {
        let separator = self.separator().to_string();
        let text = format!("{}{}{}", parsed.drive, parsed.root, parsed.names.join(&separator));
        if text.is_empty() { ".".to_owned() } else { text }
    }
}

impl Parsed {
    /// The root as the first part.
    pub(super) fn anchor(&self) -> String {
        format!("{}{}", self.drive, self.root)
    }

    pub(super) fn parts(&self) -> Vec<String> {
        let anchor = Some(self.anchor()).filter(|anchor| !anchor.is_empty());
        anchor.into_iter().chain(self.names.iter().cloned()).collect()
    }
}
