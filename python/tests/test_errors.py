"""Errors are the program's own, name what is wrong, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import routellm

Change = Callable[[pd.DataFrame], Any]
CASES: dict[str, tuple[Change, dict[str, Any], str]] = {
    "a misspelled model": (
        lambda df: df,
        {"strong": "bgi"},
        'column "bgi": missing\nhint: did you mean big?',
    ),
    "a misspelled score": (
        lambda df: df,
        {"scores": "gues"},
        "column 'gues': missing\nhint: did you mean guess?",
    ),
    "a misspelled id": (lambda df: df, {"id": "ids"}, "column 'ids': missing\nhint: did you mean id?"),
    "a misspelled prompt": (lambda df: df, {"prompt": "promt"}, 'column "promt": missing'),
    "models that are nowhere": (lambda df: df, {"strong": "x", "weak": "y"}, 'has no model "x"'),
    "no rows": (lambda df: df.head(0), {}, "the data frame has no rows"),
    "a score that is NaN": (lambda df: nan_score(pl.from_pandas(df)), {}, "guess"),
    "a score that is null": (lambda df: df.assign(guess=df["guess"].where(df.index != 4)), {}, "guess"),
    "an id twice": (
        lambda df: df.assign(id=["p"] * len(df)),
        {},
        "column 'id': repeated ids: 'p' is in 400 rows",
    ),
    "an id that is null": (lambda df: df.assign(id=df["id"].where(df.index != 4)), {}, "row 5"),
    "an unknown flag": (lambda df: df, {"resample": 3}, "unknown flag: --resample"),
    "an unknown router": (lambda df: df, {"routers": "mff"}, 'unknown router "mff"'),
    "models that are swapped": (
        lambda df: df.assign(big=0),
        {},
        'hint: swap them: strong="small", weak="big"',
    ),
    "values of two types": (lambda df: df.assign(extra=["text", 3] * 200), {}, "extra"),
}


def nan_score(df: pl.DataFrame) -> pl.DataFrame:
    return df.with_columns(pl.when(pl.col("id") == "p000004").then(float("nan")).otherwise("guess").alias("guess"))


@pytest.mark.parametrize("case", CASES)
def test_errors_name_what_is_wrong(case: str, df: pd.DataFrame, work: Path) -> None:
    change, arguments, want = CASES[case]
    everything = {
        "strong": "big",
        "weak": "small",
        "scores": "guess",
        "id": "id",
        "resamples": 0,
        **arguments,
    }
    with pytest.raises(routellm.Error) as raised:
        routellm.eval(change(df), **everything)
    print(raised.value)
    assert want in str(raised.value)
    assert str(work) not in str(raised.value)
    assert raised.value.exit_code == 2
    assert raised.value.__cause__ is None and not (raised.value.__context__ and case == "an unknown flag")


def test_arguments_that_make_no_sense_are_refused(df: pd.DataFrame, work: Path) -> None:
    models = {"strong": "big", "weak": "small"}
    with pytest.raises(ValueError, match="found both"):
        routellm.eval(df, bench="mmlu")
    with pytest.raises(ValueError, match="'s': 3 values, expected 400"):
        routellm.eval(df, **models, scores={"s": [1, 2, 3]})
    with pytest.raises(ValueError, match="its index is not that of the data frame"):
        routellm.eval(df, **models, scores={"s": df["guess"].sample(frac=1, random_state=1)})
    with pytest.raises(ValueError, match="no column 'sample_id'"):
        routellm.eval(df, **models, scores=df[["guess"]])
    with pytest.raises(ValueError, match="router 'a=b': expected a name other than"):
        routellm.eval(df, **models, scores={"a=b": "guess"})
    with pytest.raises(ValueError, match="model 'b,g': expected a name without"):
        routellm.eval(df, strong="b,g", weak="small", scores="guess")
    with pytest.raises(ValueError, match="router 'a,b': expected a name"):
        routellm.eval(df, **models, scores=df[["id", "guess"]].rename(columns={"guess": "a,b"}))
    nothing: list[Any] = [[], {}, df[["id"]]]
    for none in nothing:
        with pytest.raises(ValueError, match="expected at least one column of numbers"):
            routellm.eval(df, **models, scores=none)
    for nameless in (df["guess"], df["guess"].to_numpy(), 0.5):
        with pytest.raises(TypeError, match=r"scores without a name|a list of names"):
            routellm.eval(df, **models, scores=nameless)
    with pytest.raises(ValueError, match="both strong and weak, found only 'big'"):
        routellm.eval(df, strong="big", routers="length")
    with pytest.raises(TypeError, match="sets --formats itself"):
        routellm.eval(df, **models, scores="guess", formats="svg")
    with pytest.raises(ValueError, match="one router, found length, guess"):
        routellm.calibrate(df, **models, router="length", scores="guess", strong_fraction=0.3)
    with pytest.raises(ValueError, match="without a folder"):
        routellm.eval(df, **models, scores="guess", name="../x")
    with pytest.raises(TypeError, match="sets --format itself"):
        routellm.eval(df, **models, scores="guess", format="csv")
    with pytest.raises(TypeError, match="found list"):
        routellm.eval([1, 2], **models)
    with pytest.raises(TypeError, match="with ids"):
        routellm.eval(bench="mt-bench", scores={"s": [1, 2]})
    with pytest.raises(TypeError, match="found one text"):
        routellm.route("who signs", router="length", threshold=3)
    with pytest.raises(ValueError, match="already has a column 'score'"):
        routellm.route(df.assign(score=1), router="length", threshold=3)
    with pytest.raises(routellm.Error, match="column 'text': missing"):
        routellm.route(df, router="length", threshold=3, prompt="text")


def test_comparisons_of_something_else_are_refused(df: pd.DataFrame, work: Path) -> None:
    one = routellm.eval(df, strong="big", weak="small", scores="guess", resamples=0)
    for wrong in (df, [one, one], 3, {"a": "mf"}):
        with pytest.raises(TypeError, match="expected routers, paths, results"):
            routellm.compare(one, wrong)  # type: ignore[arg-type]
    for label in ("", "a=b", "a:b", "a/b", "a,b"):
        with pytest.raises(ValueError, match="expected one without"):
            routellm.compare({label: one, "other": one})
    with pytest.raises(ValueError, match="two results are called 'A'"):
        routellm.compare(one, {"A": one})
    with pytest.raises(ValueError, match="more than 26"):
        routellm.compare(*[one] * 27)


def test_warnings_of_the_program_are_warnings(df: pd.DataFrame, work: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        routellm.route(["who signs"], router="length", threshold=3)
    assert [w.category for w in caught] == [routellm.RoutellmWarning]
    assert "sends 100 % of the 9,286 Arena prompts" in str(caught[0].message)
    assert caught[0].filename == __file__


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT to one process")
def test_ctrl_c_ends_the_program_and_removes_its_files(work: Path) -> None:
    """The signal reaches Python alone, as in a notebook: the program and what it runs have to end too."""
    (work / "router.sh").write_text(f"echo $$ > {work}/pid\nexec sleep 300\n")
    (work / "o.csv").write_text("id,prompt,big,small\n" + "".join(f"p{i},add {i},1,{i % 2}\n" for i in range(50)))
    code = "import routellm; routellm.eval(bench='o.csv', strong='big', weak='small', routers='exec:sh router.sh')"
    env = {**os.environ, "TMPDIR": str(work / "tmp")}
    python = subprocess.Popen([sys.executable, "-c", code], env=env, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (work / "pid").exists() or not (work / "pid").read_text().strip():
        assert python.poll() is None, python.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert list((work / "tmp").iterdir())
    python.send_signal(signal.SIGINT)
    _, stderr = python.communicate(timeout=60)
    assert "KeyboardInterrupt" in stderr
    pid = int((work / "pid").read_text())
    while True:  # ended, or about to
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            break
        assert time.monotonic() < deadline
        time.sleep(0.05)
