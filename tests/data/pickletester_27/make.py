"""Writes the pickles of this folder, which tests/pickletester_27 loads.  Run by CPython 2.7, once:  python2.7 make.py"""
import cPickle
import os
import pickle

HERE = os.path.dirname(os.path.abspath(__file__))


class C:
    pass


instance = C()
instance.foo = 1
instance.bar = 2
text = 'abc'
pair = (text, text, instance, instance)
numbers = [1, -1]
for largest in 0xff, 0xffff, 0x7fffffff:
    numbers += [largest, -largest, -largest - 1]
data = [0, 1L, 2.0, 3 + 0j] + numbers + [pair, pair, 5]

for module in pickle, cPickle:
    for protocol in range(3):
        name = '%s.%d.pickle' % (module.__name__, protocol)
        with open(os.path.join(HERE, name), 'wb') as out:
            module.dump(data, out, protocol)
