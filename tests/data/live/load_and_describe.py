"""Loads streams and describes what comes out: a line of JSON on stdout for each on stdin.

In: {"module": "pickle" | "cPickle", "stream": base64, "pid": bool, "ext": [[module, name, code]], "loads": n | null}
Out: {"loaded": {"root": ..., "nodes": [...]}} or {"raised": [type, text]}. Pairs of dicts are sorted.
"""
import base64
import copy_reg
import importlib
import json
import StringIO
import sys

import describe
import golden_classes

sys.setrecursionlimit(20000)


def load(line):
    stream = StringIO.StringIO(base64.b64decode(line['stream']))
    unpickler = importlib.import_module(line['module']).Unpickler(stream)
    if line['pid']:
        unpickler.persistent_load = golden_classes.Ref
    if line['loads'] is None:
        return unpickler.load()
    return [unpickler.load() for _ in range(line['loads'])]


def with_extensions(line):
    extensions = [(str(module), str(name), code) for module, name, code in line['ext']]
    for extension in extensions:
        copy_reg.add_extension(*extension)
    try:
        return load(line)
    finally:
        for extension in extensions:
            copy_reg.remove_extension(*extension)


def answer(line):
    try:
        loaded = with_extensions(line)
    except Exception as error:
        return {'raised': [type(error).__name__, str(error).decode('latin-1')]}
    return {'loaded': describe.describe(loaded, sort_dicts=True)}


for text in iter(sys.stdin.readline, ''):
    sys.stdout.write(json.dumps(answer(json.loads(text))) + '\n')
    sys.stdout.flush()
