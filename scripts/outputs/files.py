"""Compares two files, or the outputs of two commands, by their kind."""

import csv
import html.parser
import io
import json
import re
from decimal import Decimal

from . import texts
from .rules import IGNORED, Rules

EMPTY = (None, "[]", "{}")  # values that hold nothing

# FATAL differences fail the comparison, unless the rules accept them.
FATAL = {"exit code", "number", "number in text", "rows", "bytes", "digest", "file gone", "key gone"}


def compare(name: str, old: bytes, new: bytes, rules: Rules):
    """Yields (kind, group) for every difference between two files of that name.

    Pictures, Parquet, models and everything unknown are compared byte for byte.
    """
    if old == new:
        return
    suffix = name.rpartition(".")[2]
    if suffix not in ("json", "jsonl", "csv", "html", "md", "xml", "txt", "yaml"):
        yield "bytes", f"{suffix}: {name}"
        return
    a, b = old.decode("utf-8", "replace"), new.decode("utf-8", "replace")
    if suffix in ("json", "jsonl"):
        yield from compare_json(values(a), values(b), rules)
    elif suffix == "csv":
        yield from compare_csv(a, b, rules)
    elif suffix == "html":
        yield from compare_html(a, b, rules)
    else:
        yield from texts.compare(a, b, rules)


def output_name(command: str, stdout: bytes) -> str:
    """Returns the name of a file that would hold a command's output."""
    if "--format csv" in command:
        return "stdout.csv"
    try:
        values(stdout.decode())
        return "stdout.json"
    except ValueError:
        return "stdout.txt"


def values(text: str) -> list:
    """Returns the values of a JSON document, or of JSON lines, with exact numbers."""
    parse = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal).decode
    if text.lstrip()[:1] not in ("{", "["):
        raise ValueError("not JSON")
    try:
        return [parse(text)]
    except ValueError:
        return [parse(line) for line in text.splitlines() if line.strip()]


def leaves(value, path=()):
    """Yields path and value of everything in a JSON value that is no object or array, or is empty."""
    if value in ({}, []):
        yield "/".join(path), str(value)
        return
    if isinstance(value, dict):
        pairs = ((k.replace("/", "~1"), v) for k, v in value.items() if k not in IGNORED)
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        yield "/".join(path), value
        return
    for key, part in pairs:
        yield from leaves(part, (*path, str(key)))


def shape(path: str) -> str:
    """Returns a path with * for every position in an array, to group by it."""
    return re.sub(r"(?<![^/])\d+(?![^/])", "*", path)


def compare_json(old: list, new: list, rules: Rules):
    """Compares JSON values leaf by leaf, after the rules were applied to the old ones."""
    if len(old) != len(new):
        yield "rows", f"{len(old)} JSON values, now {len(new)}"
    for a, b in zip(old, new):
        was, now = {}, dict(leaves(b))
        for path, value in leaves(a):
            path = rules.path(path)
            was[path] = rules.value(path, value)
        for path in was.keys() - now.keys():
            yield ("null gone" if was[path] in EMPTY else "key gone"), shape(path)
        for path in now.keys() - was.keys():
            yield "key new", shape(path)
        for path in was.keys() & now.keys():
            yield from compare_cells(shape(path), was[path], now[path])


def compare_cells(key: str, old, new):
    """Compares two values that have the same key."""
    if old == new and isinstance(old, bool) == isinstance(new, bool):
        return
    if old in EMPTY and new in EMPTY:
        yield "empty", f"{key}: {old} -> {new}"
    elif "sha256" in key or "digest" in key:
        yield "digest", key
    elif not isinstance(old, str) or not isinstance(new, str):
        yield "number", f"{key}: {old} -> {new}"
    elif texts.same_numbers([old], [new]):
        yield "words", f"{key}:\n- {texts.masked(old)}\n+ {texts.masked(new)}"
    else:
        yield "number in text", f"{key}:\n- {old}\n+ {new}"


def compare_csv(old: str, new: str, rules: Rules):
    """Compares tables of comma-separated values, one after the other, cell by cell."""
    was, now = (list(csv.reader(io.StringIO(text))) for text in (old, new))
    if len(was) != len(now):
        yield "rows", f"{len(was)} rows of CSV, now {len(now)}"
        return
    header, fresh = [], True
    for a, b in zip(was, now):
        if fresh:
            header = [rules.path(name) for name in a]
            if header != b:
                yield from compare_header(header, b)
            columns = [b.index(name) if name in b else None for name in header]
        else:
            for name, column, cell in zip(header, columns, a):
                if column is not None and column < len(b):
                    yield from compare_cells(name, cell_of(rules, name, cell), cell_of(Rules(), name, b[column]))
        fresh = not a


def compare_header(old: list[str], new: list[str]):
    """Compares the columns' names, then their order."""
    for name in old:
        if name not in new:
            yield "key gone", f"column {name}"
    for name in new:
        if name not in old:
            yield "key new", f"column {name}"
    if sorted(old) == sorted(new):
        yield "rows", f"columns in another order: {','.join(new)}"


def cell_of(rules: Rules, name: str, cell: str):
    """Returns a cell of CSV as a number or a string, after the rules were applied."""
    try:
        return rules.value(name, Decimal(cell))
    except ArithmeticError:
        return rules.value(name, cell)


def compare_html(old: str, new: str, rules: Rules):
    """Compares pages: pictures byte for byte, embedded JSON, then the visible text."""
    a, b = Page(old), Page(new)
    if a.pictures != b.pictures:
        yield "bytes", "picture in an HTML page"
    if len(a.data) != len(b.data):
        yield "key gone", f"{len(a.data)} JSON values in an HTML page, now {len(b.data)}"
    for was, now in zip(a.data, b.data):
        yield from compare_json(values(was), values(now), rules)
    yield from texts.compare(a.text, b.text, rules)


class Page(html.parser.HTMLParser):
    """Page is an HTML page taken apart."""

    def __init__(self, text: str):
        super().__init__()
        self.pictures = re.findall(r"(?s)<svg.*?</svg>", text)
        self.data: list[str] = []
        self.text, self.inside = "", ""
        self.feed(re.sub(r"(?s)<svg.*?</svg>", "", text))

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style"):
            self.inside = "data" if ("type", "application/json") in attrs else "code"

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self.inside = ""
        self.text += "  " if tag in ("td", "th", "b", "a", "span", "code", "em", "strong") else "\n"

    def handle_data(self, data):
        if self.inside == "data":
            self.data.append(data)
        elif not self.inside:
            self.text += data
