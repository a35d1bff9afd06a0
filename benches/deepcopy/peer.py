"""The peer of the bench `deepcopy`: peer.py FOLDER_OF_BENCH_CLASSES PICKLE

Says `ready`, or why it cannot copy the object; then reads numbers of iterations and answers each with the
nanoseconds that they took. Runs on CPython 2.7 and 3.
"""
import copy
import sys
import threading
import time

try:
    import cPickle as pickle
except ImportError:
    import pickle

clock = getattr(time, 'perf_counter', time.time)


def say(line):
    sys.stdout.write(line + '\n')
    sys.stdout.flush()


def load(path):
    with open(path, 'rb') as stream:
        if sys.version_info[0] == 2:
            return pickle.load(stream)
        return pickle.load(stream, encoding='latin-1')


def main():
    sys.path.insert(0, sys.argv[1])
    try:
        value = load(sys.argv[2])
        copy.deepcopy(value)
    except Exception as error:
        say('refuses: %s: %s' % (type(error).__name__, error))
        return
    say('ready')
    for line in iter(sys.stdin.readline, ''):
        start = clock()
        for _ in range(int(line)):
            copy.deepcopy(value)
        say('%d' % ((clock() - start) * 1e9))


# deepcopy nests calls as deep as the objects are nested.
sys.setrecursionlimit(1000000)
threading.stack_size(512 << 20)
thread = threading.Thread(target=main)
thread.start()
thread.join()
