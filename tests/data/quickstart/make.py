"""Writes menu.pickle, which examples/quickstart.rs reads.  Run by CPython 2.7, once:  python2.7 make.py"""
import os
import sys
import types

kitchen = types.ModuleType('kitchen')
sys.modules['kitchen'] = kitchen

source = '''
class Jar:
    """A classic class: what it holds, and how many grams."""
    def __init__(self, label, grams):
        self.label = label
        self.grams = grams


class Recipe(object):
    """A new-style class: a title, the jars it needs, and the recipes that go well with it."""
    def __init__(self, title, jars):
        self.title = title
        self.jars = jars
        self.goes_with = []
'''
exec source in kitchen.__dict__

import pickle

salt = kitchen.Jar('salt', 500)
dill = kitchen.Jar('dill', 40)
pickles = kitchen.Recipe(u'Halfsour pickles', [salt, dill])
bread = kitchen.Recipe(u'Rye bread', [salt])
pickles.goes_with.append(bread)
bread.goes_with.append(pickles)

menu = {'tonight': [pickles, bread], 'shelf': [salt, dill]}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'menu.pickle'), 'wb') as out:
    pickle.dump(menu, out, 2)
