"""Runs queries on an engine, for engines_test.go.

Reads from standard input a JSON object:
  engine   duckdb, postgres, datafusion, clickhouse or spark
  dir      folder in which the tables logs.csv, digests.csv and pool.csv lie, and in which results are written
  queries  texts by name

Each result is a file or folder of the query's name, in the format that the engine writes by itself:
Parquet, or CSV from PostgreSQL. Exits with 77 if the engine is not installed.
"""
import csv
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

TABLES = ("logs", "digests", "pool")
NUMBERS = {"score", "quality:strong", "quality:weak", "we\"i`g\\h't"}


def absent(why):
    print(why)
    sys.exit(77)


def is_number(name):
    return name in NUMBERS or name.startswith(("score:", "cost:", "cost_usd:", "quality:"))


def tables(folder):
    """Writes each table as Parquet, with an empty cell as NULL, and returns the paths."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    paths = {}
    for name in TABLES:
        with open(os.path.join(folder, name + ".csv"), newline="") as f:
            header, *rows = csv.reader(f)
        columns = {}
        for i, column in enumerate(header):
            cells = [row[i] or None for row in rows]
            if is_number(column):
                columns[column] = pa.array([None if c is None else float(c) for c in cells], pa.float64())
            else:
                columns[column] = pa.array(cells, pa.string())
        paths[name] = os.path.join(folder, name + ".parquet")
        pq.write_table(pa.table(columns), paths[name], row_group_size=4096)
    return paths


def duckdb(folder, queries):
    try:
        import duckdb as engine
    except ImportError:
        absent("Python has no duckdb")
    con = engine.connect()
    for name, path in tables(folder).items():
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")
    for name, query in queries.items():
        con.execute(f"COPY ({query}) TO '{folder}/{name}.parquet' (FORMAT parquet)")


def datafusion(folder, queries):
    try:
        from datafusion import SessionContext
    except ImportError:
        absent("Python has no datafusion")
    ctx = SessionContext()
    for name, path in tables(folder).items():
        ctx.register_parquet(name, path)
    for name, query in queries.items():
        ctx.sql(query).write_parquet(f"{folder}/{name}")


def clickhouse(folder, queries):
    try:
        import chdb.session
    except ImportError:
        absent("Python has no chdb")
    session = chdb.session.Session()
    for name, path in tables(folder).items():
        session.query(f"CREATE VIEW default.{name} AS SELECT * FROM file('{path}', Parquet)")
    for name, query in queries.items():
        session.query(f"INSERT INTO FUNCTION file('{folder}/{name}.parquet', Parquet) {query}")
    session.close()


def spark(folder, queries):
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        absent("Python has no pyspark")
    if not shutil.which("java"):
        absent("no java, which Spark needs")
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "2").config("spark.sql.ansi.enabled", "true")
    session = builder.config("spark.sql.warehouse.dir", folder + "/warehouse").getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    for name, path in tables(folder).items():
        session.read.parquet(path).createOrReplaceTempView(name)
    for name, query in queries.items():
        session.sql(query).coalesce(1).write.parquet(f"{folder}/{name}")
    session.stop()


def programs():
    """Returns the folder of PostgreSQL's programs."""
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True) + os.environ["PATH"].split(":"):
        if os.path.exists(os.path.join(folder, "initdb")):
            return folder
    absent("no initdb: PostgreSQL's server is not installed (Debian: apt-get install postgresql)")


def postgres(folder, queries):
    programs_at = programs()
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    home = tempfile.mkdtemp(prefix="routellm-postgres-")
    if user:
        shutil.chown(home, user)

    def run(program, *args, **more):
        return subprocess.run([os.path.join(programs_at, program), *args], cwd=home, check=True, user=user, **more)

    data = os.path.join(home, "data")
    try:
        run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C", stdout=subprocess.DEVNULL)
        with open(os.path.join(data, "postgresql.conf"), "a") as f:
            f.write(f"listen_addresses = ''\nunix_socket_directories = '{home}'\nfsync = off\n")
        run("pg_ctl", "-D", data, "-w", "-l", os.path.join(home, "log"), "start", stdout=subprocess.DEVNULL)
        try:
            def sql(text, **more):
                run("psql", "-h", home, "-U", "postgres", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-qc", text, **more)

            for name in TABLES:
                with open(os.path.join(folder, name + ".csv"), newline="") as f:
                    header = next(csv.reader(f))
                    f.seek(0)
                    columns = ", ".join(f'"{c.replace(chr(34), chr(34) * 2)}" ' + ("float8" if is_number(c) else "text") for c in header)
                    sql(f"CREATE TABLE {name} ({columns})")
                    sql(f"COPY {name} FROM STDIN WITH (FORMAT csv, HEADER)", stdin=f)
            for name, query in queries.items():
                with open(os.path.join(folder, name + ".csv"), "w") as f:
                    sql(f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)", stdout=f)
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop", stdout=subprocess.DEVNULL)
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    job = json.load(sys.stdin)
    globals()[job["engine"]](job["dir"], job["queries"])
