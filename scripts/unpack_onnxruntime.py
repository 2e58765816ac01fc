"""Unpack ONNX Runtime's shared library from its wheel.

usage: unpack_onnxruntime.py WHEELS OUT

Reads the newest wheel in WHEELS, writes the library into OUT.
"""

import pathlib
import re
import sys
import zipfile

LIBRARY = re.compile(r"onnxruntime/capi/((?:lib)?onnxruntime\.(?:so|dll|[\d.]*dylib)[\d.]*)")


def main():
    wheels, out = map(pathlib.Path, sys.argv[1:])
    wheel = max(wheels.glob("onnxruntime-*.whl"), key=lambda path: path.stat().st_mtime)
    out.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if found := LIBRARY.fullmatch(name):
                (out / found[1]).write_bytes(archive.read(name))
                print(out / found[1])


if __name__ == "__main__":
    main()
