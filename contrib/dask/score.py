"""Scores the prompts of Parquet files with Dask: score.py INPUT OUTPUT [ROUTELLM].

PYTHONPATH must have contrib/spark, and every worker the program ROUTELLM (default: on PATH). Dask
passes pandas data frames: types that pandas lacks do not survive. For the files as they are, run
`routellm score --in` once per file instead.
"""
import sys

import dask.dataframe as dd
import pandas as pd
import pyarrow as pa

from routellm_filter import table


def main(rows_at: str, out: str, program: str = "routellm") -> None:
    run = table("--router", "mf", binary=program)

    def score(part: pd.DataFrame) -> pd.DataFrame:
        return run(pa.Table.from_pandas(part, preserve_index=False)).to_pandas().set_index(part.index)

    rows = dd.read_parquet(rows_at)
    meta = rows._meta.assign(score=pd.Series(dtype="float64"))
    rows.map_partitions(score, meta=meta).to_parquet(out, write_index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
