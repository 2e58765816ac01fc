"""Data frames of any library to Arrow and back."""

from __future__ import annotations

import difflib
import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet

from ._program import Error

Frame = nw.DataFrame[Any]


def is_frame(value: object) -> bool:
    """Reports whether a value is a data frame, lazy or not, of a library that narwhals reads."""
    return isinstance(nw.from_native(value, pass_through=True, allow_series=False), nw.DataFrame | nw.LazyFrame)


def is_series(value: object) -> bool:
    """Reports whether a value is a series of a library that narwhals reads."""
    return isinstance(nw.from_native(value, pass_through=True, allow_series=True), nw.Series)


def frame(value: object) -> Frame:
    """Returns a data frame as one of narwhals; a lazy one is collected."""
    if not is_frame(value):
        raise TypeError(f"expected a data frame, such as that of pandas or polars; found {type(value).__name__}")
    wrapped = nw.from_native(cast(Any, value))
    return cast(Frame, wrapped.collect() if isinstance(wrapped, nw.LazyFrame) else wrapped)


def backend(*values: object) -> Any:
    """Returns the library of the first data frame among the values, or else one that is installed."""
    for value in values:
        if is_frame(value) or is_series(value):
            wrapped = nw.from_native(cast(Any, value), allow_series=True)
            return (wrapped.collect() if isinstance(wrapped, nw.LazyFrame) else wrapped).implementation
    return next((b for b in ("pandas", "polars") if importlib.util.find_spec(b)), "pyarrow")


def arrow(value: object) -> pa.Table:
    """Returns a data frame as an Arrow table, without pandas' index."""
    wrapped = frame(value)
    try:
        if wrapped.implementation.is_pandas_like():
            return pa.Table.from_pandas(wrapped.to_pandas(), preserve_index=False)
        return wrapped.to_arrow()
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as problem:
        raise Error(f"the data frame has values without a type in Arrow: {' '.join(map(str, problem.args))}") from None


def native(table: pa.Table, library: Any) -> Any:
    """Returns an Arrow table as a data frame of a library; columns that are all null become numbers."""
    for i, field in enumerate(table.schema):
        if pa.types.is_null(field.type):
            table = table.set_column(i, field.name, table.column(i).cast(pa.float64()))
    return nw.from_arrow(table, backend=library).to_native()


def write(table: pa.Table, path: Path) -> str:
    """Writes a table as Parquet, and returns the path as the program takes it."""
    pyarrow.parquet.write_table(table, path)
    return path.as_posix()


def column(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Returns a column, or raises Error with the names of those there are."""
    if name not in table.column_names:
        near = difflib.get_close_matches(name, table.column_names, 1)
        hint = f"hint: did you mean {near[0]}?\n" if near else ""
        raise Error(f"column {name!r}: missing\n{hint}hint: columns: {', '.join(table.column_names)}")
    return table[name]


def texts(prompts: Any, name: str) -> tuple[Any, list[Any]]:
    """Returns prompts as a data frame, of a list or a series one with the column name; and their texts."""
    if isinstance(prompts, str):
        raise TypeError("expected a list of prompts, found one text: put it in a list")
    if is_series(prompts):
        prompts = nw.from_native(prompts, series_only=True).alias(name).to_frame().to_native()
    elif not is_frame(prompts):
        try:
            prompts = native(pa.table({name: pa.array(list(prompts), pa.string())}), backend())
        except pa.ArrowException as problem:
            raise Error(f"prompts: {problem}") from None
    prompts = frame(prompts).to_native()
    return prompts, column(arrow(prompts), name).to_pylist()


def joined(value: object, columns: Mapping[str, Sequence[Any]]) -> Any:
    """Returns a data frame with columns added, and with pandas' index as it was."""
    wrapped = frame(value)
    if taken := [name for name in columns if name in wrapped.columns]:
        raise ValueError(f"the data frame already has a column {taken[0]!r}: rename it")
    arrays = {name: pa.array(values) for name, values in columns.items()}
    arrays = {name: a.cast(pa.float64()) if is_number(a.type) else a for name, a in arrays.items()}
    added = nw.from_arrow(pa.table(arrays), backend=wrapped.implementation)
    if wrapped.implementation.is_pandas_like():
        added = nw.from_native(added.to_native().set_axis(wrapped.to_native().index, axis=0))
    return nw.concat([wrapped, added], how="horizontal").to_native()


def aligned(name: str, values: Any, data: Any) -> pa.Array:
    """Returns values as an Arrow array that has one per row of the data, in the same order."""
    try:
        if is_series(values):
            series = nw.from_native(values, series_only=True)
            if hasattr(values, "index") and hasattr(data, "index") and not values.index.equals(data.index):
                raise ValueError(f"scores {name!r}: its index is not that of the data frame: give it .to_numpy()")
            array = series.to_arrow()
        else:
            array = pa.array(values)
    except pa.ArrowException as problem:
        raise Error(f"scores {name!r}: {problem}") from None
    if len(array) != (rows := len(frame(data))):
        raise ValueError(f"scores {name!r}: {len(array)} values, expected {rows}: one per row of the data frame")
    return array


def by_id(given: Any, id_name: str | None) -> pa.Table:
    """Returns a data frame of scores with its ids in the column sample_id: columns of numbers are routers."""
    table = arrow(given)
    name = next((n for n in (id_name, "sample_id", "id") if n in table.column_names), None)
    if name is None:
        raise ValueError(f"the data frame of scores has no column {id_name or 'sample_id'!r} with the ids of prompts")
    numbers = [f.name for f in table.schema if f.name != name and is_number(f.type)]
    return pa.table({"sample_id": table[name], **{n: table[n] for n in numbers}})


def is_number(kind: pa.DataType) -> bool:
    """Reports whether a type's values are numbers."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def with_ids(table: pa.Table, id_name: str | None) -> tuple[pa.Table, str]:
    """Returns the table and its column of ids: that named, sample_id, id, or a new one of row numbers."""
    if not len(table):
        raise Error("the data frame has no rows, expected at least one")
    if name := id_name or next((n for n in ("sample_id", "id") if n in table.column_names), None):
        ids = column(table, name)
        if isinstance(ids.type, pa.BaseExtensionType):  # such as a UUID, whose values cannot be counted
            ids = ids.cast(ids.type.storage_type)
        counts = ids.value_counts()
        if len(counts) < len(ids):
            most = max(counts.to_pylist(), key=lambda c: c["counts"])
            example = f"{most['values']!r} is in {most['counts']:,} rows"
            raise Error(f"column {name!r}: repeated ids: {example}\nhint: scores in the order of rows need unique ids")
        return table, name
    rows = pa.array([f"row/{i:07d}" for i in range(1, len(table) + 1)], pa.string())
    return table.append_column("sample_id", rows), "sample_id"
