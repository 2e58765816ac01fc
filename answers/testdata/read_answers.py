"""Reads a file of answers with pandas and DuckDB, and prints its cells as JSON, the same from both."""
import json
import sys

import duckdb
import pandas

path = sys.argv[1]
frame = pandas.read_parquet(path)
other = duckdb.sql(f"SELECT * FROM read_parquet('{path}')").df()


def cells(f):
    out = {}
    for name in f.columns:
        values = [None if not isinstance(v, (list, tuple)) and not hasattr(v, "tolist") and pandas.isna(v) else v for v in f[name]]
        out[name] = [v.tolist() if hasattr(v, "tolist") else v for v in values]
    return out


a, b = cells(frame), cells(other)
assert a == b, "pandas and DuckDB read different cells"
json.dump(a, sys.stdout)
