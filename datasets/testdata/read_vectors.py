"""Reads the column embedding of the Parquet file argv[1] with pyarrow, pandas and DuckDB and prints the vectors that each reads, as JSON."""
import json
import sys

import duckdb
import pandas as pd
import pyarrow.parquet as pq

path = sys.argv[1]
column = pq.read_table(path, columns=["embedding"])
seen = duckdb.sql(f"select embedding from '{path}'")
print(json.dumps({
    "types": [str(column.schema.field("embedding").type), str(seen.types[0])],
    "pyarrow": column.column(0).to_pylist(),
    "pandas": [v.tolist() for v in pd.read_parquet(path)["embedding"]],
    "duckdb": [list(row[0]) for row in seen.fetchall()],
}))
