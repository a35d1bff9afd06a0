//! Streams that cannot be loaded.

use std::io::Cursor;

use halfsour::pickle::tools::Use;
use halfsour::pickle::{Callables, Unpickler};
use halfsour::{ClassicClass, Error, IntoValue, Value};

use crate::{Mistake, function, load, new_jar, unpickling_error};

pub(crate) const MISTAKES: &[Mistake] = &[
    Mistake {
        title: "A class in a module that is not there",
        python: Some(r"pickle.loads('(lp0\nccellar\nBarrel\np1\na.')"),
        make: |ctx, flavour| load(ctx, flavour, b"(lp0\nccellar\nBarrel\np1\na."),
    },
    Mistake {
        title: "A class that is not in its module",
        python: Some(r"pickle.loads('(ilarder\nBarrel\n.')"),
        make: |ctx, flavour| load(ctx, flavour, b"(ilarder\nBarrel\n."),
    },
    Mistake {
        title: "A pickle that find_class refuses",
        python: None,
        make: |ctx, flavour| {
            let refuse = Unpickler::new().flavour(flavour).find_class(move |_, module, name| {
                Err(Error::new(unpickling_error(flavour), format!("{module}.{name} is forbidden")))
            });
            refuse.loads(ctx, b"cos\nsystem\n(S'ls'\ntR.").map(drop)
        },
    },
    Mistake {
        title: "A call of a function that was not declared safe, where only such may be called",
        python: None,
        make: |ctx, flavour| {
            ctx.import("larder")?.set_attr(ctx, "empty", function(ctx, "empty"))?;
            let careful = Unpickler::new().flavour(flavour).callables(Callables::Safe);
            careful.loads(ctx, b"clarder\nempty\n(tR.").map(drop)
        },
    },
    Mistake {
        title: "A use that the host's policy does not allow",
        python: None,
        make: |ctx, flavour| {
            ctx.import("larder")?.set_attr(ctx, "empty", function(ctx, "empty"))?;
            let careful = Unpickler::new().flavour(flavour).policy(|_, it| it != Use::Called);
            careful.loads(ctx, b"clarder\nempty\n(tR.").map(drop)
        },
    },
    Mistake {
        title: "A file without anything in it",
        python: Some("pickle.load(StringIO(''))"),
        make: |ctx, flavour| load(ctx, flavour, b""),
    },
    Mistake {
        title: "A pickle that was cut between two opcodes",
        python: Some(r"pickle.loads('\x80\x02]q\x00(K\x01')"),
        make: |ctx, flavour| load(ctx, flavour, b"\x80\x02]q\x00(K\x01"),
    },
    Mistake {
        title: "A pickle that was cut inside a string",
        python: Some(r"pickle.loads('\x80\x02U\x05dil')"),
        make: |ctx, flavour| load(ctx, flavour, b"\x80\x02U\x05dil"),
    },
    Mistake {
        title: "A pickle that was cut inside a line",
        python: Some(r"pickle.loads('(lp0\nI12')"),
        make: |ctx, flavour| load(ctx, flavour, b"(lp0\nI12"),
    },
    Mistake {
        title: "A text",
        python: Some("pickle.loads('To the jar: salt and dill')"),
        make: |ctx, flavour| load(ctx, flavour, b"To the jar: salt and dill"),
    },
    Mistake {
        title: "A document in JSON",
        python: Some(r#"pickle.loads('{"jars": 3}')"#),
        make: |ctx, flavour| load(ctx, flavour, br#"{"jars": 3}"#),
    },
    Mistake {
        title: "A file that gzip has compressed",
        python: Some(r"pickle.loads('\x1f\x8b\x08\x00\x00')"),
        make: |ctx, flavour| load(ctx, flavour, b"\x1f\x8b\x08\x00\x00"),
    },
    Mistake {
        title: "A ZIP archive",
        python: Some(r"pickle.loads('PK\x03\x04\x14\x00\n\x00\x00')"),
        make: |ctx, flavour| load(ctx, flavour, b"PK\x03\x04\x14\x00\n\x00\x00"),
    },
    Mistake {
        title: "A pickle that Python 3 wrote, protocol 4",
        python: Some(r"pickle.loads('\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94.')"),
        make: |ctx, flavour| {
            load(ctx, flavour, b"\x80\x04\x95\x05\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94.")
        },
    },
    Mistake {
        title: "An opcode of protocol 4 in a pickle that says it has protocol 2",
        python: Some(r"pickle.loads('\x80\x02\x8c\x01a.')"),
        make: |ctx, flavour| load(ctx, flavour, b"\x80\x02\x8c\x01a."),
    },
    Mistake {
        title: "A pickle that a text mode has changed",
        python: None,
        make: |ctx, flavour| load(ctx, flavour, b"(lp0\r\nI1\r\naI2\r\na."),
    },
    Mistake {
        title: "Damage in the middle",
        python: Some(r"pickle.loads('(lp0\nI1\na\xff\xff\xff.')"),
        make: |ctx, flavour| load(ctx, flavour, b"(lp0\nI1\na\xff\xff\xff."),
    },
    Mistake {
        title: "Persistent ids without a persistent_load",
        python: Some(r"pickle.loads('(lp0\nPthe jar\na.')"),
        make: |ctx, flavour| load(ctx, flavour, b"(lp0\nPthe jar\na."),
    },
    Mistake {
        title: "A persistent_load that raises",
        python: Some(
            "def persistent_load(id): raise pickle.UnpicklingError('unknown id: ' + id)\nunpickler = pickle.Unpickler(StringIO('Pthe jar\\n.'))\nunpickler.persistent_load = persistent_load\nunpickler.load()",
        ),
        make: |ctx, flavour| {
            let unpickler = Unpickler::new().flavour(flavour).persistent_load(move |ctx, id| {
                let message = format!("unknown id: {}", id.to::<String>(ctx)?);
                Err(Error::new(unpickling_error(flavour), message))
            });
            unpickler.loads(ctx, b"Pthe jar\n.").map(drop)
        },
    },
    Mistake {
        title: "A __setstate__ that fails",
        python: Some(
            "class Jar(object):\n    def __setstate__(self, state): state['label']\npickle.loads('\\x80\\x02clarder\\nJar\\n)\\x81}U\\x05gramsK\\x07sb.')",
        ),
        make: |ctx, flavour| {
            new_jar(ctx, |class| {
                class.method("__setstate__", |ctx, _, args| {
                    let (state,): (Value<'_>,) = args.parse(ctx, "__setstate__")?;
                    state.get_item(ctx, "label")
                })
            })?;
            load(ctx, flavour, b"\x80\x02clarder\nJar\n)\x81}U\x05gramsK\x07sb.")
        },
    },
    Mistake {
        title: "A state that is no dict, for a class without __setstate__",
        python: Some(
            "class Jar(object): pass\npickle.loads('\\x80\\x02clarder\\nJar\\n)\\x81K\\x07b.')",
        ),
        make: |ctx, flavour| {
            new_jar(ctx, |class| class)?;
            load(ctx, flavour, b"\x80\x02clarder\nJar\n)\x81K\x07b.")
        },
    },
    Mistake {
        title: "The state of slots that the class has no longer",
        python: Some(
            "class Jar(object):\n    __slots__ = ['grams']\npickle.loads('\\x80\\x02clarder\\nJar\\n)\\x81N}U\\x05labelU\\x04dills\\x86b.')",
        ),
        make: |ctx, flavour| {
            new_jar(ctx, |class| class.slots(&["grams"]))?;
            load(ctx, flavour, b"\x80\x02clarder\nJar\n)\x81N}U\x05labelU\x04dills\x86b.")
        },
    },
    Mistake {
        title: "A constructor that wants other arguments than the pickle has",
        python: Some(
            "class Jar:\n    def __init__(self, label): pass\npickle.loads('(I1\\nI2\\nilarder\\nJar\\n.')",
        ),
        make: |ctx, flavour| {
            let jar = ClassicClass::builder(ctx, "Jar").method("__init__", |ctx, _, args| {
                let (_this, _label): (Value<'_>, Value<'_>) =
                    args.prepend(Value::None).parse(ctx, "__init__")?;
                Ok(Value::None)
            });
            ctx.import("larder")?.set_attr(ctx, "Jar", Value::from(jar.build()?))?;
            load(ctx, flavour, b"(I1\nI2\nilarder\nJar\n.")
        },
    },
    Mistake {
        title: "A call of what is no function",
        python: Some("jars = 3\npickle.loads('clarder\\njars\\n(tR.')"),
        make: |ctx, flavour| {
            ctx.import("larder")?.set_attr(ctx, "jars", 3)?;
            load(ctx, flavour, b"clarder\njars\n(tR.")
        },
    },
    Mistake {
        title: "A list as a key",
        python: Some(r"pickle.loads('\x80\x02}]K\x01s.')"),
        make: |ctx, flavour| load(ctx, flavour, b"\x80\x02}]K\x01s."),
    },
    Mistake {
        title: "An extension code that nobody has registered",
        python: Some(r"pickle.loads('\x80\x02\x82\x07.')"),
        make: |ctx, flavour| load(ctx, flavour, b"\x80\x02\x82\x07."),
    },
    Mistake {
        title: "The second pickle of a Pickler, alone",
        python: Some(
            "file, jars = StringIO(), []\npickler = pickle.Pickler(file, 2)\npickler.dump(jars)\nfirst = file.tell()\npickler.dump([jars])\npickle.loads(file.getvalue()[first:])",
        ),
        make: |ctx, flavour| {
            let pickler = halfsour::pickle::Pickler::new().flavour(flavour).protocol(2);
            let (session, mut file) = (pickler.session(ctx)?, Vec::new());
            let jars = Value::from(halfsour::List::new(ctx));
            session.dump(ctx, &pickler, jars, &mut file)?;
            let first = file.len();
            session.dump(ctx, &pickler, vec![jars].into_value(ctx), &mut file)?;
            load(ctx, flavour, &file[first..])
        },
    },
    Mistake {
        title: "What __init__ sets, in an object whose pickle was made without it",
        python: Some(
            "class Jar(object):\n    def __init__(self): self.lid = True\npickle.loads('\\x80\\x02clarder\\nJar\\n)\\x81.').lid",
        ),
        make: |ctx, flavour| {
            new_jar(ctx, |class| {
                class.method("__init__", |ctx, this, _| {
                    this.set_attr(ctx, "lid", true)?;
                    Ok(Value::None)
                })
            })?;
            let bytes = b"\x80\x02clarder\nJar\n)\x81.";
            let jar = Unpickler::new().flavour(flavour).loads(ctx, bytes)?;
            jar.get_attr(ctx, "lid").map(drop)
        },
    },
    Mistake {
        title: "One more load than the file has pickles",
        python: Some("file = StringIO('I1\\n.')\npickle.load(file), pickle.load(file)"),
        make: |ctx, flavour| {
            let (unpickler, mut file) = (Unpickler::new().flavour(flavour), Cursor::new(b"I1\n."));
            unpickler.load(ctx, &mut file)?;
            unpickler.load(ctx, &mut file).map(drop)
        },
    },
    Mistake {
        title: "A number in a text pickle that is none",
        python: Some(r"pickle.loads('Itwelve\n.')"),
        make: |ctx, flavour| load(ctx, flavour, b"Itwelve\n."),
    },
    Mistake {
        title: "Items for a list of which no MARK says where they begin",
        python: Some(r"pickle.loads('\x80\x02]e.')"),
        make: |ctx, flavour| load(ctx, flavour, b"\x80\x02]e."),
    },
];
