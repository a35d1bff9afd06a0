"""Writes the pickles of this folder, which tests/pickletester_313 loads.  Run by CPython 3.13, once:  python3.13 make.py"""
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
data = [0, 1.0, 3 + 0j] + numbers + [pair, pair, 5]

for protocol in range(5):
    with open(os.path.join(HERE, '%d.pickle' % protocol), 'wb') as out:
        pickle.dump(data, out, protocol)
