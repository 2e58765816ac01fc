"""Reads the Parquet file argv[1] with pyarrow and with DuckDB and prints the values that each reads, as JSON."""
import json
import sys

import duckdb
import pyarrow.parquet as pq

path = sys.argv[1]
table = pq.read_table(path)
print(json.dumps({
    "names": table.column_names,
    "types": [str(t) for t in table.schema.types],
    "nullable": [f.nullable for f in table.schema],
    "metadata": {k.decode(): v.decode() for k, v in (pq.read_metadata(path).metadata or {}).items() if k != b"ARROW:schema"},
    "created_by": pq.read_metadata(path).created_by,
    "pyarrow": [list(row.values()) for row in table.to_pylist()],
    "duckdb": [list(row) for row in duckdb.sql(f"select * from '{path}'").fetchall()],
}))
