"""Tests of the filter and the job on a Spark cluster in processes of its own. `make test-spark` runs them.

ROUTELLM names the program, and ROUTELLM_TEST_ROWS the number of rows.
"""
import glob
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
from pyspark.sql import SparkSession

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from routellm_filter import score, table  # noqa: E402

ROUTELLM = os.path.abspath(os.environ.get("ROUTELLM", HERE / "../../bin/routellm"))
ROWS = int(os.environ.get("ROUTELLM_TEST_ROWS", "60000"))
PARTS = 16
WORDS = "prove theorem write python function integers capital France explain quantum entanglement child the a of to in".split()
SCHEMA = "sample_id string, prompt string, strong double, weak double, score double"


def make_data(folder: str) -> None:
    """Writes rows of prompts of about 180 characters with outcomes, in PARTS files."""
    rng = random.Random(1)
    os.makedirs(folder)
    for part in range(PARTS):
        ids = [f"r{i:08d}" for i in range(part, ROWS, PARTS)]
        prompts = [" ".join(rng.choices(WORDS, k=30))[:180] for _ in ids]
        outcomes = [[float(rng.random() < p) for _ in ids] for p in (0.8, 0.6)]
        rows = pa.table({"sample_id": ids, "prompt": prompts, "strong": outcomes[0], "weak": outcomes[1]})
        pq.write_table(rows, f"{folder}/part-{part:03d}.parquet")


def below(pid: int) -> list[tuple[int, str]]:
    """Returns the processes below one, with their command lines."""
    parents = {}
    for stat in glob.glob("/proc/[0-9]*/stat"):
        try:
            text = pathlib.Path(stat).read_text()
            command = pathlib.Path(stat).with_name("cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it has ended
        parents.setdefault(int(text.rsplit(")", 1)[1].split()[1]), []).append((int(text.split()[0]), command))
    found, todo = [], [pid]
    while todo:
        children = parents.get(todo.pop(), [])
        found += children
        todo += [child for child, _ in children]
    return found


class Filter(unittest.TestCase):
    """The filter over batches, without Spark."""

    batches = pa.table({"prompt": [f"how much is {i} and {i}?" for i in range(5000)], "n": range(5000)}).to_batches(max_chunksize=700)

    def test_keeps_rows(self):
        whole = pa.Table.from_batches(self.batches)
        for scored in (
            pa.Table.from_batches(score("--router", "mf", binary=ROUTELLM)(self.batches)),
            table("--router", "mf", binary=ROUTELLM)(whole),
        ):
            self.assertTrue(scored.drop_columns("score").equals(whole))
            self.assertEqual(scored["score"].null_count, 0)
        self.assertEqual(list(score("--router", "mf", binary=ROUTELLM)([])), [])
        self.assertEqual(len(table("--router", "mf", binary=ROUTELLM)(whole.slice(0, 0))), 0)

    def test_errors(self):
        def broken():
            yield from self.batches[:3]
            raise ValueError("the source is broken")

        with self.assertRaisesRegex(RuntimeError, "the source is broken"):
            list(score("--router", "mf", binary=ROUTELLM)(broken()))
        with self.assertRaisesRegex(RuntimeError, 'unknown router "mff"'):
            list(score("--router", "mff", binary=ROUTELLM)(self.batches))
        with self.assertRaises(OSError):
            list(score("--router", "mf", binary="/none/such")(self.batches))

    def test_killed(self):
        with self.assertRaisesRegex(RuntimeError, "rows in"):
            for n, _ in enumerate(score("--router", "mf", binary=ROUTELLM)(self.batches * 50)):
                if n == 10:
                    for pid, command in below(os.getpid()):
                        if "score --stream arrow" in command:
                            os.kill(pid, signal.SIGKILL)

    def test_not_read_to_the_end(self):
        some = score("--router", "mf", binary=ROUTELLM)(self.batches * 50)
        next(some)
        some.close()
        self.assertFalse([c for _, c in below(os.getpid()) if "score --stream arrow" in c])


class Cluster(unittest.TestCase):
    """Two executors with a core each, which are processes of their own."""

    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.mkdtemp(prefix="routellm-spark-")
        cls.addClassCleanup(shutil.rmtree, cls.dir, ignore_errors=True)
        make_data(f"{cls.dir}/data")
        subprocess.run([ROUTELLM, "score", "--router", "mf", "--in", f"{cls.dir}/data", "--out", f"{cls.dir}/plain"], check=True, stdout=subprocess.DEVNULL)
        cls.want = scores_in(f"{cls.dir}/plain")
        os.environ["SPARK_HOME"] = os.path.dirname(pyspark.__file__)  # local-cluster starts its programs
        cls.spark = (
            SparkSession.builder.master("local-cluster[2,1,1024]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.executor.memory", "1g")
            .config("spark.sql.files.maxPartitionBytes", "1m")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.files", ROUTELLM)
            .config("spark.submit.pyFiles", str(HERE / "routellm_filter.py"))
            .getOrCreate()
        )
        cls.addClassCleanup(cls.spark.stop)
        work = pathlib.Path(os.environ["SPARK_HOME"], "work")  # copies of the program, by its workers
        before = set(work.glob("*"))
        cls.addClassCleanup(lambda: [shutil.rmtree(p, ignore_errors=True) for p in set(work.glob("*")) - before])
        cls.spark.sparkContext.setLogLevel("OFF")
        cls.spark.sparkContext.addPyFile(str(HERE / "routellm_filter.py"))
        cls.rows = cls.spark.read.parquet(f"{cls.dir}/data")

    def run_filter(self, out: str, kill: str = "") -> list[str]:
        """Scores the rows, while a process whose command line has a text is killed with -9."""
        killed: list[str] = []
        done = threading.Event()

        def killer():
            while not done.is_set() and not killed:
                if glob.glob(f"{out}/_temporary/*/task_*") or glob.glob(f"{out}/_temporary/*/_temporary/*/part-*"):
                    for pid, command in below(os.getpid()):
                        if kill in command and not killed:
                            os.kill(pid, signal.SIGKILL)
                            killed.append(command)
                time.sleep(0.05)

        thread = threading.Thread(target=killer)
        if kill:
            thread.start()
        try:
            self.rows.mapInArrow(score("--router", "mf", binary=os.path.basename(ROUTELLM)), SCHEMA).write.parquet(out)
        finally:
            done.set()
        if kill:
            thread.join()
        self.assertEqual(scores_in(out), self.want)
        return killed

    def test_executor_killed(self):
        killed = self.run_filter(f"{self.dir}/executor", "CoarseGrainedExecutorBackend")
        self.assertEqual(len(killed), 1, "no executor was killed")

    def test_filter_killed(self):
        killed = self.run_filter(f"{self.dir}/filter", "score --stream arrow")
        self.assertEqual(len(killed), 1, "no filter was killed")

    def test_summary(self):
        """The summary that Spark makes gives what the rows give."""
        query = subprocess.run(
            [ROUTELLM, "sql", "summary", "--dialect", "spark", "--table", "scored", "--strong", "strong", "--weak", "weak"],
            capture_output=True, text=True,
        )  # fmt: skip
        if 'unknown command "sql"' in query.stderr:
            self.skipTest("this program prints no queries")
        out = f"{self.dir}/plain"
        self.spark.read.parquet(out).createOrReplaceTempView("scored")
        self.spark.sql(query.stdout).toPandas().to_csv(f"{self.dir}/summary.csv", index=False)
        rows = pq.read_table(out)
        pq.write_table(rows, f"{self.dir}/rows.parquet")
        rows.select(["sample_id", "strong", "weak"]).to_pandas().to_csv(f"{self.dir}/rows.csv", index=False)
        columns = ["--id", "sample_id", "--model", "strong", "--model", "weak", "--pair", "strong,weak"]
        want = metrics("--router", f"mf=scores:{self.dir}/rows.parquet", "--bench", f"{self.dir}/rows.csv", *columns)
        got = metrics("--summary", f"mf={self.dir}/summary.csv")
        for name in ("apgr", "auc"):
            self.assertAlmostEqual(got[name]["value"], want[name]["value"], delta=1e-9)
        self.assertAlmostEqual(got["cpt"]["50"]["value"], want["cpt"]["50"]["value"], delta=1e-9)

    def test_reads_filtered_files(self):
        """Spark shows the new column of files that Spark wrote and the program filtered."""
        self.rows.limit(1000).write.parquet(f"{self.dir}/written")
        run = [ROUTELLM, "score", "--router", "mf", "--in", f"{self.dir}/written", "--out", f"{self.dir}/filtered"]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
        rows = self.spark.read.parquet(f"{self.dir}/filtered").filter("score > 0 AND strong >= 0").collect()
        self.assertEqual(len(rows), 1000)
        self.assertEqual({r["sample_id"]: r["score"] for r in rows}, {r["sample_id"]: self.want[r["sample_id"]] for r in rows})

    def test_transform(self):
        """Spark SQL alone, without Python on the executors."""
        part = f"{self.dir}/data/part-000.parquet"
        self.spark.read.parquet(part).createOrReplaceTempView("logs")
        scored = self.spark.sql(
            f"""SELECT get_json_object(line, '$.sample_id') AS sample_id, CAST(get_json_object(line, '$.score') AS DOUBLE) AS score FROM (
                SELECT TRANSFORM(to_json(struct(sample_id, prompt))) USING '{ROUTELLM} score --router mf --stream ndjson --jobs 1' AS (line STRING) FROM logs)"""
        )
        scored.write.parquet(f"{self.dir}/transform")
        self.assertEqual(scores_in(f"{self.dir}/transform"), scores_in(part.replace("/data/", "/plain/")))


class Job(unittest.TestCase):
    """The job as users start it, and Spark Connect. Each needs a Spark of its own."""

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="routellm-job-")
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        rows = pa.table({"sample_id": ["a", "b", "c"], "prompt": ["who signs", "add 2 and 2", "prove it"]})
        pq.write_table(rows, f"{self.dir}/in.parquet")
        run = [ROUTELLM, "score", "--router", "mf", "--in", f"{self.dir}/in.parquet", "--out", f"{self.dir}/plain.parquet"]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)

    def python(self, *command: str) -> None:
        env = {**os.environ, "PYTHONPATH": str(HERE), "SPARK_HOME": os.path.dirname(pyspark.__file__)}
        ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240)
        self.assertEqual(ran.returncode, 0, ran.stderr[-3000:])
        self.assertEqual(scores_in(f"{self.dir}/out"), scores_in(f"{self.dir}/plain.parquet"))

    def test_job(self):
        pathlib.Path(self.dir, "query.sql").write_text("SELECT COUNT(*) AS n FROM scored")
        self.python(
            f"{os.path.dirname(pyspark.__file__)}/bin/spark-submit", "--master", "local[1]", "--conf", "spark.ui.enabled=false",
            "--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.driver.bindAddress=127.0.0.1",
            "--files", ROUTELLM, "--py-files", str(HERE / "routellm_filter.py"), str(HERE / "job.py"),
            "--input", f"{self.dir}/in.parquet", "--output", f"{self.dir}/out", "--binary", os.path.basename(ROUTELLM),
            "--query", f"{self.dir}/query.sql", "--result", f"{self.dir}/n.csv",
        )  # fmt: skip
        self.assertEqual(pathlib.Path(self.dir, "n.csv").read_text(), "n\n3\n")

    def test_connect(self):
        """A client of Spark Connect, which has no RDDs."""
        self.python(sys.executable, str(HERE / "connect.py"), f"{self.dir}/in.parquet", f"{self.dir}/out", ROUTELLM)


def scores_in(path: str) -> dict[str, float]:
    """Returns the scores by id, every id once."""
    rows = pq.read_table(path, columns=["sample_id", "score"])
    scores = dict(zip(rows["sample_id"].to_pylist(), rows["score"].to_pylist()))
    assert len(scores) == len(rows) and None not in scores.values(), f"{path}: {len(rows)} rows, {len(scores)} ids"
    return scores


def metrics(*args: str) -> dict:
    """Returns the metrics of mf that eval finds."""
    ran = subprocess.run([ROUTELLM, "eval", *args, "--format", "json", "--resamples", "0"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    routers = json.loads(ran.stdout)["benchmarks"][0]["routers"]
    return next(r for r in routers if r["name"] == "mf")["metrics"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
