"""Parses queries with sqlglot, for golden_test.go. Takes files named after their dialects, in which each
query follows a line "-- NAME". Exits with 77 if sqlglot is not installed."""
import os
import re
import sys

try:
    import sqlglot
except ImportError:
    print("Python has no sqlglot")
    sys.exit(77)

for path in sys.argv[1:]:
    dialect = os.path.splitext(os.path.basename(path))[0]
    dialect = {"datafusion": "postgres"}.get(dialect, dialect)  # the one DataFusion's own SQL is nearest to
    with open(path) as f:
        _, *parts = re.split(r"^-- (.*)\n", f.read(), flags=re.M)
    for name, query in zip(parts[::2], parts[1::2]):
        try:
            found = sqlglot.parse(query, read=dialect, error_level=sqlglot.ErrorLevel.RAISE)
        except sqlglot.errors.SqlglotError as e:
            sys.exit(f"{dialect}, {name}: {e}")
        if len(found) != 1 or not isinstance(found[0], sqlglot.exp.Query):
            sys.exit(f"{dialect}, {name}: not one query: {found!r}")
