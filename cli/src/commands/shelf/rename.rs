//! `halfsour shelf rename-class`.

use std::str::FromStr;

use halfsour::shelve::{Flag, MemoryStore, ShelfOptions, copy_entries};

use super::{dialect, of_store, open};
use crate::failure::{Result, Status};
use crate::key;
use crate::load::{LoadOptions, runtime};
use crate::terminal::{Look, Terminal};

const AFTER_HELP: &str = "\
Nothing is loaded: the names in the values change, and everything else stays byte for byte.
All values change together, or none.

Examples:
  halfsour shelf rename-class jars cellar.Jar larder.Jar --dry-run
  halfsour shelf rename-class jars 'cellar.*' 'larder.*'    everything of a module
  halfsour shelf rename-class jars larder:Shelf.Jar larder:Jar
                                        a colon where a class is inside of another

Exit status: 0 if it is done, 1 if values had to be left alone, 2 for errors.";

/// Give a class another name in every value of a shelf
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Rename {
    /// The shelf
    #[arg(value_name = "SHELF")]
    shelf: String,
    /// The class as it is named: MODULE.CLASS, or MODULE.* for all of a module
    #[arg(value_name = "OLD")]
    old: Name,
    /// How it is to be named
    #[arg(value_name = "NEW")]
    new: Name,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    load: LoadOptions,
}

/// A class, or all of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    module: String,
    /// The name in the module; nothing for all.
    name: Option<String>,
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let split = text.split_once(':').or_else(|| text.rsplit_once('.'));
        let (module, name) = split.ok_or("a class is MODULE.CLASS")?;
        let is_odd = |part: &str| part.is_empty() || part.contains(['*', '\n', ':']);
        if is_odd(module) || name != "*" && is_odd(name) {
            return Err("a class is MODULE.CLASS, MODULE:OUTER.INNER or MODULE.*".to_owned());
        }
        Ok(Self { module: module.to_owned(), name: (name != "*").then(|| name.to_owned()) })
    }
}

impl Name {
    /// The other name of a global, if it is this.
    fn renamed(&self, new: &Self, module: &str, name: &str) -> Option<(String, String)> {
        let is_it = module == self.module && self.name.as_ref().is_none_or(|own| own == name);
        is_it.then(|| {
            let name = new.name.clone().unwrap_or_else(|| name.to_owned());
            (new.module.clone(), name)
        })
    }
}

impl Rename {
    pub(crate) fn run(&self, terminal: &mut Terminal) -> Result<Status> {
        let store = open(&self.shelf, Flag::Read)?;
        let (dialect, flavour) = dialect(&*store, &self.load, &self.shelf)?;
        let of_shelf = |error| of_store(error, &self.shelf);
        let options = ShelfOptions::new().unpickler(self.load.unpickler(flavour));
        let mut shelf = if self.dry_run {
            // What is done to a copy in memory is done nowhere.
            let mut copy = MemoryStore::new();
            copy_entries(&*store, &mut copy).map_err(of_shelf)?;
            options.over(copy)
        } else {
            drop(store);
            options.open(&self.shelf, Flag::Write).map_err(of_shelf)?
        };
        let renamed = runtime(dialect).try_enter(|ctx| {
            let rename = |module: &str, name: &str| self.old.renamed(&self.new, module, name);
            let progress = |done| terminal.progress(format_args!("{done} values"));
            let renamed = shelf.rename_globals(ctx, rename, progress)?;
            shelf.close(ctx)?;
            Ok(renamed)
        })?;
        for (key, reason) in &renamed.left {
            terminal.look(Look::Bad, "left alone")?;
            terminal.line(format!("  {}: {reason}", key::show(key)))?;
        }
        let would = if self.dry_run { "would change" } else { "changed" };
        terminal.line(format!("{would}: {} of {} values", renamed.changed, renamed.values))?;
        Ok(Status::found(!renamed.left.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn classes_and_modules_are_named() {
        let name = |text: &str| text.parse::<Name>();
        let renamed = |old: &str, new: &str, module, class| {
            name(old).unwrap().renamed(&name(new).unwrap(), module, class)
        };
        let is = |module: &str, class: &str| Some((module.to_owned(), class.to_owned()));
        assert_eq!(renamed("a.b.C", "d.E", "a.b", "C"), is("d", "E"));
        assert_eq!(renamed("a.b.C", "d.E", "a.b", "X"), None);
        assert_eq!(renamed("a.b.*", "d.*", "a.b", "C"), is("d", "C"));
        assert_eq!(renamed("a:B.C", "a:C", "a", "B.C"), is("a", "C"));
        assert!(name("C").is_err() && name(".C").is_err() && name("a.").is_err());
        assert!(name("a.*.b").is_err());
    }
}
