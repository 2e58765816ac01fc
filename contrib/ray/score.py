"""Scores the prompts of Parquet files with Ray Data: score.py INPUT OUTPUT [ROUTELLM].

PYTHONPATH must have contrib/spark, and every node the program ROUTELLM (default: on PATH).
"""
import sys

import ray

from routellm_filter import table


def main(rows_at: str, out: str, program: str = "routellm") -> None:
    run = table("--router", "mf", binary=program)
    rows = ray.data.read_parquet(rows_at)
    # A process per block: batch_size=None gives a block at once.
    rows.map_batches(run, batch_format="pyarrow", batch_size=None).write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
