"""Writes what this Python's pickletools says to the streams of the corpora, as digests. Python 2.7 and 3.

    python2.7 make_digests.py | gzip -9n > py27.txt.gz
    python3.13 make_digests.py | gzip -9n > py313.txt.gz

A line for each stream, sorted: the digests of the stream, of the text of dis with its error, and of the bytes of
optimize, `-` where optimize raises. A digest is the start of a SHA-256 in hexadecimal.
"""
import base64
import glob
import gzip
import hashlib
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'live'))
sys.dont_write_bytecode = True

from pickletools_answers import answer  # noqa: E402

# More marks inside each other than this make gigabytes of text.
DEEPEST = 1000


def streams():
    for name in sorted(glob.glob(os.path.join(HERE, '..', '*', '*.jsonl.gz'))):
        for line in gzip.open(name):
            line = json.loads(line.decode('utf-8'))
            if line.get('pickle') is not None:
                yield base64.b64decode(line['pickle'])
            elif line.get('parts'):
                yield b''.join(base64.b64decode(part) * times for part, times in line['parts'])


def digest(data):
    return hashlib.sha256(data).hexdigest()[:8]


def main():
    lines = {}
    for stream in set(streams()):
        if stream.count(b'(' * 3) > DEEPEST // 3:
            continue
        said = answer(stream)
        dis = said['dis'] + '\0' + (said['dis_error'] or '')
        optimized = said['optimized']
        assert digest(stream) not in lines
        lines[digest(stream)] = '%s %s' % (
            digest(dis.encode('utf-8')),
            '-' if optimized is None else digest(base64.b64decode(optimized)))
    for key in sorted(lines):
        sys.stdout.write('%s %s\n' % (key, lines[key]))


main()
