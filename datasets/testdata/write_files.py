"""Writes sample files into the folder argv[1], using pyarrow, pandas and DuckDB, for the Go tests to read.

Row i of 1..60: id row/<i>, quality a = i mod 2, quality b null in every seventh row, else i / 4.
"""
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

out, n = Path(sys.argv[1]), 60
rows = range(1, n + 1)
ids = [f"row/{i}" for i in rows]
tasks = [["maths", "law", "naïve"][i % 3] for i in rows]
quarters = [None if i % 7 == 0 else i / 4 for i in rows]
bits = [i % 2 for i in rows]


def table(a, ids_type=pa.string(), **more):
    return pa.table({
        "sample_id": pa.array(ids, ids_type), "task": pa.array(tasks).dictionary_encode(),
        "cluster": pa.array([None if i % 2 else "c" for i in rows]),
        "feature:chars": pa.array(list(rows), pa.int64()),
        "contaminated": pa.array([i == 3 for i in rows]),
        "quality:a": a, "quality:b": pa.array(quarters, pa.float64()),
        "note": pa.array(["x"] * n), "embedding": pa.array([[0.5, 1.0]] * n), **more,
    })


floats = pa.array(bits, pa.float64())
for codec in ("snappy", "zstd", "gzip", "none"):
    pq.write_table(table(floats), out / f"pyarrow_{codec}.parquet", compression=codec, row_group_size=17)
for kind, values in {"bool": [bool(b) for b in bits], "int8": bits, "uint8": bits, "int32": bits, "int64": bits, "uint64": bits,
                     "float32": bits, "float16": bits, "decimal128": bits, "decimal256": bits}.items():
    typ = {"bool": pa.bool_(), "decimal128": pa.decimal128(22, 2), "decimal256": pa.decimal256(40, 0)}.get(kind) or getattr(pa, kind)()
    pq.write_table(table(pa.array(values, typ)), out / f"pyarrow_{kind}.parquet", row_group_size=25)
pq.write_table(table(pa.array([bool(b) for b in bits])), out / "pyarrow_v2.parquet", data_page_version="2.0", version="2.6",
               use_dictionary=False, data_page_size=64)
pq.write_table(table(floats, pa.large_string()), out / "pyarrow_large_string.parquet", use_dictionary=False, data_page_size=100)
pq.write_table(table(floats), out / "pyarrow_delta.parquet", use_dictionary=False, column_encoding={
    "sample_id": "DELTA_BYTE_ARRAY", "feature:chars": "DELTA_BINARY_PACKED", "quality:a": "BYTE_STREAM_SPLIT"})
required = table(floats).drop_columns(["cluster", "quality:b"])
required = required.cast(pa.schema([f.with_nullable(False) for f in required.schema]))
pq.write_table(required, out / "required.parquet")
pq.write_table(table(floats, **{"quality:none": pa.nulls(n)}), out / "pyarrow_null.parquet", row_group_size=20)

frame = pd.DataFrame({"sample_id": ids, "task": pd.Categorical(tasks), "cluster": [None if i % 2 else "c" for i in rows],
                      "feature:chars": list(rows), "contaminated": [i == 3 for i in rows],
                      "quality:a": bits, "quality:b": np.array(quarters, float)})
frame.to_parquet(out / "pandas.parquet", index=False)

select = """select 'row/' || i as sample_id, ['maths', 'law', 'naïve'][i % 3 + 1] as task,
  case when i % 2 = 0 then 'c' end as cluster, i as "feature:chars", i = 3 as contaminated,
  {a} as "quality:a", case when i % 7 <> 0 then {b} end as "quality:b" from range(1, 61) t(i)"""
for name, a, b in [("double", "(i % 2)::double", "i / 4"), ("bool", "i % 2 = 1", "(i / 4)::float"),
                   ("decimal", "(i % 2)::decimal(3, 1)", "(i / 4)::decimal(12, 2)"), ("hugeint", "(i % 2)::hugeint", "i / 4")]:
    for codec in ("zstd", "snappy"):
        path = out / f"duckdb_{name}_{codec}.parquet"
        duckdb.sql(f"copy ({select.format(a=a, b=b)}) to '{path}' (format parquet, compression {codec}, row_group_size 32)")
