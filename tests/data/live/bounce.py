"""Loads pickles and dumps them again: a line of JSON on stdout for each on stdin.

In: {"module": "pickle" | "cPickle", "protocol": n, "stream": base64}
Out: {"dumped": base64} or {"raised": traceback}
"""
import base64
import importlib
import json
import sys
import traceback

import pickletester_classes

for one in pickletester_classes.IN_MAIN:
    setattr(sys.modules['__main__'], one.__name__, one)


def answer(line):
    module = importlib.import_module(line['module'])
    try:
        loaded = module.loads(base64.b64decode(line['stream']))
        return {'dumped': base64.b64encode(module.dumps(loaded, line['protocol']))}
    except Exception:
        return {'raised': traceback.format_exc().decode('latin-1')}


for text in iter(sys.stdin.readline, ''):
    sys.stdout.write(json.dumps(answer(json.loads(text))) + '\n')
    sys.stdout.flush()
