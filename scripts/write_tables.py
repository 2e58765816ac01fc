"""Writes one table in the formats and dialects of several programs into the folder argv[1].

Reads nothing. Writes files of pandas, pyarrow, polars, DuckDB, the csv module and openpyxl, and
expected.json with the cells as text, null for missing, which the Go tests compare. Files in
"text" keep "" for missing.
"""
import csv
import gzip
import json
import sys
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
from pyarrow import ipc

out = Path(sys.argv[1])
text = out / "text"
text.mkdir(parents=True)
prompts = ["plain", 'say "a, b"; c\td|e', "two\nlines", "Grüße 🙂", "it's", "back\\slash", "  blanks ", "NaN", None]
rows = [{"id": f"q{i}", "prompt": p, "big": [0.5, 1.0, None][i % 3], "n": i} for i, p in enumerate(prompts)]
(out / "expected.json").write_text(json.dumps(rows))

frame = pd.DataFrame(rows)
strings = frame.assign(prompt=frame["prompt"].where(frame["prompt"].notna(), None))
frame.to_csv(text / "pandas.csv", index=False)
frame.to_csv(text / "pandas_index.csv")
frame.to_csv(text / "pandas.tsv", index=False, sep="\t")
frame.to_csv(text / "pandas_german.csv", index=False, sep=";", decimal=",")
frame.to_csv(text / "pandas_pipes.csv", index=False, sep="|", quoting=csv.QUOTE_ALL)
frame.to_csv(text / "pandas_bom.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n")
frame.to_csv(text / "pandas_utf16.csv", index=False, encoding="utf-16")
frame.to_csv(text / "pandas_utf16be.csv", index=False, encoding="utf-16-be")
frame.to_csv(text / "pandas_escape.csv", index=False, doublequote=False, escapechar="\\", quoting=csv.QUOTE_NONNUMERIC)
frame.to_csv(text / "pandas_single.csv", index=False, quotechar="'")
frame.to_csv(text / "pandas.csv.gz", index=False)
strings.to_json(out / "pandas.json", orient="records")
strings.to_json(out / "pandas.jsonl", orient="records", lines=True)
strings.to_json(out / "pandas.jsonl.gz", orient="records", lines=True, force_ascii=False)

table = pa.Table.from_pylist(rows)
for codec in ("uncompressed", "lz4", "zstd"):
    feather.write_feather(table, out / f"pyarrow_{codec}.feather", compression=codec, chunksize=4)
with ipc.new_stream(out / "pyarrow.arrows", table.schema) as w:
    w.write_table(table, max_chunksize=4)
with pa.CompressedOutputStream(str(out / "pyarrow.jsonl.zst"), "zstd") as f:
    f.write("".join(json.dumps(r) + "\n" for r in rows).encode())

lazy = pl.DataFrame(rows)
lazy.write_csv(text / "polars.csv")
lazy.write_csv(text / "polars.tsv", separator="\t", include_bom=True)
lazy.write_ndjson(out / "polars.ndjson")
lazy.write_json(out / "polars.json")
lazy.write_ipc(out / "polars.arrow", compression="zstd")
lazy.write_ipc_stream(out / "polars_stream.arrow", compression="lz4")

db = duckdb.connect()
db.register("t", table)
db.execute(f"COPY t TO '{text / 'duckdb.csv'}'")
db.execute(f"COPY t TO '{text / 'duckdb.csv.zst'}' (COMPRESSION zstd, DELIMITER ';')")
db.execute(f"COPY t TO '{out / 'duckdb.json'}'")
db.execute(f"COPY t TO '{out / 'duckdb_array.json'}' (ARRAY true)")

with open(out / "python.json", "w") as f:  # with the NaN that Python writes
    json.dump({"version": 1, "results": [{**r, "big": float("nan") if r["big"] is None else r["big"]} for r in rows]}, f, indent=2)
with gzip.open(text / "python_excel.tsv.gz", "wt", newline="") as f:
    w = csv.DictWriter(f, list(rows[0]), dialect="excel-tab")
    w.writeheader()
    w.writerows(rows)

book = openpyxl.Workbook()
book.active.append(list(rows[0]))
for r in rows:
    book.active.append(list(r.values()))
book.save(out / "openpyxl.xlsx")
