//! Objects that cannot be pickled.

use std::io::Cursor;

use halfsour::copyreg;
use halfsour::pickle::{Pickler, Unpickler};
use halfsour::{Class, Dict, Error, IntoValue, Iter, List, Module, Tuple, Value, exc};

use crate::{Mistake, dump, function, new_jar};

pub(crate) const MISTAKES: &[Mistake] = &[
    Mistake {
        title: "An instance of a class that is not in its module",
        python: Some(
            "def make():\n    class Jar(object): pass\n    return Jar()\npickle.dumps({'shelf': [make()]}, 2)",
        ),
        make: |ctx, flavour| {
            let class = Class::builder(ctx, "Jar").module("larder").build()?;
            let jar = Value::from(class).call(ctx, ())?;
            let shelves = Value::from(Dict::new(ctx));
            shelves.set_item(ctx, "shelf", vec![jar])?;
            dump(ctx, flavour, shelves)
        },
    },
    Mistake {
        title: "A class in a module that is not there",
        python: Some("class Jar:\n    __module__ = 'cellar'\npickle.dumps([Jar], 2)"),
        make: |ctx, flavour| {
            let class = halfsour::ClassicClass::builder(ctx, "Jar").module("cellar").build()?;
            dump(ctx, flavour, vec![Value::from(class)].into_value(ctx))
        },
    },
    Mistake {
        title: "An instance of a class that was defined again since",
        python: Some(
            "class Jar(object): pass\njar = Jar()\nclass Jar(object): pass\npickle.dumps([jar], 2)",
        ),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| class)?;
            new_jar(ctx, |class| class)?;
            dump(ctx, flavour, vec![jar].into_value(ctx))
        },
    },
    Mistake {
        title: "A lambda",
        python: Some("pickle.dumps({'key': lambda jar: jar.label}, 2)"),
        make: |ctx, flavour| {
            let keys = Value::from(Dict::new(ctx));
            keys.set_item(ctx, "key", function(ctx, "<lambda>"))?;
            dump(ctx, flavour, keys)
        },
    },
    Mistake {
        title: "A function inside of another",
        python: Some(
            "def outer():\n    def inner(): pass\n    return inner\npickle.dumps(outer(), 2)",
        ),
        make: |ctx, flavour| dump(ctx, flavour, function(ctx, "inner")),
    },
    Mistake {
        title: "A bound method",
        python: Some("class Jar(object):\n    def open(self): pass\npickle.dumps([Jar().open], 2)"),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| class.method("open", |_, _, _| Ok(Value::None)))?;
            dump(ctx, flavour, vec![jar.get_attr(ctx, "open")?].into_value(ctx))
        },
    },
    Mistake {
        title: "A file in the state of an object",
        python: Some(
            "class Jar(object): pass\njar = Jar()\njar.log = open(os.devnull)\npickle.dumps([1, jar])",
        ),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| class)?;
            jar.set_attr(ctx, "log", ctx.new_file("log.txt", "r", Cursor::new(Vec::new())))?;
            let jars = vec![Value::Int(1), jar].into_value(ctx);
            Pickler::new().flavour(flavour).dumps(ctx, jars).map(drop)
        },
    },
    Mistake {
        title: "A module in the state of an object",
        python: Some(
            "class Jar(object): pass\njar = Jar()\njar.library = os\npickle.dumps(jar, 2)",
        ),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| class)?;
            jar.set_attr(ctx, "library", Module::new(ctx, "larder")?)?;
            dump(ctx, flavour, jar)
        },
    },
    Mistake {
        title: "A generator",
        python: Some("pickle.dumps({'rows': (row for row in [])}, 2)"),
        make: |ctx, flavour| {
            let rows = Iter::generator(ctx, function(ctx, "rows")).into_object(ctx);
            let data = Value::from(Dict::new(ctx));
            data.set_item(ctx, "rows", rows)?;
            dump(ctx, flavour, data)
        },
    },
    Mistake {
        title: "A weak reference",
        python: Some(
            "class Jar(object): pass\njar = Jar()\njar.itself = weakref.ref(jar)\npickle.dumps(jar, 2)",
        ),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| class)?;
            let reference = ctx.import_from("weakref", "ref")?.call(ctx, (jar,))?;
            jar.set_attr(ctx, "itself", reference)?;
            dump(ctx, flavour, jar)
        },
    },
    Mistake {
        title: "Slots without __getstate__ at protocol 0 or 1",
        python: Some("class Jar(object):\n    __slots__ = ['label']\npickle.dumps([Jar()])"),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| class.slots(&["label"]))?;
            let jars = vec![jar].into_value(ctx);
            Pickler::new().flavour(flavour).dumps(ctx, jars).map(drop)
        },
    },
    Mistake {
        title: "A __reduce__ that returns a list",
        python: Some(
            "class Jar(object):\n    def __reduce__(self): return []\n    def __repr__(self): return '<jar>'\npickle.dumps([Jar()], 2)",
        ),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| {
                class
                    .method("__reduce__", |ctx, _, _| Ok(List::new(ctx).into()))
                    .method("__repr__", |ctx, _, _| Ok("<jar>".into_value(ctx)))
            })?;
            dump(ctx, flavour, vec![jar].into_value(ctx))
        },
    },
    Mistake {
        title: "A __reduce__ that returns a tuple of one",
        python: Some(
            "class Jar(object):\n    def __reduce__(self): return (Jar,)\n    def __repr__(self): return '<jar>'\npickle.dumps([Jar()], 2)",
        ),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| {
                class
                    .method("__reduce__", |ctx, this, _| {
                        Ok(Tuple::new(ctx, &[this.get_attr(ctx, "__class__")?]).into())
                    })
                    .method("__repr__", |ctx, _, _| Ok("<jar>".into_value(ctx)))
            })?;
            dump(ctx, flavour, vec![jar].into_value(ctx))
        },
    },
    Mistake {
        title: "A __reduce__ whose arguments are a list",
        python: Some(
            "class Jar(object):\n    def __reduce__(self): return Jar, []\n    def __repr__(self): return '<jar>'\npickle.dumps([Jar()], 2)",
        ),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| {
                class
                    .method("__reduce__", |ctx, this, _| {
                        Ok((this.get_attr(ctx, "__class__")?, List::new(ctx)).into_value(ctx))
                    })
                    .method("__repr__", |ctx, _, _| Ok("<jar>".into_value(ctx)))
            })?;
            dump(ctx, flavour, vec![jar].into_value(ctx))
        },
    },
    Mistake {
        title: "A __reduce__ that returns a string which is no global",
        python: Some(
            "class Jar(object):\n    def __reduce__(self): return 'the_jar'\n    def __repr__(self): return '<jar>'\npickle.dumps([Jar()], 2)",
        ),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| {
                class
                    .method("__reduce__", |ctx, _, _| Ok("the_jar".into_value(ctx)))
                    .method("__repr__", |ctx, _, _| Ok("<jar>".into_value(ctx)))
            })?;
            dump(ctx, flavour, vec![jar].into_value(ctx))
        },
    },
    Mistake {
        title: "A __reduce__ whose callable is none (cPickle writes it; loading fails)",
        python: Some(
            "class Jar(object):\n    def __reduce__(self): return 7, ()\npickle.loads(pickle.dumps([Jar()], 2))",
        ),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| {
                class
                    .method("__reduce__", |ctx, _, _| Ok((7, Tuple::new(ctx, &[])).into_value(ctx)))
            })?;
            let jars = vec![jar].into_value(ctx);
            let bytes = Pickler::new().flavour(flavour).protocol(2).dumps(ctx, jars)?;
            crate::load(ctx, flavour, &bytes)
        },
    },
    Mistake {
        title: "A __getstate__ that raises",
        python: Some(
            "class Jar(object):\n    def __getstate__(self): raise KeyError('lid')\npickle.dumps({'shelf': [Jar()]}, 2)",
        ),
        make: |ctx, flavour| {
            let jar = new_jar(ctx, |class| {
                class.method("__getstate__", |_, _, _| Err(Error::new(&exc::KEY_ERROR, "lid")))
            })?;
            let shelves = Value::from(Dict::new(ctx));
            shelves.set_item(ctx, "shelf", vec![jar])?;
            dump(ctx, flavour, shelves)
        },
    },
    Mistake {
        title: "A protocol that Python 2 does not have",
        python: Some("pickle.dumps(1, 4)"),
        make: |ctx, flavour| {
            Pickler::new().flavour(flavour).protocol(4).dumps(ctx, Value::Int(1)).map(drop)
        },
    },
    Mistake {
        title: "A persistent_id that raises",
        python: Some(
            "def persistent_id(it):\n    if it == 7: raise LookupError('no id for 7')\npickler = pickle.Pickler(StringIO())\npickler.persistent_id = persistent_id\npickler.dump([3, (7,)])",
        ),
        make: |ctx, flavour| {
            let pickler =
                Pickler::new().flavour(flavour).protocol(0).persistent_id(|_, it| match it {
                    Value::Int(7) => Err(Error::new(&exc::LOOKUP_ERROR, "no id for 7")),
                    _ => Ok(None),
                });
            let seven = Tuple::new(ctx, &[Value::Int(7)]);
            pickler.dumps(ctx, vec![Value::Int(3), seven.into()].into_value(ctx)).map(drop)
        },
    },
    Mistake {
        title: "A persistent id that is no string, at protocol 0 (pickle.py writes its str, which no int is found by)",
        python: Some(
            "known, file = {7: []}, StringIO()\npickler = pickle.Pickler(file)\npickler.persistent_id = lambda it: 7\npickler.dump([])\nunpickler = pickle.Unpickler(StringIO(file.getvalue()))\nunpickler.persistent_load = known.__getitem__\nunpickler.load()",
        ),
        make: |ctx, flavour| {
            let pickler = Pickler::new()
                .flavour(flavour)
                .protocol(0)
                .persistent_id(|_, _| Ok(Some(Value::Int(7))));
            let bytes = pickler.dumps(ctx, List::new(ctx).into())?;
            let unpickler = Unpickler::new().flavour(flavour).persistent_load(|ctx, id| {
                let known = Dict::new(ctx);
                known.insert(ctx, Value::Int(7), List::new(ctx).into())?;
                Value::from(known).get_item(ctx, id)
            });
            unpickler.loads(ctx, &bytes).map(drop)
        },
    },
    Mistake {
        title: "A list that holds itself, in fast mode",
        python: Some(
            "pickler = pickle.Pickler(StringIO())\npickler.fast = 1\nlist = []\nlist.append(list)\npickler.dump(list)",
        ),
        make: |ctx, flavour| {
            let list = List::new(ctx);
            list.push(ctx, list.into());
            Pickler::new().flavour(flavour).fast(true).dumps(ctx, list.into()).map(drop)
        },
    },
    Mistake {
        title: "Lists nested deeper than the recursion limit",
        python: Some("list = []\nfor _ in range(5000):\n    list = [list]\npickle.dumps(list, 2)"),
        make: |ctx, flavour| {
            let nested =
                (0..5000).fold(Value::from(List::new(ctx)), |inner, _| vec![inner].into_value(ctx));
            dump(ctx, flavour, nested)
        },
    },
    Mistake {
        title: "A reducer for copy_reg that cannot be called",
        python: Some("class Jar(object): pass\ncopy_reg.pickle(Jar, 'reduce_jar')"),
        make: |ctx, _| {
            let jar = Class::builder(ctx, "Jar").build()?;
            copyreg::pickle(ctx, jar.into(), "reduce_jar".into_value(ctx), None)
        },
    },
    Mistake {
        title: "A reducer for copy_reg of a classic class",
        python: Some("class Jar: pass\ncopy_reg.pickle(Jar, len)"),
        make: |ctx, _| {
            let jar = halfsour::ClassicClass::builder(ctx, "Jar").build()?;
            copyreg::pickle(ctx, jar.into(), ctx.import_from("__builtin__", "len")?, None)
        },
    },
    Mistake {
        title: "An extension code that is taken",
        python: Some(
            "copy_reg.add_extension('larder', 'Jar', 7)\ncopy_reg.add_extension('larder', 'Lid', 7)",
        ),
        make: |ctx, _| {
            copyreg::add_extension(ctx, "larder", "Jar", 7)?;
            copyreg::add_extension(ctx, "larder", "Lid", 7)
        },
    },
];
