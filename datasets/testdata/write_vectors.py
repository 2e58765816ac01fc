"""Writes sample files with prompt vectors into the folder argv[1], using pyarrow, pandas and DuckDB, for the Go tests to read.

Row i of 1..60: id row/<i>, element k of 0..6 of its vector (i - 30) * k / 8, which float32 holds exactly.
"""
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

out, n, dim = Path(sys.argv[1]), 60, 7
ids = [f"row/{i}" for i in range(1, n + 1)]
vectors = [[(i - 30) * k / 8 for k in range(dim)] for i in range(1, n + 1)]
single = pa.list_(pa.float32())


def write(name, typ, **options):
    table = pa.table({"sample_id": ids, "embedding": pa.array(vectors, typ)})
    pq.write_table(table, out / f"pyarrow_{name}.parquet", **{"row_group_size": 17, **options})


for codec in ("snappy", "zstd", "gzip", "none"):
    write(codec, single, compression=codec)
    write(f"{codec}_v2", single, compression=codec, data_page_version="2.0", use_dictionary=False)
for name, typ in {"double": pa.list_(pa.float64()), "large": pa.large_list(pa.float32()), "fixed": pa.list_(pa.float32(), dim),
                  "large_double": pa.large_list(pa.float64()), "fixed_double": pa.list_(pa.float64(), dim),
                  "element": pa.list_(pa.field("element", pa.float32())),
                  "required": pa.list_(pa.field("x", pa.float32(), nullable=False))}.items():
    write(name, typ)
    write(f"{name}_plain", typ, use_dictionary=False, row_group_size=1000)
write("item", single, use_compliant_nested_type=False)
write("fallback", single, dictionary_pagesize_limit=64, data_page_size=64, write_batch_size=8)
write("split", single, use_dictionary=False, use_byte_stream_split=["embedding.list.element"])
for size in (1, 64):
    for version in ("1.0", "2.0"):
        for batch in (1, 3, 1024):
            write(f"pages_{size}_{version}_{batch}", single, use_dictionary=False, data_page_size=size, write_batch_size=batch,
                  data_page_version=version)
required = pa.table({"sample_id": ids, "embedding": pa.array(vectors, pa.list_(pa.field("element", pa.float32(), nullable=False)))})
pq.write_table(required.cast(pa.schema([f.with_nullable(False) for f in required.schema])), out / "pyarrow_all_required.parquet")

for kind in (np.float32, np.float64):
    frame = pd.DataFrame({"sample_id": ids, "embedding": [np.array(v, kind) for v in vectors]})
    frame.to_parquet(out / f"pandas_{kind.__name__}.parquet", index=False)

for kind in ("float[]", f"float[{dim}]", "double[]", f"double[{dim}]"):
    for options in ("compression zstd", "compression snappy, parquet_version v2", "compression snappy, row_group_size 32"):
        name = f"{kind}_{options}".translate(str.maketrans("[], ", "____"))
        duckdb.sql(f"""copy (select 'row/' || i as sample_id, list_transform(range({dim}), lambda k: (i - 30) * k / 8)::{kind} as embedding
            from range(1, {n + 1}) t(i)) to '{out}/duckdb_{name}.parquet' (format parquet, {options})""")
