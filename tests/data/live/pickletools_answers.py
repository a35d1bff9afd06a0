"""What this Python's pickletools says to streams: a line of JSON on stdout for each on stdin. Python 2.7 and 3.

In: {"stream": base64}
Out: {"dis": text, "dis_error": text | null, "optimized": base64 | null, "optimize_error": text | null}

An error is the text of the exception; one that is neither ValueError nor IndexError has its type in front.
"""
import base64
import json
import pickletools
import sys
import warnings

warnings.simplefilter('ignore')

PYTHON2 = sys.version_info[0] == 2


class Text(object):
    """A file for what dis prints: byte strings in 2.7, text in 3."""

    def __init__(self):
        self.parts = []

    def write(self, text):
        self.parts.append(text)

    def text(self):
        text = ''.join(self.parts)
        # What is behind the last newline is the offset of an opcode whose line was never finished.
        return text[:text.rfind('\n') + 1]


def error_of(function):
    try:
        function()
    except Exception as error:
        text = str(error)
        if PYTHON2:
            text = text.decode('latin-1')
        if not isinstance(error, (ValueError, IndexError)):
            text = type(error).__name__ + ': ' + text
        return text


def answer(stream):
    disassembly, optimized = Text(), []
    dis_error = error_of(lambda: pickletools.dis(stream, disassembly))
    optimize_error = error_of(lambda: optimized.append(pickletools.optimize(stream)))
    return {'dis': disassembly.text(), 'dis_error': dis_error,
            'optimized': base64.b64encode(optimized[0]).decode('ascii') if optimized else None,
            'optimize_error': optimize_error}


def main():
    for line in iter(sys.stdin.readline, ''):
        sys.stdout.write(json.dumps(answer(base64.b64decode(json.loads(line)['stream']))) + '\n')
        sys.stdout.flush()


if __name__ == '__main__':
    main()
