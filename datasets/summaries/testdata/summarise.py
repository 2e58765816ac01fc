"""Summarises DIR/samples.parquet with DuckDB, as an engine of the user's would: one row per score, 65,536 bins,
1,024 bins in 200 buckets by task, areas, and the same in two parts."""

import sys

import duckdb

folder = sys.argv[1]
db = duckdb.connect()
db.execute(f"CREATE TABLE samples AS SELECT * FROM read_parquet('{folder}/samples.parquet')")


def summarise(name, bin_, keys=(), where="TRUE", area=False):
    columns = "".join(f"{k}, " for k in keys)
    binned = f"""SELECT {columns}{bin_} AS bin, score + 0.0 AS s, strong AS a, weak AS b FROM samples WHERE {where}"""
    if area:
        binned = f"""SELECT *, (a - b) * (RANK() OVER (PARTITION BY bin ORDER BY s) - 1
            + COUNT(*) OVER (PARTITION BY bin, s) / 2.0) AS inner_area FROM ({binned})"""
    query = f"""SELECT {columns}bin, MIN(s) AS score_min, MAX(s) AS score_max, COUNT(*) AS n, SUM(a) AS strong,
        SUM(b) AS weak, SUM((a - b) * (a - b)) AS gain2{", SUM(inner_area) AS area" if area else ""}
        FROM ({binned}) GROUP BY {columns}bin"""
    end = "(HEADER, DELIMITER ';')" if name.endswith(".csv") else ""
    db.execute(f"COPY ({query}) TO '{folder}/{name}' {end}")


fixed = "CAST(FLOOR(score * {}) AS BIGINT)"
summarise("scores.parquet", "score")
summarise("bins.parquet", fixed.format(2**16))
summarise("bins.csv", fixed.format(2**16))
summarise("area.parquet", fixed.format(64), area=True)
for part in (0, 1):
    summarise(f"part{part}.parquet", fixed.format(1024), where=f"hash(sample_id) % 2 = {part}")
db.execute("ALTER TABLE samples ADD COLUMN bucket BIGINT")
db.execute("UPDATE samples SET bucket = hash(cluster) % 200")
summarise("cells.parquet", fixed.format(1024), keys=("task", "bucket"))
