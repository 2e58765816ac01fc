"""Scores the prompts of Parquet files with Spark, and runs a query on the scores.

    spark-submit --files bin/routellm --py-files contrib/spark/routellm_filter.py \
        contrib/spark/job.py --input logs --output scored --router mf

Each task runs `routellm score` once over its part of the rows. --query names a file with a query on
the table `scored`, such as one that `routellm sql` prints; its result becomes the CSV file --result.
"""
import argparse

from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType, StructField, StructType

from routellm_filter import score


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--input", required=True, help="Parquet file or folder with the prompts")
    p.add_argument("--output", required=True, help="folder to write, which must not exist")
    p.add_argument("--router", default="mf", help="router of two models")
    p.add_argument("--prompt", default="prompt", help="column with the prompts")
    p.add_argument("--binary", default="routellm", help="path of the program, or its name among --files")
    p.add_argument("--query", help="file with a query on the table scored")
    p.add_argument("--result", help="CSV file of the query's result")
    args = p.parse_args()
    spark = SparkSession.builder.getOrCreate()
    rows = spark.read.parquet(args.input)
    schema = StructType(rows.schema.fields + [StructField("score", DoubleType())])
    run = score("--router", args.router, "--prompt", args.prompt, binary=args.binary)
    rows.mapInArrow(run, schema).write.parquet(args.output)
    if args.query:
        spark.read.parquet(args.output).createOrReplaceTempView("scored")
        with open(args.query, encoding="utf-8") as query:
            spark.sql(query.read()).toPandas().to_csv(args.result, index=False)
    spark.stop()


if __name__ == "__main__":
    main()
