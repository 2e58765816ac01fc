"""Runs the Python code from stdin in the folder argv[1], with an array named vectors: one row per prompt, holding 0, 1, 2 and so on."""
import os
import sys

import numpy
import pyarrow.parquet

os.chdir(sys.argv[1])
vectors = numpy.arange(12, dtype=numpy.float64).reshape(3, 4)
exec(sys.stdin.read())
