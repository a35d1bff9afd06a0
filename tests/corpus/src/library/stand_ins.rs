//! Classes and functions of Python's library that are pickled by name alone: what they do is never asked.

use halfsour_runtime::{Class, Context, Error, Module, Result, Value, exc};

enum Kind {
    Class,
    Function,
    Builtin,
}

/// What a module has of a kind.
type Names = (&'static str, Kind, &'static [&'static str]);

/// What each module has in Python 2.
const PYTHON2: &[Names] = &[
    ("socket", Kind::Class, &["_socketobject"]),
    ("itertools", Kind::Class, &["ifilter", "imap", "izip", "ifilterfalse", "izip_longest"]),
    ("UserDict", Kind::Class, &["IterableUserDict"]),
    ("UserList", Kind::Class, &["UserList"]),
    ("UserString", Kind::Class, &["UserString"]),
    ("whichdb", Kind::Function, &["whichdb"]),
    ("CGIHTTPServer", Kind::Class, &["CGIHTTPRequestHandler"]),
    ("SimpleHTTPServer", Kind::Class, &["SimpleHTTPRequestHandler"]),
    ("_socket", Kind::Function, &["fromfd"]),
    ("FileDialog", Kind::Class, &["FileDialog", "LoadFileDialog", "SaveFileDialog"]),
    ("SimpleDialog", Kind::Class, &["SimpleDialog"]),
    ("urllib", Kind::Class, &["ContentTooShortError"]),
    ("urllib2", Kind::Class, &["HTTPError", "URLError"]),
    ("urllib", Kind::Function, &["quote", "quote_plus", "unquote", "unquote_plus", "urlencode"]),
];

/// What each module has in Python 3.
const PYTHON3: &[Names] = &[
    ("_functools", Kind::Builtin, &["reduce"]),
    ("_socket", Kind::Class, &["socket"]),
    ("dbm", Kind::Function, &["whichdb"]),
    ("http.server", Kind::Class, &["CGIHTTPRequestHandler", "SimpleHTTPRequestHandler"]),
    ("itertools", Kind::Class, &["filterfalse", "zip_longest", "chain"]),
    ("socket", Kind::Function, &["fromfd"]),
    ("sys", Kind::Builtin, &["intern"]),
    ("tkinter.filedialog", Kind::Class, &["FileDialog", "LoadFileDialog", "SaveFileDialog"]),
    ("tkinter.simpledialog", Kind::Class, &["SimpleDialog"]),
    ("urllib.error", Kind::Class, &["ContentTooShortError", "HTTPError", "URLError"]),
    (
        "urllib.parse",
        Kind::Function,
        &["quote", "quote_plus", "unquote", "unquote_plus", "urlencode", "urlparse"],
    ),
    (
        "urllib.request",
        Kind::Function,
        &[
            "getproxies_environment",
            "pathname2url",
            "url2pathname",
            "urlcleanup",
            "urlopen",
            "urlretrieve",
        ],
    ),
    (
        "xmlrpc.server",
        Kind::Class,
        &[
            "DocCGIXMLRPCRequestHandler",
            "DocXMLRPCRequestHandler",
            "DocXMLRPCServer",
            "ServerHTMLDoc",
            "XMLRPCDocGenerator",
        ],
    ),
    ("queue", Kind::Class, &["Queue"]),
    ("configparser", Kind::Class, &["ConfigParser", "Error"]),
    ("_pickle", Kind::Class, &["Pickler"]),
    ("_pickle", Kind::Builtin, &["loads"]),
    ("http.client", Kind::Class, &["HTTPConnection"]),
    ("http.cookies", Kind::Class, &["SimpleCookie"]),
    ("_io", Kind::Class, &["StringIO", "BytesIO"]),
    ("socketserver", Kind::Class, &["TCPServer"]),
    ("html.parser", Kind::Class, &["HTMLParser"]),
    ("xmlrpc.client", Kind::Class, &["ServerProxy"]),
    ("reprlib", Kind::Class, &["Repr"]),
    ("email.mime.text", Kind::Class, &["MIMEText"]),
    ("subprocess", Kind::Function, &["check_output"]),
    ("types", Kind::Class, &["SimpleNamespace"]),
];

/// Names that modules have from others: module, name, where it is from, its name there.
const ALIASES: &[(&str, &str, &str, &str)] = &[
    ("functools", "reduce", "_functools", "reduce"),
    ("socket", "SocketType", "_socket", "socket"),
];

pub(super) fn define<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    halfsour_pickle::pickle_buffer_class(ctx)?;
    ctx.add_importer(|_, name| match name {
        // The CPythons that wrote the corpora were built without the C module that this one needs.
        "dbm.ndbm" => Err(Error::new(&exc::MODULE_NOT_FOUND_ERROR, "No module named '_dbm'")),
        _ => Ok(None),
    });
    define_names(ctx, PYTHON3)?;
    for (module, name, source, original) in ALIASES {
        let found = ctx.import_from(source, original)?;
        module_named(ctx, module)?.set(ctx, *name, found)?;
    }
    Ok(())
}

pub(super) fn define_python2<'gc>(ctx: Context<'gc>) -> Result<'gc, ()> {
    define_names(ctx, PYTHON2)
}

fn define_names<'gc>(ctx: Context<'gc>, all: &[Names]) -> Result<'gc, ()> {
    for (module, kind, names) in all {
        let module = module_named(ctx, module)?;
        for name in *names {
            if Value::from(module).find_attr(ctx, *name)?.is_none() {
                define_name(ctx, module, kind, name)?;
            }
        }
    }
    Ok(())
}

/// A module that may be there already.
fn module_named<'gc>(ctx: Context<'gc>, name: &str) -> Result<'gc, Module<'gc>> {
    match ctx.import(name) {
        Ok(Value::Module(module)) => Ok(module),
        _ => ctx.new_module(name),
    }
}

fn define_name<'gc>(
    ctx: Context<'gc>,
    module: Module<'gc>,
    kind: &Kind,
    name: &str,
) -> Result<'gc, ()> {
    match kind {
        Kind::Class => module.class_named(ctx, Class::builder(ctx, name).build()?),
        Kind::Function => module.function(ctx, name, |_, _| Ok(Value::None)).map(drop),
        Kind::Builtin => module.builtin(ctx, name, |_, _| Ok(Value::None)).map(drop),
    }
}
