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
    "quality": "quality",
    "cost": "cost",
    "lift": "lift",
    "cost_for_0.95": "cost for 95 %",
    "against_random": "against random",
    "against_static": "against static mix",
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
        return {b["name"]: b["warnings"] for b in sets(self.json)}

    def to_frame(self) -> Any:
        """Returns one row per benchmark and router, with all metrics and the ends of their intervals."""
        return _frames.native(self._table(), self._library)

    def curve(self) -> Any:
        """Returns the vertices of the curves: benchmark, router, threshold, strong_fraction, quality."""
        rows = [
            {"benchmark": b["name"], "router": r["name"], **vertex}
            for b in sets(self.json)
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

    def _table(self) -> pa.Table:
        return pyarrow.csv.read_csv(io.BytesIO(self._files["results.csv"]))

    def __repr__(self) -> str:
        """Returns the program's tables."""
        return self._files["results.txt"].decode().rstrip()

    def _repr_html_(self) -> str:
        parts, rows = [], self._table().to_pylist()
        for bench in sets(self.json):
            shown = [r for r in rows if r["benchmark"] == bench["name"] and not r.get("task")]
            names = [n for n in HEADLINE if any(r.get(n) not in (None, "") for r in shown)]
            cells = [[label(r), *(interval(r, n) for n in names)] for r in shown]
            parts.append(table(heading(bench), ["router", *(HEADLINE[n] for n in names)], cells, bench["warnings"]))
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
        """Returns a row per pair and metric, of which there are several among several models."""
        rows = []
        for found in sets(self.json):
            for pair in found["pairs"] or ():
                by_metric = {found.get("metric"): pair} if "difference" in pair else pair
                for metric, values in by_metric.items():
                    if isinstance(values, Mapping):
                        row = {"benchmark": found["name"], "a": pair["a"], "b": pair["b"], "metric": metric}
                        rows.append({**row, **flat(values)})
        return rows

    def _cells(self, bench: str) -> list[list[str]]:
        return [
            [f"{r['a']} - {r['b']}", r["metric"], interval(r, "difference"), number(r.get("p_adjusted")), r["verdict"]]
            for r in self._rows()
            if r["benchmark"] == bench
        ]

    def __repr__(self) -> str:
        """Returns one line per pair."""
        lines = []
        for found in sets(self.json):
            lines.append(heading(found))
            lines += [f"  {pair}: {m} {d}, p {p}: {verdict}" for pair, m, d, p, verdict in self._cells(found["name"])]
            lines += [f"  warning: {w}" for w in found["warnings"] or ()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = ["A - B", "metric", "difference", "p (adjusted)", "verdict"]
        tables = [table(heading(s), head, self._cells(s["name"]), s["warnings"]) for s in sets(self.json)]
        return "<div>" + "\n".join(tables) + "</div>"


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
        """Returns one row per threshold or, where outcomes are known, one per threshold and measure."""
        return _frames.native(pa.Table.from_pylist(self._rows()), self._library)

    def _rows(self) -> list[dict[str, Any]]:
        points = (self.json["outcomes"] or {}).get("points") or ()
        measured = [
            {**flat(point), **{"measure" if k == "name" else k: v for k, v in m.items()}}
            for point in points
            for m in point["measures"]
        ]
        return measured or [flat(t) for t in self.json["thresholds"] or ()]

    def save(self, path: str | Path) -> Path:
        """Writes the artifact, for `routellm serve` and the other commands."""
        if self._artifact is None:
            raise ValueError("several targets have no artifact: calibrate for one")
        Path(path).write_text(self._artifact, encoding="utf-8")
        return Path(path)

    def _repr_html_(self) -> str:
        rows = [{k: v for k, v in row.items() if v is not None} for row in self._rows()]
        head = list(dict.fromkeys(key for row in rows for key in row))
        return table(repr(self), head, [[number(row.get(k)) for k in head] for row in rows], self.json["warnings"])

    def __repr__(self) -> str:
        """Returns the router, and the threshold or thresholds."""
        found: Any = self.threshold
        if always := (self.artifact or {}).get("always"):
            found = f"always {always}"
        elif found is None:
            found = [t["threshold"] for t in self.json["thresholds"] or ()]
        return f"Calibration(router={self.json['router']!r}, threshold={found!r}, passed={self.passed})"


def sets(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Returns what was found per benchmark, between two models and among several."""
    return [*(document["benchmarks"] or ()), *(document.get("pools") or ())]


def heading(found: Mapping[str, Any]) -> str:
    """Returns the title of a benchmark, its number of samples, and its models."""
    pair = found.get("pair")
    models = f", {pair['strong']} / {pair['weak']}" if pair else ""
    return f"{found['title']}: {found['samples']:,} samples{models}"


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
    """Returns a number with three decimals or digits, and a dash for none."""
    if value is None or value == "":
        return "-"
    if not isinstance(value, float):
        return str(value)
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3f}" if value == 0 or abs(value) >= 0.001 else f"{value:.3g}"


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
