"""The peer of the bench `shelve`: peer.py MODULE DIRECTORY ENTRIES

Says `ready`, or why it cannot; then reads names of phases and answers each with the nanoseconds that it took.
Runs on CPython 2.7 and 3.
"""
import gc
import os
import shelve
import sys
import time

clock = getattr(time, 'perf_counter', time.time)


def say(line):
    sys.stdout.write(line + '\n')
    sys.stdout.flush()


def key(number):
    return '%08x' % (number * 2654435761 % 2 ** 32)


def record(number):
    return {
        'number': number,
        'name': u'jar %d' % number,
        'weight': number * 0.5,
        'tags': [u'sour', u'dill', number % 7],
        'note': u'.' * (100 + number % 200),
    }


class Bench(object):
    def __init__(self, module, directory, entries):
        self.module = __import__(module, fromlist=['open'])
        self.path = os.path.join(directory, module)
        self.entries = entries
        self.records = None
        self.shelf = None
        self.next = 0

    def begin(self):
        if hasattr(self.shelf.dict, '_cx'):
            self.shelf.dict._cx.execute('BEGIN')

    def commit(self):
        if hasattr(self.shelf.dict, '_cx'):
            self.shelf.dict._cx.execute('COMMIT')
        else:
            self.shelf.sync()

    def open(self):
        if self.shelf is not None:
            self.shelf.close()
        for suffix in ['', '.dat', '.dir', '.bak', '-wal', '-shm']:
            if os.path.exists(self.path + suffix):
                os.remove(self.path + suffix)
        self.shelf = shelve.Shelf(self.module.open(self.path, 'c'), 4 if sys.version_info[0] == 3 else 2)
        self.records = [record(number) for number in range(self.entries)]

    def bulk(self):
        self.begin()
        for number in range(self.entries):
            self.shelf[key(number)] = self.records[number]
        self.commit()

    def let_go(self):
        self.records = None
        gc.collect()

    def reads(self):
        for number in range(self.entries // 5):
            self.shelf[key(number * 7919 % self.entries)]

    def iteration(self):
        items = getattr(self.shelf, 'iteritems', self.shelf.items)
        count = 0
        for _ in items():
            count += 1
        assert count == self.entries

    def some(self, count):
        for _ in range(count):
            self.next = (self.next + 7919) % self.entries
            yield self.next

    def puts(self):
        for number in self.some(200):
            self.shelf[key(number)] = record(number)

    def transactions(self):
        for _ in range(50):
            self.begin()
            for number in self.some(20):
                self.shelf[key(number)] = record(number)
            self.commit()


def main():
    try:
        bench = Bench(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    except ImportError as error:
        say('it has no %s: %s' % (sys.argv[1], error))
        return
    say('ready')
    for phase in iter(sys.stdin.readline, ''):
        start = clock()
        getattr(bench, phase.strip())()
        say('%d' % ((clock() - start) * 1e9))


main()
