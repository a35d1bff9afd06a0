"""Writes the right-hand sides of the tables beside this file: python2.7 measure.py list.txt ...
(python3.13 for python3.txt)

Each line is code, two blanks, an arrow, two blanks, and what CPython gave for the code: the repr of the last
expression, or the exception. Lines without an arrow get one.
"""

import re
import sys

ARROW = '  -->  '

try:
    unicode
except NameError:
    unicode, str = str, bytes
    MODULES = ['io']
else:
    MODULES = ['StringIO', 'cStringIO', 'io']


class MyList(list): pass
class MyTuple(tuple): pass
class MyDict(dict): pass
class MySet(set): pass
class MyFrozenSet(frozenset): pass
class MyStr(str): pass
class MyUnicode(unicode): pass
class MyByteArray(bytearray): pass


class OddList(list):
    def append(self, item): raise ValueError('append')
    def __len__(self): return 9
    def __iter__(self): return iter([9])


class OddDict(dict):
    def __setitem__(self, key, value): raise ValueError('__setitem__')
    def __getitem__(self, key): return 9
    def keys(self): return [7]


class DefaultDict(dict):
    def __missing__(self, key): return key


class Index(object):
    def __index__(self): return 1


class Whole(object):
    def __int__(self): return 7


class Shown(object):
    def __str__(self): return 'str'
    def __repr__(self): return 'repr'


class Emptier(object):
    def __init__(self, list): self.list = list
    def __eq__(self, other):
        if isinstance(self.list, dict): self.list.clear()
        else: del self.list[:]
        return True
    def __hash__(self): return 1


class Mapping:
    def keys(self): return [1, 2]
    def __getitem__(self, key): return 2 * key


def outcome(code):
    names = dict((name, value) for name, value in globals().items() if name[0].isupper())
    for name in MODULES:
        names[name] = __import__(name)
    statements = split(code)
    try:
        for statement in statements[:-1]:
            exec(statement, names)
        try:
            last = compile(statements[-1], 'last', 'eval')
        except SyntaxError:
            last = compile(statements[-1], 'last', 'exec')
        return re.sub(r' at 0x[0-9a-f]+', ' at 0x..', repr(eval(last, names)))
    except Exception as error:
        return re.sub(r' at 0x[0-9a-f]+', ' at 0x..', '!! %s: %s' % (type(error).__name__, error))


def split(code):
    """Splits statements at the semicolons that are in no string."""
    parts, quote, start, at = [], None, 0, 0
    while at < len(code):
        letter = code[at]
        if letter == '\\' and quote:
            at += 1
        elif quote:
            if letter == quote: quote = None
        elif letter in '\'"':
            quote = letter
        elif letter == ';':
            parts.append(code[start:at].strip())
            start = at + 1
        at += 1
    return parts + [code[start:].strip()]


if __name__ == '__main__':
    for name in sys.argv[1:]:
        lines = open(name).read().splitlines()
        with open(name, 'w') as table:
            for line in lines:
                code = line.split(ARROW)[0]
                if code.strip() and not code.startswith('#'):
                    line = code + ARROW + outcome(code)
                table.write(line + '\n')
