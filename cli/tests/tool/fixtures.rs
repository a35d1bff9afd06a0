//! The files that the sessions are about.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use halfsour::pickle::Pickler;
use halfsour::{Context, Result, Runtime, value};
use halfsour_corpus::{WildFile, folder, wild_manifests};

/// A new folder, which goes with this value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("halfsour-cli-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Writes all of them into a folder.
pub(crate) fn write_all(to: &Path) {
    let write = |name: &str, bytes: &[u8]| fs::write(to.join(name), bytes).unwrap();
    for name in ["quickstart/menu.pickle", "unknown/linear_regression.pickle", "unknown/tensor.pt"]
    {
        let from = folder::data().join(name);
        fs::copy(&from, to.join(from.file_name().unwrap())).unwrap();
    }
    write("jars.pickle", &python3(4, |ctx| jars(ctx, 500)));
    write("other.pickle", &python3(4, |ctx| jars(ctx, 400)));
    let numbers =
        python3(4, |ctx| value!(ctx, {"pi": 3.25, "big": 1234567890123_i64, (1, 2): [None, True]}));
    write("numbers.pickle", &numbers);
    let several = python3(4, |ctx| value!(ctx, ["first"]));
    let several = [several, b"(lp1\nS'second, by Python 2'\np2\na.".to_vec()];
    write("several.pickle", &several.concat());
    write("one_pickler.pickle", b"(lp0\nI1\na.(lp1\ng0\na.");
    write("trailing.pickle", b"I1\n.and more");
    write("newline.pickle", b"I1\n.\n");
    write("evil.pickle", b"cposix\nsystem\n(S'rm -rf /'\ntR.");
    write("steering.pickle", b"clarder\nJar\x1b[2J\n.");
    write("cut.pickle", b"\x80\x02]q\0(K\x01K\x02");
    write("smorgas.pickle", b"\x80\x02]q\x01U\x05sm\xf6rgq\x02a.");
    write("protocol2.pickle", &python3(2, |ctx| jars(ctx, 500)));
    write("bomb.gz", &gzip(&vec![b'N'; 3 << 20]));
    write("menu.pickle.gz", &gzip(&fs::read(to.join("menu.pickle")).unwrap()));
    write("letter.txt", b"Dear reader, this is no pickle.\n");
    write("settings.json", b"{\"dill\": 3}\n");
    write("empty", b"");
    write(
        "sklearn.policy",
        b"allow sklearn.**
allow numpy.**
deny  numpy.f2py.*
allow larder.Jar make state
",
    );
    write("bad.policy", b"allow numpy.*\nalow os.system\n");
    write("model.joblib", &wild("joblib", "joblib"));
    write("legacy.pt", &wild("torch-legacy", "torch"));
}

/// A pickle by Python 3.
fn python3(protocol: i32, make: impl for<'gc> Fn(Context<'gc>) -> Result<'gc>) -> Vec<u8> {
    let pickler = Pickler::new().protocol(protocol);
    Runtime::python3().try_enter(|ctx| pickler.dumps(ctx, make(ctx)?)).unwrap()
}

/// A shelf of jars, one of which stands there twice, and which is in itself.
fn jars<'gc>(ctx: Context<'gc>, grams: i64) -> Result<'gc> {
    let jar = value!(ctx, {"label": "dill", "grams": grams})?;
    let shelf = value!(ctx, {"jars": [jar, jar], "open": True})?;
    shelf.set_item(ctx, "self", shelf)?;
    Ok(shelf)
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The first file of the project's corpus in a container, by a library.
fn wild(container: &str, maker: &str) -> Vec<u8> {
    let manifests = wild_manifests(&folder::data()).unwrap();
    let files = manifests.iter().flat_map(|manifest| WildFile::read_manifest(manifest).unwrap());
    let file = files.into_iter().find(|file| file.container == container && file.maker == maker);
    file.expect("the corpus has one").bytes().unwrap()
}
