"""Writes one table with many Python libraries, types, codecs and page formats, for the Go tests to read.

usage: write_parquet.py FOLDER

Writes FOLDER/*.parquet, and FOLDER/expected.json: for each file, by column, the cells [kind, text]
of all rows, as they follow from the values that were given to the library. Needs pyarrow, pandas
and DuckDB; writes with polars and fastparquet too if they are there. Two of the files are kept in
datasets/internal/parquetfile/testdata/pyarrow, for tests without Python.
"""
import datetime as dt
import decimal
import importlib.util
import json
import sys
import uuid
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

N = 50
ROWS = range(N)
UTC = dt.timezone.utc
decimal.getcontext().prec = 80


def nullable(values):
    """Makes every seventh value null, and all of rows 20 to 29."""
    return [None if i % 7 == 3 or 20 <= i < 30 else v for i, v in enumerate(values)]


def dec(digits, scale):
    return [decimal.Decimal((-1) ** i * (10 ** digits - 1 - 37 * i)).scaleb(-scale) if i else decimal.Decimal(0).scaleb(-scale) for i in ROWS]


def messages(i):
    return [{"role": "user" if k % 2 == 0 else "assistant",
             "content": [{"type": "text", "text": f'turn {k} of "{i}"\n\\ü', "image": None}] * (k % 3)} for k in range(i % 4)]


EPOCH = dt.datetime(1970, 1, 1)
STAMPS = [EPOCH + dt.timedelta(days=17 * 365 * (i - 25) // 25, microseconds=123456 * i * 1000) for i in ROWS]
UUIDS = [uuid.UUID(int=i * 0x1234567890ABCDEF1234567890ABCDE) for i in ROWS]

# For each column: the Arrow type and the values.
VALUES = {
    "text": (pa.string(), [f"row {i % 9}: naïve “text”" for i in ROWS]),
    "empty": (pa.string(), ["" if i % 2 else "x" * i for i in ROWS]),
    "bytes": (pa.binary(), [f"b{i}".encode() for i in ROWS]),
    "bool": (pa.bool_(), [i // 11 % 2 == 1 for i in ROWS]),
    **{f"{kind}{bits}": (getattr(pa, f"{kind}{bits}")(), [top - i if i % 2 else low + i for i in ROWS])
       for bits in (8, 16, 32, 64)
       for kind, low, top in (("int", -2 ** (bits - 1), 2 ** (bits - 1) - 1), ("uint", 0, 2 ** bits - 1))},
    "float16": (pa.float16(), [np.float16(i / 8 - 3) for i in ROWS]),
    "float32": (pa.float32(), [float(np.float32(i / 10 - 2)) for i in ROWS]),
    "float64": (pa.float64(), [(i - 20) / 10 if i % 5 else 10.0 ** (i - 25) for i in ROWS]),
    "decimal5": (pa.decimal128(5, 2), dec(5, 2)),
    "decimal18": (pa.decimal128(18, 6), dec(18, 6)),
    "decimal38": (pa.decimal128(38, 10), dec(38, 10)),
    "decimal76": (pa.decimal256(76, 30), dec(76, 30)),
    "date": (pa.date32(), [s.date() for s in STAMPS]),
    "time": (pa.time64("us"), [s.time() for s in STAMPS]),
    "stamp_ms": (pa.timestamp("ms"), [s.replace(microsecond=s.microsecond // 1000 * 1000) for s in STAMPS]),
    "stamp_us": (pa.timestamp("us"), STAMPS),
    "stamp_ns": (pa.timestamp("ns"), STAMPS),
    "stamp_utc": (pa.timestamp("us", tz="UTC"), [s.replace(tzinfo=UTC) for s in STAMPS]),
    "none": (pa.null(), [None] * N),
    "list": (pa.list_(pa.int32()), [list(range(i % 5)) + [None] * (i % 2) for i in ROWS]),
    "lists": (pa.list_(pa.list_(pa.string())), [[["x"] * k for k in range(i % 4)] for i in ROWS]),
    "struct": (pa.struct([("question", pa.string()), ("score", pa.float64()), ("inner", pa.struct([("n", pa.int64())]))]),
               [{"question": f"q{i}", "score": i / 4, "inner": {"n": i} if i % 3 else None} for i in ROWS]),
    "map": (pa.map_(pa.string(), pa.int64()), [{f"k{k}": k for k in range(i % 4)} for i in ROWS]),
    "messages": (pa.list_(pa.struct([("role", pa.string()), ("content", pa.list_(pa.struct(
        [("type", pa.string()), ("text", pa.string()), ("image", pa.string())])))])), [messages(i) for i in ROWS]),
}
FLAT = [n for n in VALUES if n not in ("none", "list", "lists", "struct", "map", "messages")]


def stamp(value):
    """Writes a time as ISO 8601 without zeros at the end of the seconds."""
    text = value.isoformat().replace("+00:00", "")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text + ("Z" if getattr(value, "tzinfo", None) else "")


def cell(value):
    match value:
        case None:
            return ["missing", ""]
        case bool() | np.bool_():
            return ["bool", str(bool(value)).lower()]
        case str():
            return ["text", value]
        case bytes():
            return ["text", value.decode()]
        case uuid.UUID():
            return ["text", str(value)]
        case decimal.Decimal():
            return ["number", f"{value:f}"]
        case dt.date() | dt.time():
            return ["text", stamp(value)]
        case list() | dict():
            return ["json", json.dumps(value)]
        case _:
            return ["number", repr(float(value)) if isinstance(value, (float, np.floating)) else str(int(value))]


class Writer:
    def __init__(self, folder):
        self.folder, self.expected = Path(folder), {}

    def path(self, name, columns):
        """Notes what the file holds, and returns its path."""
        self.expected[name] = {c: [cell(v) for v in values] for c, values in columns.items()}
        return self.folder / f"{name}.parquet"


def values(names, change=lambda v: v):
    return {n: change(VALUES[n][1]) for n in names}


def arrow(columns):
    return pa.table({n: pa.array(v, VALUES[n][0]) for n, v in columns.items()})


def write_pyarrow(w):
    for nulls, change in (("full", list), ("nulls", nullable)):
        columns = values(VALUES, change)
        for name, options in {
            "v1": {}, "v2": {"data_page_version": "2.0"}, "small": {"data_page_size": 64, "write_batch_size": 5},
            "small_v2": {"data_page_size": 64, "write_batch_size": 5, "data_page_version": "2.0", "use_dictionary": False},
            "groups": {"row_group_size": 10}, "checksum": {"write_page_checksum": True}, "index": {"write_page_index": True},
            "fallback": {"dictionary_pagesize_limit": 64, "data_page_size": 64, "write_batch_size": 4},
            "int96": {"use_deprecated_int96_timestamps": True}, "old": {"version": "1.0"}, "two_level": {"use_compliant_nested_type": False},
            "integer_decimals": {"store_decimal_as_integer": True},
            **{c: {"compression": c} for c in ("zstd", "snappy", "gzip", "brotli", "lz4", "none")},
            **{f"{c}_v2": {"compression": c, "data_page_version": "2.0"} for c in ("zstd", "gzip", "lz4", "none")},
        }.items():
            here = {n: v for n, v in columns.items() if not (name == "int96" and n.startswith("stamp") and n != "stamp_ns")}
            pq.write_table(arrow(here), w.path(f"pyarrow_{name}_{nulls}", here), **options)
        for encoding, fits in {"DELTA_BINARY_PACKED": "int", "BYTE_STREAM_SPLIT": "int32 int64 uint32 uint64 float decimal", "DELTA_BYTE_ARRAY": "text empty bytes decimal",
                               "DELTA_LENGTH_BYTE_ARRAY": "text empty bytes", "RLE": "bool"}.items():
            names = [n for n in FLAT if any(f in n for f in fits.split())]
            if encoding == "DELTA_BINARY_PACKED":
                names = [n for n in names if "int" in n]
            for version in ("1.0", "2.0"):
                here = values(names, change)
                pq.write_table(arrow(here), w.path(f"pyarrow_{encoding.lower()}_{version[0]}_{nulls}", here), use_dictionary=False,
                               data_page_version=version, column_encoding={n: encoding for n in names}, data_page_size=256, write_batch_size=20)
    frame = pa.table({"uuid": pa.array([u.bytes for u in UUIDS], pa.uuid()), "large": pa.array([f"l{i}" for i in ROWS], pa.large_string()),
                      "view": pa.array([f"v{i}" for i in ROWS], pa.string_view()), "category": pa.array([f"c{i % 3}" for i in ROWS]).dictionary_encode()})
    pq.write_table(frame, w.path("pyarrow_more", {"uuid": UUIDS, "large": [f"l{i}" for i in ROWS], "view": [f"v{i}" for i in ROWS],
                                                  "category": [f"c{i % 3}" for i in ROWS]}))
    nothing = pa.table({"text": pa.array([None] * N, pa.string()), "float64": pa.array([None] * N, pa.float64())})
    for version in ("1.0", "2.0"):
        pq.write_table(nothing, w.path(f"pyarrow_all_null_{version[0]}", {"text": [None] * N, "float64": [None] * N}), data_page_version=version)
    pq.write_table(nothing.slice(0, 0), w.path("pyarrow_no_rows", {"text": [], "float64": []}))
    with pq.ParquetWriter(w.path("pyarrow_empty_group", values(["text"])), pa.schema([("text", pa.string())])) as out:
        whole = arrow(values(["text"]))
        for part in (whole.slice(0, 0), whole.slice(0, 20), whole.slice(0, 0), whole.slice(20)):
            out.write_table(part)


def write_pandas(w):
    columns = values(["text", "bool", "int64", "float64", "stamp_us"])
    for codec in ("snappy", "zstd", "gzip", None):
        pd.DataFrame(columns).to_parquet(w.path(f"pandas_{codec}", columns), compression=codec, index=False)
    if not importlib.util.find_spec("fastparquet"):
        return
    import fastparquet
    for codec in ("UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"):
        for nulls in (True, False):
            here = {**values(["text", "bool", "int8", "uint16", "int64", "float32", "float64"]), "some": nullable([f"s{i}" for i in ROWS])}
            frame = pd.DataFrame({n: pd.Series(v, dtype=n if n in ("int8", "uint16", "float32") else None) for n, v in here.items()})
            fastparquet.write(str(w.path(f"fastparquet_{codec}_{nulls}", here)), frame.astype({"text": object, "some": object}), compression=codec, has_nulls=["some"] if nulls else True,
                              row_group_offsets=[0, 13, 40], object_encoding="utf8", stats=False)


def write_duckdb(w):
    con = duckdb.connect()
    select = """select i, 'r' || i as text, i % 2 = 0 as bool, i::hugeint as huge, i::utinyint as tiny, (i / 4)::float as float32,
      (i / 4)::decimal(4, 2) as d4, (i / 4)::decimal(9, 2) as d9, (i / 4)::decimal(18, 2) as d18, (-i / 4)::decimal(38, 2) as d38,
      date '2020-01-01' + i::integer as date, ('00000000-0000-0000-0000-0000000000' || lpad(i::text, 2, '0'))::uuid as uuid,
      case when i % 5 <> 0 then {'question': 'q' || i, 'list': [i, null, 2]} end as doc, map {'a': i} as map,
      ('x' || i)::blob as blob, ('{"a": ' || i || '}')::json as json, to_days(i::integer) as days,
      (case i % 3 when 0 then 'low' else 'high' end)::enum('low', 'high') as level
      from range(50) t(i)"""
    quarter = [decimal.Decimal(i) / 4 for i in ROWS]
    two = [q.quantize(decimal.Decimal("0.01")) for q in quarter]
    columns = {"i": list(ROWS), "text": [f"r{i}" for i in ROWS], "bool": [i % 2 == 0 for i in ROWS], "huge": [float(i) for i in ROWS], "tiny": list(ROWS),
               "float32": [float(q) for q in quarter], "d4": two, "d9": two, "d18": two, "d38": [-t for t in two],
               "date": [dt.date(2020, 1, 1) + dt.timedelta(days=i) for i in ROWS],
               "uuid": [f"00000000-0000-0000-0000-0000000000{i:02d}" for i in ROWS],
               "doc": [{"question": f"q{i}", "list": [i, None, 2]} if i % 5 else None for i in ROWS], "map": [{"a": i} for i in ROWS],
               "blob": [f"x{i}" for i in ROWS], "json": [{"a": i} for i in ROWS], "days": [f"P0M{i}DT0S" for i in ROWS],
               "level": ["high" if i % 3 else "low" for i in ROWS]}
    for codec in ("zstd", "snappy", "gzip", "brotli", "lz4_raw", "uncompressed"):
        for version in ("v1", "v2"):
            path = w.path(f"duckdb_{codec}_{version}", columns)
            con.execute(f"copy ({select}) to '{path}' (format parquet, codec '{codec}', parquet_version '{version}', row_group_size 2048)")


def write_polars(w):
    if not importlib.util.find_spec("polars"):
        return
    import polars as pl
    names = ["text", "empty", "bool", *[f"{k}{b}" for k in ("int", "uint") for b in (8, 16, 32, 64)], "float32", "float64",
             "decimal18", "decimal38", "date", "time", "stamp_ms", "stamp_us", "stamp_utc", "list", "lists", "struct", "messages"]
    for nulls, change in (("full", list), ("nulls", nullable)):
        columns = values(names, change)
        for codec in ("zstd", "snappy", "gzip", "brotli", "lz4", "uncompressed"):
            pl.from_arrow(arrow(columns)).write_parquet(w.path(f"polars_{codec}_{nulls}", columns), compression=codec, row_group_size=20)


def main():
    w = Writer(sys.argv[1])
    for write in (write_pyarrow, write_pandas, write_duckdb, write_polars):
        write(w)
    (w.folder / "expected.json").write_text(json.dumps(w.expected))


if __name__ == "__main__":
    main()
