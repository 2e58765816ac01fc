"""Rules name the differences between two outputs that are intended."""

import json
import re
from pathlib import Path

# IGNORED keys of JSON documents hold no result.
IGNORED = {"schema_version", "version", "microseconds"}

# TIMES are lines of text that differ from run to run.
TIMES = re.compile(r"^microseconds\s+\d")


class Rules:
    """Rules is a JSON file with these keys, all of them optional:

    keys       {"old/key": "new"}: a key of JSON or a column of CSV that was renamed; parts of
               a path are joined by "/", so that "random/apgr_sd" is one key inside another
    paths      [["regular expression", "replacement"]]: the same for whole paths, such as
               benchmarks/0/routers/1/metrics/apgr/value
    values     {"new key": {"old value": "new value"}}: words that were renamed
    scale      {"new key": factor}: numbers whose unit changed; new = old * factor
    arguments  {"--old-flag": "--new-flag"}: words of the commands, replaced for the new binary
    lines      ["regular expression"]: lines of text that are compared with nothing
    accept     ["regular expression"]: groups of differences, as printed, that may be
    """

    def __init__(self, path: Path | None = None):
        given = json.loads(path.read_text(encoding="utf-8")) if path else {}
        unknown = set(given) - {"keys", "paths", "values", "scale", "arguments", "lines", "accept"}
        if unknown:
            raise SystemExit(f"{path}: unknown rules {sorted(unknown)}")
        self.keys = given.get("keys", {})
        self.paths = [(re.compile(old), new) for old, new in given.get("paths", [])]
        self.values = given.get("values", {})
        self.scale = given.get("scale", {})
        self.arguments = given.get("arguments", {})
        self.lines = [TIMES, *(re.compile(line) for line in given.get("lines", []))]
        self.accepted = [re.compile(line) for line in given.get("accept", [])]

    def path(self, path: str) -> str:
        """Returns the new path of an old one."""
        path = f"/{path}/"
        for old, new in self.keys.items():
            path = path.replace(f"/{old}/", f"/{new}/")
        path = path.strip("/")
        for old, new in self.paths:
            path = old.sub(new, path)
        return path

    def value(self, path: str, value):
        """Returns the new value of an old one at a new path."""
        key = path.rpartition("/")[2]
        if isinstance(value, str):
            return self.values.get(key, {}).get(value, value)
        if key in self.scale and value is not None and not isinstance(value, bool):
            return value * type(value)(str(self.scale[key]))
        return value

    def ignores(self, line: str) -> bool:
        """Reports whether a line of text is compared with nothing."""
        return any(rule.search(line) for rule in self.lines)

    def accepts(self, group: str) -> bool:
        """Reports whether a group of differences is intended."""
        return any(rule.search(group) for rule in self.accepted)
