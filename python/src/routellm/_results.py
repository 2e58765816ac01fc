"""What the functions return: numbers as data frames, and tables and pictures in notebooks."""

from __future__ import annotations

import base64
import html
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from . import _frames

# The columns of a notebook's table, of which a result has some: those of two models and of several.
HEADLINE = {
    "apgr": "APGR",
    "headroom": "headroom",
    "cpt_50": "CPT50",
    "cpt_80": "CPT80",
    "quality_at_0.5": "quality @ 50 %",
    "strong_fraction": "calls",
    "quality": "quality",
    "cost": "cost",
    "lift": "lift",
    "cost_for_0.95": "cost for 95 %",
}


class Result:
    """What eval found. A notebook shows it as tables and pictures, print() as the program's tables.

    Attributes:
        json: The program's document results.json.
        notes: What the program said about reading the data.
        figures: The pictures, as SVG by the name of the benchmark.
        warnings: What the program warns of, by the name of the benchmark.
    """

    def __init__(self, files: dict[str, bytes], notes: list[str], library: Any) -> None:
        """Takes the files that eval wrote."""
        self._files, self._library = files, library
        self.notes = notes
        self.json: dict[str, Any] = json.loads(files["results.json"])

    @property
    def figures(self) -> dict[str, str]:
        """The pictures, as SVG by the name of the benchmark."""
        return {n.removesuffix(".svg"): f.decode() for n, f in self._files.items() if n.endswith(".svg")}

    @property
    def warnings(self) -> dict[str, list[str]]:
        """What the program warns of, by the name of the benchmark."""
        return {b["name"]: b["warnings"] for b in self._sets()}

    def to_frame(self) -> Any:
        """Returns one row per benchmark and router, with all metrics and the ends of their intervals."""
        return _frames.native(self._table(), self._library)

    def curve(self) -> Any:
        """Returns the vertices of the curves: benchmark, router, threshold, strong_fraction, quality."""
        rows = [
            {"benchmark": b["name"], "router": r["name"], **vertex}
            for b in self._sets()
            for r in b["routers"]
            for vertex in r.get("curve") or ()
        ]
        return _frames.native(pa.Table.from_pylist(rows), self._library)

    def samples(self) -> Any:
        """Returns one row per evaluated prompt: its id, both models' qualities, and the scores."""
        return _frames.native(pa.parquet.read_table(io.BytesIO(self._files["samples.parquet"])), self._library)

    def save(self, folder: str | Path) -> Path:
        """Writes results, samples, tables and pictures to a folder, as `routellm eval --out` does."""
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        for name, content in self._files.items():
            (path / name).write_bytes(content)
        return path

    def _sets(self) -> list[dict[str, Any]]:
        """Returns what was found per benchmark, between two models and among several."""
        return [*self.json["benchmarks"], *self.json.get("pools", ())]

    def _table(self) -> pa.Table:
        return pyarrow.csv.read_csv(io.BytesIO(self._files["results.csv"]))

    def __repr__(self) -> str:
        """Returns the program's tables."""
        return self._files["results.txt"].decode().rstrip()

    def _repr_html_(self) -> str:
        parts, rows = [], self._table().to_pylist()
        for bench in self._sets():
            shown = [r for r in rows if r["benchmark"] == bench["name"] and not r.get("task")]
            names = [n for n in HEADLINE if any(r.get(n) is not None for r in shown)]
            cells = [[label(r), *(interval(r, n) for n in names)] for r in shown]
            pair = bench.get("pair")
            title = f"{bench['title']}: {bench['samples']:,} samples"
            title += f", {pair['strong']} / {pair['weak']}" if pair else ""
            parts.append(table(title, ["router", *(HEADLINE[n] for n in names)], cells, bench["warnings"]))
        for name, svg in self.figures.items():
            data = base64.b64encode(svg.encode()).decode()  # an img runs no scripts
            parts.append(f'<img alt="{html.escape(name)}" src="data:image/svg+xml;base64,{data}">')
        parts.append(f"<details><summary>All numbers</summary><pre>{html.escape(repr(self))}</pre></details>")
        return "<div>" + "\n".join(parts) + "</div>"


class Comparison:
    """What compare found: for each pair of routers, the difference and whether it is more than chance.

    Attributes:
        json: The document that `routellm compare --format json` prints.
        notes: What the program said about reading the data.
    """

    def __init__(self, document: dict[str, Any], notes: list[str], library: Any) -> None:
        """Takes the program's document."""
        self.json, self.notes, self._library = document, notes, library

    def to_frame(self) -> Any:
        """Returns one row per benchmark, pair and metric: difference, its interval, p and verdict."""
        return _frames.native(pa.Table.from_pylist(self._rows()), self._library)

    def _rows(self) -> list[dict[str, Any]]:
        return [{"benchmark": b["name"], **flat(pair)} for b in self.json["benchmarks"] for pair in b["pairs"] or ()]

    def _cells(self, bench: str) -> list[list[str]]:
        return [
            [f"{r['a']} - {r['b']}", interval(r, "difference"), number(r.get("p_adjusted")), r["verdict"]]
            for r in self._rows()
            if r["benchmark"] == bench
        ]

    def __repr__(self) -> str:
        """Returns one line per pair."""
        lines = []
        for bench in self.json["benchmarks"]:
            lines.append(f"{bench['title']}: {bench['samples']:,} samples")
            lines += [f"  {a}: {d}, p {p}: {verdict}" for a, d, p, verdict in self._cells(bench["name"])]
            lines += [f"  warning: {w}" for w in bench["warnings"] or ()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = ["A - B", "difference", "p (adjusted)", "verdict"]
        return "\n".join(
            table(f"{b['title']}: {b['samples']:,} samples", head, self._cells(b["name"]), b["warnings"])
            for b in self.json["benchmarks"]
        )


class Calibration:
    """A threshold, and what it promises.

    Attributes:
        json: The document that `routellm calibrate --format json` prints.
        artifact: The document that route, serve and eval take the threshold from; None for several targets.
        passed: False if no threshold reaches the target, so that the strong model is always called.
        notes: What the program said about reading the data.
    """

    def __init__(
        self, document: dict[str, Any], notes: list[str], library: Any, artifact: str | None, passed: bool
    ) -> None:
        """Takes the program's documents."""
        self.json, self.notes, self.passed, self._library, self._artifact = (
            document,
            notes,
            passed,
            library,
            artifact,
        )

    @property
    def artifact(self) -> dict[str, Any] | None:
        """The document that route, serve and eval take the threshold from; None for several targets."""
        return json.loads(self._artifact) if self._artifact else None

    @property
    def threshold(self) -> float | None:
        """The threshold: a score at or above it calls the strong model. None for several targets."""
        return self.artifact["threshold"] if self.artifact else None

    def to_frame(self) -> Any:
        """Returns one row per threshold."""
        return _frames.native(pa.Table.from_pylist([flat(t) for t in self.json["thresholds"] or ()]), self._library)

    def save(self, path: str | Path) -> Path:
        """Writes the artifact, for `routellm serve` and the other commands."""
        if self._artifact is None:
            raise ValueError("several targets have no artifact: calibrate for one")
        Path(path).write_text(self._artifact, encoding="utf-8")
        return Path(path)

    def __repr__(self) -> str:
        """Returns the router, and the threshold or thresholds."""
        found = [t["threshold"] for t in self.json["thresholds"] or ()] if self.threshold is None else self.threshold
        return f"Calibration(router={self.json['router']!r}, threshold={found}, passed={self.passed})"


def flat(document: Mapping[str, Any]) -> dict[str, Any]:
    """Returns nested keys joined by underscores, such as {"apgr": {"value", "lo"}} as apgr and apgr_lo."""
    row: dict[str, Any] = {}
    for key, value in document.items():
        if isinstance(value, Mapping):
            row.update({key if k == "value" else f"{key}_{k}": v for k, v in flat(value).items()})
        elif not isinstance(value, list):
            row[key] = value
    return row


def label(row: Mapping[str, Any]) -> str:
    """Returns the router of a row or, among several models, what the row is about."""
    return str(row.get("router") or " ".join(str(row[k]) for k in ("kind", "name", "at") if row.get(k) is not None))


def number(value: Any) -> str:
    """Returns a number with four digits, and a dash for none."""
    return "-" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def interval(row: Mapping[str, Any], name: str) -> str:
    """Returns a value with the ends of its interval, if there is one."""
    lo, hi = row.get(name + "_lo"), row.get(name + "_hi")
    return number(row.get(name)) + ("" if lo is None or hi is None else f" [{number(lo)}, {number(hi)}]")


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], warnings: Iterable[str] | None) -> str:
    """Returns an HTML table with its warnings below; every text is escaped."""

    def line(tag: str, cells: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(str(c))}</{tag}>" for c in cells) + "</tr>"

    body = "".join(line("td", cells) for cells in rows)
    below = "".join(f"<li>{html.escape(w)}</li>" for w in warnings or ())
    return (
        f"<table><caption>{html.escape(title)}</caption><thead>{line('th', head)}</thead>"
        f"<tbody>{body}</tbody></table>" + (f"<ul>{below}</ul>" if below else "")
    )
