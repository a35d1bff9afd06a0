"""The classes of tests/pickletester_27, for a real CPython 2.7 that loads their pickles and writes them again."""


class C:
    def __cmp__(self, other):
        return cmp(self.__dict__, other.__dict__)


class D(C):
    def __init__(self, needed):
        pass


class E(C):
    def __getinitargs__(self):
        return ()


class H(object):
    pass


class K(object):
    """A key that can be changed; all of it is in the arguments of its reduce value."""
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return K, (self.value,)


# Whose module a pickle calls `__main__`.
IN_MAIN = [C, D, E, H, K]
for one in IN_MAIN:
    one.__module__ = '__main__'


class initarg(C):
    def __init__(self, a, b):
        self.a = a
        self.b = b

    def __getinitargs__(self):
        return self.a, self.b


class myint(int):
    def __init__(self, number):
        self.str = str(number)


class metaclass(type):
    pass


class use_metaclass(object):
    __metaclass__ = metaclass


class REX_one(object):
    _reduce_called = 0

    def __reduce__(self):
        self._reduce_called = 1
        return REX_one, ()


class REX_two(object):
    _proto = None

    def __reduce_ex__(self, protocol):
        self._proto = protocol
        return REX_two, ()


class REX_four(object):
    _proto = None

    def __reduce_ex__(self, protocol):
        self._proto = protocol
        return object.__reduce_ex__(self, protocol)


class REX_five(object):
    _reduce_called = 0

    def __reduce__(self):
        self._reduce_called = 1
        return object.__reduce__(self)


class REX_six(object):
    def __init__(self):
        self.items = []

    def append(self, item):
        self.items.append(item)

    def extend(self, items):
        for item in items:
            self.append(item)

    def __reduce__(self):
        return type(self), (), None, iter(self.items), None


class REX_seven(object):
    def __init__(self):
        self.table = {}

    def __setitem__(self, key, value):
        self.table[key] = value

    def __reduce__(self):
        return type(self), (), None, None, iter(self.table.items())


class MyInt(int):
    pass


class MyLong(long):
    pass


class MyFloat(float):
    pass


class MyComplex(complex):
    pass


class MyStr(str):
    pass


class MyUnicode(unicode):
    pass


class MyTuple(tuple):
    pass


class MyList(list):
    pass


class MyDict(dict):
    pass


class SlotList(MyList):
    __slots__ = ['foo']


class SimpleNewObj(int):
    def __init__(self, *args, **keywords):
        raise TypeError('SimpleNewObj.__init__() was called')


class ComplexNewObj(SimpleNewObj):
    def __getnewargs__(self):
        return '%X' % self, 16
