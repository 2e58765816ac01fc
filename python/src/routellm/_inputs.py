"""Data frames and scores as files of the program, and the flags that name them."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa

from . import _frames

Flag: TypeAlias = "str | float | Path | Sequence[str | float] | Mapping[str, str | float] | None"

OWN = {"format", "formats", "out", "router", "data", "bench", "pair", "artifact", "help"}  # set by the functions
FORMS = {"model", "model_column", "models_in", "models_from_rest", "outcomes"}  # say what models are


@dataclass
class Inputs:
    """The arguments that eval, compare and calibrate have in common."""

    df: Any
    scores: Any
    strong: str | None
    weak: str | None
    source: str | Path | Sequence[str] | None
    id: str | None
    name: str
    flags: Mapping[str, Flag]

    def write(self, folder: Path, source_flag: str) -> tuple[list[str], list[str]]:
        """Writes the data and the scores, and returns the flags and the routers that stand for scores.

        source_flag is the flag that names the data. Columns that hold scores are left out of the data,
        where they could be taken for qualities.
        """
        if self.df is not None and self.source is not None:
            raise ValueError("expected a data frame or the name of data, found both")
        table = None if self.df is None else _frames.arrow(self.df)
        sources, routers, own = listed(self.source), [], dict(self.flags)
        if self.id is not None:
            own["id"] = self.id
        if self.scores is not None:
            table, own["id"], made = self.split(table)
            named(made.column_names[1:])
            path = _frames.write(made, folder / "scores.parquet")
            routers = [f"{name}=scores:{path}#{name}" for name in made.column_names[1:]]
        models = [str(m).removeprefix("quality:") for m in (self.strong, self.weak) if m is not None]
        if len(models) == 1:
            raise ValueError(f"expected both strong and weak, found only {models[0]!r}")
        if odd := [m for m in models if set(m) & set("=,")]:
            raise ValueError(f"model {odd[0]!r}: expected a name without = and commas: rename the column")
        if table is not None:
            if Path(self.name).name != self.name:
                raise ValueError(f"name {self.name!r}: expected the name of a file without a folder")
            if is_data_set(table):  # its columns have the names that the program wants
                own.pop("id", None)
                ids = table["sample_id"].cast(pa.string())
                table = table.set_column(table.column_names.index("sample_id"), "sample_id", ids)
                meta = {b"routellm.name": self.name.encode(), **(table.schema.metadata or {})}
                table = table.replace_schema_metadata(meta)
            elif not FORMS & own.keys() and any(m in table.column_names for m in models):
                quality = {m for m in models if m not in table.column_names and f"quality:{m}" in table.column_names}
                own["model"] = [f"{m}=quality:{m}" if m in quality else m for m in models]
            sources = [_frames.write(table, folder / f"{self.name}.parquet")]
        args = [f"{source_flag}={s}" for s in sources] + options(own)
        return ([*args, "--pair=" + ",".join(models)] if models else args), routers

    def split(self, table: pa.Table | None) -> tuple[pa.Table | None, str | None, pa.Table]:
        """Returns the data without columns of scores, its column of ids, and the scores by id."""
        if _frames.is_frame(self.scores):
            return table, self.id, _frames.by_id(self.scores, self.id)
        if table is None:
            raise TypeError("scores without a data frame of prompts have to be a data frame with ids")
        given = self.scores
        if not isinstance(given, str | Mapping) and not all(isinstance(name, str) for name in listed(given)):
            raise TypeError('scores without a name: give them one, such as scores={"mine": values}')
        columns = given if isinstance(given, Mapping) else {name: name for name in listed(given)}
        named(columns)
        table, id_name = _frames.with_ids(table, self.id)
        made = {"sample_id": _frames.column(table, id_name)}
        for router, values in columns.items():
            column = isinstance(values, str)
            made[router] = _frames.column(table, values) if column else _frames.aligned(router, values, self.df)
        models = {f"{prefix}{m}" for m in (self.strong, self.weak) for prefix in ("", "quality:")}
        used = {values for values in columns.values() if isinstance(values, str)} - models - {id_name}
        return table.drop_columns(list(used)), id_name, pa.table(made)


def named(routers: Collection[str]) -> None:
    """Raises ValueError if there are no scores, or if the program would take a router's name for something else."""
    if not routers:
        raise ValueError("scores: expected at least one column of numbers, found none")
    for name in routers:
        if not name or name == "sample_id" or set(name) & set("=:,"):
            raise ValueError(f"router {name!r}: expected a name other than sample_id, without =, : and commas")


def is_data_set(table: pa.Table) -> bool:
    """Reports whether a table has the columns of the program's own data sets (docs/data.md)."""
    names = table.column_names
    return "sample_id" in names and any(name.startswith("quality:") for name in names)


def options(flags: Mapping[str, Flag], own: set[str] = OWN) -> list[str]:
    """Returns flags as the command line has them: at=[0.2, 0.5] is --at=0.2,0.5, by_task=True --by-task."""
    args: list[str] = []
    for key, value in flags.items():
        name = key.replace("_", "-").strip("-")
        if name in own:
            raise TypeError(f"unexpected argument {key!r}: the function sets --{name} itself")
        if value is not None and hasattr(value, "tolist"):  # an array or a number of numpy
            value = value.tolist()
        if isinstance(value, Mapping):
            values: list[Any] = [f"{k}={v}" for k, v in value.items()]
        elif isinstance(value, Sequence) and not isinstance(value, str):
            numbers = all(isinstance(v, int | float) for v in value)
            values = [",".join(map(str, value))] if numbers else list(value)
        else:
            values = [] if value is None else [value]
        args += [f"--{name}={str(v).lower() if isinstance(v, bool) else v}" for v in values]
    return args


def listed(value: str | Path | Sequence[str] | None) -> list[str]:
    """Returns one or several names as a list."""
    if value is None or isinstance(value, str | Path):
        return [] if value is None else [str(value)]
    try:
        return list(value)
    except TypeError:
        raise TypeError(f"expected a name or a list of names, found {type(value).__name__}") from None


@contextmanager
def folder() -> Iterator[Path]:
    """Makes a folder for temporary files, and removes it with all that is in it."""
    with tempfile.TemporaryDirectory(prefix="routellm-", ignore_cleanup_errors=True) as path:
        yield Path(path)
