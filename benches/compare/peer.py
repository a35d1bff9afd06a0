"""A CPython, compared: peer.py FOLDER_OF_BENCH_CLASSES TASK DIALECT PROTOCOL PICKLE

Says `ready`, or why it refuses the task; then reads numbers of iterations and answers each with the nanoseconds
that they took, or with the kilobytes that its process took. Runs on CPython 2.7 and 3, with its collector on.
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


def peak_memory():
    with open('/proc/self/status') as status:
        for line in status:
            if line.startswith('VmHWM:'):
                return int(line.split()[1])
    raise RuntimeError('the system does not say')


def main():
    sys.path.insert(0, sys.argv[1])
    task, protocol = sys.argv[2], int(sys.argv[4])
    with open(sys.argv[5], 'rb') as stream:
        data = stream.read()
    try:
        if task == 'load':
            def work():
                pickle.loads(data)
        elif task == 'memory':
            value = pickle.loads(data)
            say('ready')
            say('%d' % peak_memory())
            return
        elif task == 'dump':
            value = pickle.loads(data)

            def work():
                pickle.dumps(value, protocol)
        else:
            value = pickle.loads(data)

            def work():
                copy.deepcopy(value)
        work()
    except Exception as error:
        say('refuses: %s: %s' % (type(error).__name__, error))
        return
    say('ready')
    for line in iter(sys.stdin.readline, ''):
        iterations = range(int(line))
        start = clock()
        for _ in iterations:
            work()
        say('%d' % ((clock() - start) * 1e9))


# deepcopy nests calls as deep as the objects are nested.
sys.setrecursionlimit(10000000)
threading.stack_size(1 << 30)
thread = threading.Thread(target=main)
thread.start()
thread.join()
