# Writes the right-hand sides of the tables: `python measure.py < lines.txt > python2.txt`. A line of the input is code,
# with statements separated by `; `; lines that begin with `2:` or `3:` are for that Python only.
from __future__ import print_function
import ast
import importlib
import re
import sys

ARROW = '  -->  '
MODULES = ['array', 'collections', 'datetime', 'decimal', 'fractions', 'functools', 're', 'random', 'time', 'uuid']
if sys.version_info[0] == 3:
    MODULES += ['copyreg', 'enum', 'ipaddress', 'pathlib']
else:
    MODULES += ['UserDict', 'UserList', 'UserString']


def outcome(code):
    names = dict((name, importlib.import_module(name)) for name in MODULES)
    names['__name__'] = '__main__'
    try:
        tree = ast.parse(code)
        last = tree.body.pop()
        for statement in tree.body:
            exec(compile(ast.fix_missing_locations(ast.Module([statement], []) if sys.version_info[0] == 3
                                                   else ast.Module([statement])), '<line>', 'exec'), names)
        value = eval(compile(ast.Expression(last.value), '<line>', 'eval'), names)
        text = repr(value)
    except Exception as error:
        text = '!! %s: %s' % (type(error).__name__, error)
    text = re.sub(' at 0x[0-9a-f]+', ' at 0x..', text)
    return text.replace('\n', '\\n')


for line in sys.stdin:
    line = line.rstrip('\n')
    if not line or line.startswith('#'):
        print(line)
        continue
    if line[:2] in ('2:', '3:'):
        if line[0] != str(sys.version_info[0]):
            continue
        line = line[2:]
    print(line.strip() + ARROW + outcome(line.strip()))
