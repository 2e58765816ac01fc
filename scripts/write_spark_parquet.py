"""Writes the Parquet files of Spark that the Go tests read, in datasets/internal/parquetfile/testdata/spark.

usage: write_spark_parquet.py FOLDER

Needs pyspark 3.5 and Java. Writes FOLDER/*.parquet and
FOLDER/expected.json: the cells [kind, text] of all rows, by column.
"""
import datetime as dt
import decimal
import json
import shutil
import sys
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import types as T

N = 60
ROWS = range(N)
EPOCH = dt.datetime(1970, 1, 1)
STAMPS = [EPOCH + dt.timedelta(days=300 * i, seconds=61 * i, milliseconds=250 * (i % 2)) for i in ROWS]


def nullable(values):
    return [None if i % 5 == 3 or 20 <= i < 40 else v for i, v in enumerate(values)]


def decimals(digits, scale):
    return [decimal.Decimal((-1) ** i * (10 ** digits - 1 - i)).scaleb(-scale, decimal.Context(prec=50)) for i in ROWS]


COLUMNS = {
    "id": (T.StringType(), [f"row/{i:03d}" for i in ROWS]),
    "task": (T.StringType(), nullable([["maths", "law"][i % 2] for i in ROWS])),
    "none": (T.StringType(), [None] * N),
    "no_number": (T.DoubleType(), [None] * N),
    "good": (T.BooleanType(), nullable([i % 3 == 0 for i in ROWS])),
    "runs": (T.BooleanType(), [i > 30 for i in ROWS]),
    "byte": (T.ByteType(), [i - 30 for i in ROWS]),
    "short": (T.ShortType(), [1000 - 70 * i for i in ROWS]),
    "int": (T.IntegerType(), nullable([i * i for i in ROWS])),
    "long": (T.LongType(), [2 ** 62 - i for i in ROWS]),
    "float": (T.FloatType(), [i / 4 for i in ROWS]),
    "quality": (T.DoubleType(), nullable([i % 2 / 2 for i in ROWS])),
    "decimal7": (T.DecimalType(7, 2), decimals(7, 2)),
    "decimal15": (T.DecimalType(15, 3), nullable(decimals(15, 3))),
    "decimal30": (T.DecimalType(30, 10), decimals(30, 10)),
    "date": (T.DateType(), [s.date() for s in STAMPS]),
    "time": (T.TimestampNTZType(), STAMPS),
    "bytes": (T.BinaryType(), [f"b{i}".encode() for i in ROWS]),
    "scores": (T.ArrayType(T.DoubleType()), nullable([[i / 2] * (i % 3) for i in ROWS])),
    "costs": (T.MapType(T.StringType(), T.LongType()), [{"a": i} for i in ROWS]),
    "doc": (T.StructType([T.StructField("question", T.StringType()), T.StructField("gold", T.LongType())]),
            nullable([(f"q{i}", i if i % 2 else None) for i in ROWS])),
    "messages": (T.ArrayType(T.StructType([T.StructField("role", T.StringType()), T.StructField("content", T.StringType())])),
                 [[("user", f"turn {k} of {i}") for k in range(i % 3)] for i in ROWS]),
}


def cell(name, value):
    if value is None:
        return ["missing", ""]
    if name == "doc":
        return ["json", json.dumps(dict(zip(("question", "gold"), value)))]
    if name == "messages":
        return ["json", json.dumps([dict(zip(("role", "content"), m)) for m in value])]
    match value:
        case bool():
            return ["bool", str(value).lower()]
        case bytes():
            return ["text", value.decode()]
        case str():
            return ["text", value]
        case decimal.Decimal():
            return ["number", f"{value:f}"]
        case dt.datetime():
            text = value.isoformat()
            return ["text", text.rstrip("0") if "." in text else text]
        case dt.date():
            return ["text", value.isoformat()]
        case list() | dict():
            return ["json", json.dumps(value)]
    return ["number", repr(value)]


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    spark = (SparkSession.builder.master("local[1]").config("spark.sql.session.timeZone", "UTC")
             .config("spark.sql.parquet.outputTimestampType", "INT96").getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    hadoop = spark.sparkContext._jsc.hadoopConfiguration()

    def write(name, codec="snappy", version="PARQUET_1_0", legacy="false", drop=(), instants=False):
        fields = {n: c for n, c in COLUMNS.items() if n not in drop}
        schema = T.StructType([T.StructField(n, T.TimestampType() if instants and n == "time" else t) for n, (t, _) in fields.items()])
        zone = dt.timezone.utc if instants else None
        rows = [[v[i].replace(tzinfo=zone) if n == "time" else v[i] for n, (_, v) in fields.items()] for i in ROWS]
        spark.conf.set("spark.sql.parquet.writeLegacyFormat", legacy)
        hadoop.set("parquet.writer.version", version)
        hadoop.set("parquet.page.row.count.limit", "16")
        folder = out / "tmp"
        spark.createDataFrame(rows, schema).coalesce(1).write.mode("overwrite").option("compression", codec).parquet(str(folder))
        part, = folder.glob("part-*.parquet")
        part.rename(out / f"{name}.parquet")
        shutil.rmtree(folder)

    write("v1")
    write("v2", "zstd", "PARQUET_2_0")
    write("v2_gzip", "gzip", "PARQUET_2_0")
    write("v2_uncompressed", "uncompressed", "PARQUET_2_0")
    write("v2_snappy", "snappy", "PARQUET_2_0")
    write("legacy", "zstd", legacy="true", drop=["time"])
    write("legacy_v2", "zstd", "PARQUET_2_0", legacy="true", drop=["time"])
    write("int96", "zstd", instants=True)
    expected = {n: [cell(n, x) for x in v] for n, (_, v) in COLUMNS.items()}
    (out / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
