"""Makes the files of this folder by the libraries themselves; see README.md.

Run as `python3 make.py FOLDER`, by a CPython that has dbm.gnu, and dbm.ndbm over Berkeley DB.
"""

import ctypes
import dbm.gnu
import dbm.ndbm
import os
import subprocess
import sys

# Every byte as a key; keys and values that are empty, and that do not fit on a page.
ENTRIES = {bytes([byte]): (bytes([byte]), byte % 7) for byte in range(256)}
ENTRIES.update({
    b"": (b"no key", 1),
    b"dill": (b"", 0),
    b"\xff\xfe\x80": (b"\0\r\n", 30),
    b"key" * 900: (b"short", 1),
    b"long": (b"value", 2500),
    b"both" * 300: (b"\0\xff", 4000),
})
VALUES = {key: part * times for key, (part, times) in ENTRIES.items()}


class Datum(ctypes.Structure):
    _fields_ = [("start", ctypes.c_char_p), ("size", ctypes.c_int)]


def fill(put, delete):
    """Writes the entries with detours, so that there is free space between."""
    for key in VALUES:
        put(key, b"overwritten " * 4)
    for key in list(VALUES)[::3]:
        delete(key)
    for key, value in VALUES.items():
        put(key, value)
    put(b"gone", b"in a moment" * 300)
    delete(b"gone")


def by_module(module, path):
    with module.open(path, "n", 0o644) as database:
        fill(database.__setitem__, database.__delitem__)


def by_library(name, prefix, database, arguments):
    """Fills a database by functions of C: PREFIX_store and PREFIX_delete."""
    library = ctypes.CDLL(name)
    opened = getattr(library, prefix + "_open")
    opened.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(opened(database.encode(), *arguments))
    assert handle.value, database
    store = lambda key, value: getattr(library, prefix + "_store")(
        handle, Datum(key, len(key)), Datum(value, len(value)), 1)
    delete = lambda key: getattr(library, prefix + "_delete")(handle, Datum(key, len(key)))
    fill(store, delete)
    getattr(library, prefix + "_close")(handle)


def load(path, entries, header="", options=()):
    """Makes a file of Berkeley DB by db_load."""
    lines = ["VERSION=3", "format=bytevalue", *header.split(), "HEADER=END"]
    for item in entries:
        lines.append(" " + item.hex())
    text = "\n".join([*lines, "DATA=END", ""])
    subprocess.run(["db5.3_load", *options, path], input=text.encode(), check=True)


os.chdir(sys.argv[1])
with open("entries.txt", "w") as out:
    for key, (part, times) in ENTRIES.items():
        out.write("%s %s %d\n" % (key.hex() or "-", part.hex() or "-", times))

by_module(dbm.gnu, "gnu")
by_module(dbm.ndbm, "berkeley_ndbm")
new, numsync = 3, 0x2000
by_library("libgdbm.so.6", "gdbm", "gnu_numsync", (0, new | numsync, 0o644, None))
by_library("libgdbm_compat.so.4", "dbm", "gnu_ndbm", (os.O_RDWR | os.O_CREAT, 0o644))
pairs = [item for pair in VALUES.items() for item in pair]
load("berkeley_big_endian", pairs, "type=hash db_lorder=4321 db_pagesize=512")
load("berkeley_large_pages", pairs, "type=hash db_pagesize=65536")

small = [b"key", b"value"]
load("refused_btree", small, "type=btree db_pagesize=512")
load("refused_duplicates", small + [b"key", b"other"], "type=hash duplicates=1 db_pagesize=512")
load("refused_checksums", small, "type=hash chksum=1 db_pagesize=512")
load("refused_encrypted", small, "type=hash db_pagesize=512", ["-P", "salt"])
load("refused_several", small, "database=one type=hash db_pagesize=512")
