"""Routed prompts keep their rows, their index and their library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import outcomes, program

import routellm


def test_decisions_are_those_of_the_program(df: pd.DataFrame, work: Path) -> None:
    lines = "".join(json.dumps({"prompt": p}) + "\n" for p in df["prompt"])
    want = [json.loads(line) for line in program("route", "--router=mf", "--threshold=0.212", stdin=lines).splitlines()]
    got = routellm.route(df, router="mf", threshold=0.212)
    assert list(got.columns) == [*df.columns, "score", "threshold", "decision", "model", "unlike"]
    assert got["score"].tolist() == [row["score"] for row in want]
    assert got["decision"].tolist() == [row["decision"] for row in want]
    assert set(got["decision"]) == {"strong", "weak"}


def test_the_index_stays(df: pd.DataFrame, work: Path) -> None:
    shuffled = df.set_index("id").sample(frac=1, random_state=3)
    got = routellm.route(shuffled, router="length", strong_fraction=0.3, pair="gpt,llama")
    assert got.index.equals(shuffled.index)
    pd.testing.assert_frame_equal(got[shuffled.columns], shuffled)
    assert got["score"].tolist() == shuffled["prompt"].str.len().astype(float).tolist()
    assert set(got["model"]) <= {"gpt", "llama"}
    of_series = routellm.route(shuffled["prompt"], router="length", strong_fraction=0.3)
    assert of_series.index.equals(shuffled.index) and list(of_series.columns)[:2] == ["prompt", "score"]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (["one", "two words"], pd.DataFrame),
        (("one", "two words"), pd.DataFrame),
        (pd.Series(["one", "two words"], index=[7, 7]), pd.DataFrame),
        (pl.Series(["one", "two words"]), pl.DataFrame),
        (pl.LazyFrame({"prompt": ["one", "two words"]}), pl.DataFrame),
        (pa.table({"prompt": ["one", "two words"]}), pa.Table),
        (pa.chunked_array([["one", "two words"]]), pa.Table),
    ],
)
def test_prompts_of_any_library(given: Any, kind: Any, work: Path) -> None:
    got = routellm.route(given, router="length", strong_fraction=0.5)
    assert isinstance(got, kind)
    scores = got["score"]
    assert (scores.to_pylist() if kind is pa.Table else list(scores)) == [3, 9]


def test_no_prompts_are_no_rows(work: Path) -> None:
    empty: list[Any] = [[], pd.DataFrame({"prompt": []}), pl.DataFrame({"prompt": []}, schema={"prompt": pl.String})]
    for given in empty:
        got = routellm.route(given, router="length", strong_fraction=0.5)
        assert len(got) == 0 and list(got.columns) == ["prompt", "score", "threshold", "decision", "model"]


@pytest.mark.parametrize("missing", [None, float("nan"), 3])
def test_prompts_that_are_no_text_are_errors(missing: Any, work: Path) -> None:
    with pytest.raises(routellm.Error) as raised:
        routellm.route(pd.DataFrame({"prompt": ["a", missing]}), router="length", strong_fraction=0.5)
    assert "prompt" in str(raised.value)


def test_ten_thousand_prompts(work: Path) -> None:
    many = outcomes(10_000)
    got = routellm.route(many["prompt"], router="mf", strong_fraction=0.3)
    assert len(got) == 10_000 and got["score"].notna().all()
    assert got["prompt"].equals(many["prompt"])


def test_texts_with_every_character(work: Path) -> None:
    texts = ['"quoted"', "line\nbreak", "\u2028", "日本語", "𝄞", "\\", "tab\t", " "]
    got = routellm.route(texts, router="length", strong_fraction=0.5)
    assert got["prompt"].tolist() == texts
    assert got["score"].tolist()[:6] == [8, 10, 1, 3, 1, 1]
