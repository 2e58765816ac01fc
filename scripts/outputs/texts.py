"""Compares texts: tables by their numbers, everything else by its numbers and its words."""

import collections
import difflib
import re
from decimal import Decimal

from .rules import Rules

NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\d))(?:[eE][-+]?\d+)?|(?<=\w)\d+(?:\.\d+)?")
RULE = re.compile(r"-{8,}|\|[-:|]+\|")  # the line below a table's header


def numbers(text: str) -> list[Decimal]:
    """Returns the numbers in a text, in order."""
    return [Decimal(found.replace(",", "")).normalize() for found in NUMBER.findall(text)]


def masked(text: str) -> str:
    """Returns the text with # for every number, to group lines that differ in numbers only."""
    return NUMBER.sub("#", text).strip()


def split(text: str) -> tuple[list[list[str]], list[str]]:
    """Splits a text into the rows of its tables and its other lines, unwrapped.

    A table's header counts as one of the other lines: its numbers are names.
    """
    tables, other, lines = [], [], text.splitlines()
    i = 0
    while i < len(lines):
        if i + 1 < len(lines) and RULE.fullmatch(lines[i + 1].strip()):
            other.append(re.sub(r"[\s|]+", " ", lines[i]))
            rows = []
            i += 2
            while i < len(lines) and lines[i].strip():
                rows.append(lines[i])
                i += 1
            tables.append(rows)
            continue
        wrapped = lines[i].startswith("  ") and other and not other[-1].startswith(" ") and len(other[-1]) > 50
        if wrapped:
            other[-1] += " " + lines[i].strip()
        elif lines[i].strip():
            other.append(lines[i])
        i += 1
    return tables, other


def compare(old: str, new: str, rules: Rules):
    """Yields (kind, group) for every difference between two texts."""
    old_tables, old_lines = split(old)
    new_tables, new_lines = split(new)
    if len(old_tables) != len(new_tables):
        yield "rows", f"{len(old_tables)} tables, now {len(new_tables)}"
    for a, b in zip(old_tables, new_tables):
        yield from compare_rows(a, b)
    yield from compare_lines([x for x in old_lines if not rules.ignores(x)], [x for x in new_lines if not rules.ignores(x)])


def compare_rows(old: list[str], new: list[str]):
    """Compares two tables row by row: every number, in order; then the words."""
    if len(old) != len(new):
        yield "rows", f"a table of {len(old)} rows has {len(new)}, first {new[0].strip() if new else old[0].strip()!r}"
        return
    for a, b in zip(old, new):
        if numbers(a) != numbers(b):
            yield "number", f"- {a.strip()}\n+ {b.strip()}"
        elif re.sub(r"\s+", " ", a.strip()) != re.sub(r"\s+", " ", b.strip()):
            yield "words", f"- {masked(re.sub(' +', ' ', a))}\n+ {masked(re.sub(' +', ' ', b))}"


def compare_lines(old: list[str], new: list[str]):
    """Compares lines that are no rows of tables. Numbers may move to another line."""
    moved = same_numbers(old, new)
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if moved or same_numbers(old[a:b], new[c:d]):
            yield "words", "\n".join(["- " + masked(x) for x in old[a:b]] + ["+ " + masked(x) for x in new[c:d]])
        else:
            yield "number in text", "\n".join(["- " + x.strip() for x in old[a:b]] + ["+ " + x.strip() for x in new[c:d]])


def same_numbers(old: list[str], new: list[str]) -> bool:
    """Reports whether lines hold the same numbers, in any order."""
    return collections.Counter(numbers("\n".join(old))) == collections.Counter(numbers("\n".join(new)))
