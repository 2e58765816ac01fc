"""Tests of the recipes for Ray and Dask. `make test-spark` runs them. ROUTELLM names the program."""
import glob
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).resolve().parent
ROUTELLM = os.path.abspath(os.environ.get("ROUTELLM", HERE / "../bin/routellm"))


class Recipes(unittest.TestCase):
    """Each scores files of their own, and has the scores of the program alone."""

    def run_recipe(self, script: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(f"{folder}/in")
            for part in range(3):
                prompts = [f"what is {i} and {part}?" for i in range(2000)]
                rows = pa.table({"sample_id": [f"{part}-{i}" for i in range(2000)], "prompt": prompts})
                pq.write_table(rows, f"{folder}/in/part-{part}.parquet")
            plain = [ROUTELLM, "score", "--router", "mf", "--in", f"{folder}/in", "--out", f"{folder}/plain"]
            subprocess.run(plain, check=True, stdout=subprocess.DEVNULL)
            env = {**os.environ, "PYTHONPATH": str(HERE / "spark"), "RAY_DISABLE_IMPORT_WARNING": "1"}
            command = [sys.executable, str(HERE / script), f"{folder}/in", f"{folder}/out", ROUTELLM]
            ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240)
            self.assertEqual(ran.returncode, 0, ran.stderr[-3000:])
            self.assertEqual(rows_in(f"{folder}/out"), rows_in(f"{folder}/plain"))

    def test_ray(self):
        self.run_recipe("ray/score.py")

    def test_dask(self):
        self.run_recipe("dask/score.py")


def rows_in(folder: str) -> list[dict]:
    """Returns all rows of a folder's files, sorted: neither keeps the order of files."""
    rows = [row for path in glob.glob(f"{folder}/*.parquet") for row in pq.read_table(path).to_pylist()]
    return sorted(rows, key=lambda row: row["sample_id"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
