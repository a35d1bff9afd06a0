"""Loads streams in Python 3 and describes what comes out: a line of JSON on stdout for each on stdin.

As load_and_describe.py, with "buffers": [[base64, read-only], ...]; "module" is "pickle" (the C unpickler) or "_pickle"
(the one in Python).
"""
import base64
import copyreg
import io
import json
import os
import pickle
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, 'python3'))

import describe
import golden_classes

sys.setrecursionlimit(20000)
if hasattr(sys, 'set_int_max_str_digits'):
    sys.set_int_max_str_digits(0)

BASES = {'pickle': pickle.Unpickler, '_pickle': pickle._Unpickler}


def given(buffer):
    data = base64.b64decode(buffer[0])
    return data if buffer[1] else bytearray(data)


def load(line):
    class Unpickler(BASES[line['module']]):
        if line['pid']:
            def persistent_load(self, pid):
                return golden_classes.Ref(pid)

    stream = io.BytesIO(base64.b64decode(line['stream']))
    unpickler = Unpickler(stream, buffers=[given(buffer) for buffer in line['buffers']])
    if line['loads'] is None:
        return unpickler.load()
    return [unpickler.load() for _ in range(line['loads'])]


def with_extensions(line):
    for extension in line['ext']:
        copyreg.add_extension(*extension)
    try:
        return load(line)
    finally:
        for extension in line['ext']:
            copyreg.remove_extension(*extension)


def answer(line):
    try:
        loaded = with_extensions(line)
    except Exception as error:
        return {'raised': [type(error).__name__, str(error)]}
    return {'loaded': describe.describe(loaded, sort_dicts=True)}


for text in iter(sys.stdin.readline, ''):
    sys.stdout.write(json.dumps(answer(json.loads(text))) + '\n')
    sys.stdout.flush()
