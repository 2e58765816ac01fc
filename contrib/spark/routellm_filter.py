"""Adds a router's scores to Arrow record batches, by one routellm process per iterator.

    df.mapInArrow(score("--router", "mf"), schema)                                          # Spark
    dataset.map_batches(table("--router", "mf"), batch_format="pyarrow", batch_size=None)   # Ray
    scored = table("--router", "mf")(pa.table({"prompt": ["..."]}))                         # pyarrow

The arguments are those of `routellm score --stream arrow`. All rows and columns come back in order,
with the new columns behind them. An iterator ends without an error only if the process did and gave
back as many rows as it got. To repeat it gives the same bytes.
"""
import contextlib, itertools, os, subprocess, tempfile, threading
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa


def score(*args: str, binary: str = "routellm") -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Returns a function over batches. binary is a path, one of Spark's --files, or on PATH."""

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rest, fed, got, problems = iter(batches), 0, 0, []
        if (first := next(rest, None)) is None:
            return

        def feed() -> None:
            nonlocal fed
            try:
                stream = pa.ipc.new_stream(process.stdin, first.schema)
                for batch in itertools.chain([first], rest):
                    stream.write_batch(batch)
                    fed += batch.num_rows
                stream.close()  # only here: it marks the stream as complete
                process.stdin.close()
            except BaseException as problem:  # of whoever makes the batches, or the process is gone
                problems.append(problem)
                process.kill()

        command = [_found(binary), "score", "--stream", "arrow", "--jobs", "1", *args]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
            feeder = threading.Thread(target=feed)
            feeder.start()
            try:
                with process.stdout, contextlib.suppress(pa.ArrowInvalid, OSError):  # it ended too early
                    for batch in pa.ipc.open_stream(process.stdout):
                        got += batch.num_rows
                        yield batch
                    feeder.join()
                    process.wait()
            finally:  # also where nobody wants the rest
                process.kill()
                feeder.join()
                code = process.wait()
            if code != 0 or problems or got != fed:
                said.seek(0)
                raise RuntimeError(f"routellm: {fed} rows in, {got} out: {said.read().decode()} {problems}")

    return run


def table(*args: str, binary: str = "routellm") -> Callable[[pa.Table], pa.Table]:
    """Returns the function over whole tables; one without rows stays as it is."""
    return lambda t: pa.Table.from_batches(score(*args, binary=binary)(t.to_batches())) if len(t) else t


def _found(binary: str) -> str:
    with contextlib.suppress(Exception):  # where there is no Spark, or it has no such file
        from pyspark import SparkFiles

        if not os.path.dirname(binary) and os.path.exists(path := SparkFiles.get(binary)):
            os.chmod(path, 0o755)
            return path
    return binary
