"""Reads the Parquet file argv[1] with pyarrow, DuckDB, pandas and, if Python has them, polars and
fastparquet, and prints the rows that each reads, as JSON."""
import importlib.util
import json
import sys

import duckdb
import pandas as pd
import pyarrow.parquet as pq

path = sys.argv[1]
table = pq.read_table(path)


def pandas_rows(frame):
    return [[None if pd.isna(v) else v for v in row] for row in frame.to_numpy(dtype=object).tolist()]


rows = {
    "pyarrow": [list(row.values()) for row in table.to_pylist()],
    "duckdb": [list(row) for row in duckdb.sql(f"select * from '{path}'").fetchall()],
    "pandas": pandas_rows(pd.read_parquet(path, engine="pyarrow")),
}
if importlib.util.find_spec("polars"):
    import polars
    rows["polars"] = [list(row) for row in polars.read_parquet(path).rows()]
if importlib.util.find_spec("fastparquet"):
    rows["fastparquet"] = pandas_rows(pd.read_parquet(path, engine="fastparquet"))
print(json.dumps({
    "names": table.column_names,
    "types": [str(t) for t in table.schema.types],
    "nullable": [f.nullable for f in table.schema],
    "metadata": {k.decode(): v.decode() for k, v in (pq.read_metadata(path).metadata or {}).items() if k != b"ARROW:schema"},
    "created_by": pq.read_metadata(path).created_by,
    "rows": rows,
}))
