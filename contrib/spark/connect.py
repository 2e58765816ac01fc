"""Scores a Parquet file through Spark Connect: connect.py INPUT OUTPUT ROUTELLM"""
import sys

from pyspark.sql import SparkSession

from routellm_filter import score

rows_at, out, program = sys.argv[1:]
spark = SparkSession.builder.remote("local[1]").getOrCreate()
spark.addArtifacts(sys.modules["routellm_filter"].__file__, pyfile=True)
rows = spark.read.parquet(rows_at)
columns = ", ".join(f"{f.name} {f.dataType.simpleString()}" for f in rows.schema.fields)
rows.mapInArrow(score("--router", "mf", binary=program), f"{columns}, score double").write.parquet(out)
spark.stop()
