"""Numbers of eval, compare and calibrate are those of the program, for each library of data frames."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import outcomes, program

import routellm

LIBRARIES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda df: df,
    "polars": pl.from_pandas,
    "polars lazy": lambda df: pl.from_pandas(df).lazy(),
    "pyarrow": lambda df: pa.Table.from_pandas(df, preserve_index=False),
}
MODELS = {"strong": "big", "weak": "small"}


def of_program(work: Path, df: pd.DataFrame) -> Any:
    """Returns the benchmarks that the program itself finds in files with the same values."""
    df.drop(columns="guess").to_csv(work / "data.csv", index=False)
    scores = pd.DataFrame({"sample_id": df["id"], "guess": df["guess"]})
    scores.to_csv(work / "scores.csv", index=False)
    flags = ["--model=big", "--model=small", "--pair=big,small", "--resamples=300", "--seed=7", "--id=id"]
    routers = ["--router=random", "--router=length", "--router=guess=scores:scores.csv#guess"]
    return json.loads(program("eval", "--bench=data.csv", *flags, *routers, "--format=json"))["benchmarks"]


@pytest.mark.parametrize("library", LIBRARIES)
def test_numbers_are_those_of_the_program(library: str, df: pd.DataFrame, work: Path) -> None:
    given = LIBRARIES[library](df)
    result = routellm.eval(
        given, **MODELS, scores="guess", routers=["random", "length"], id="id", resamples=300, seed=7
    )
    want = of_program(work, df)
    assert result.json["benchmarks"] == want
    kind = pl.DataFrame if library == "polars lazy" else type(given)
    for frame in (result.to_frame(), result.curve(), result.samples()):
        assert isinstance(frame, kind)
    table = pa.table(result.to_frame()) if library == "pyarrow" else pl.DataFrame(result.to_frame())
    rows = {r["router"]: r for r in pl.DataFrame(table).to_dicts()}
    for router in want[0]["routers"]:
        metrics = router["metrics"]
        row = rows[router["name"]]
        for metric, found in (("apgr", metrics["apgr"]), ("headroom", metrics["headroom"])):
            assert row[metric] == found["value"]
    curve = pl.DataFrame(result.curve())
    assert len(curve) == sum(len(r["curve"]) for r in want[0]["routers"])
    samples = pl.DataFrame(result.samples()).sort("sample_id")
    assert samples["score:guess"].to_list() == df.sort_values("id")["guess"].to_list()


def test_scores_come_as_columns_values_or_a_frame_by_id(df: pd.DataFrame, work: Path) -> None:
    want = routellm.eval(df, **MODELS, scores="guess", resamples=0).json["benchmarks"][0]["routers"][1]["metrics"]
    values = df["guess"].to_numpy()
    many = {
        "column": "guess",
        "numpy": values,
        "list": values.tolist(),
        "series": df["guess"],
        "polars": pl.Series(values),
        "arrow": pa.array(values),
    }
    by_id = df[["id", "guess"]].rename(columns={"id": "sample_id"}).assign(twice=2 * values).sample(frac=1)
    forms: list[tuple[Any, int]] = [(many, 6), (["guess"], 1), (by_id, 2), (pl.from_pandas(by_id), 2)]
    for given, count in forms:
        result = routellm.eval(df, **MODELS, scores=given, resamples=0, routers="random")
        routers = [r for r in result.json["benchmarks"][0]["routers"] if r["scores"] == "file"]
        assert len(routers) == count
        assert all(r["metrics"] == want for r in routers)


def test_scores_may_be_the_qualities_of_a_model(df: pd.DataFrame, work: Path) -> None:
    result = routellm.eval(df, **MODELS, scores="small", resamples=0)
    assert result.json["benchmarks"][0]["samples"] == len(df)


def test_a_column_of_qualities_may_have_its_prefix(df: pd.DataFrame, work: Path) -> None:
    given = df.rename(columns={"big": "quality:big"})
    for strong in ("big", "quality:big"):
        result = routellm.eval(given, strong=strong, weak="small", scores="guess", resamples=0)
        assert result.json["benchmarks"][0]["pair"] == {"strong": "big", "weak": "small"}


def test_settings_of_a_folder_do_not_take_files_away(df: pd.DataFrame, work: Path) -> None:
    (work / "routellm.yaml").write_text("eval: {formats: svg, format: csv, out: results, resamples: 0}\n")
    result = routellm.eval(df, **MODELS, scores="guess")
    assert len(result.to_frame()) == 4 and list(result.figures) == ["data"]
    assert [path.name for path in work.iterdir() if path.name != "tmp"] == ["routellm.yaml"]


def test_rows_are_numbered_where_there_are_no_ids(df: pd.DataFrame, work: Path) -> None:
    result = routellm.eval(df[["big", "small", "guess"]], **MODELS, scores="guess", resamples=0)
    assert result.samples()["sample_id"].iloc[-1] == "row/0000400"


@pytest.mark.parametrize("kind", ["int8", "float32", "bool", "decimal", "category", "Int64", "words"])
def test_qualities_of_any_type(kind: str, df: pd.DataFrame, work: Path) -> None:
    want = routellm.eval(df, **MODELS, scores="guess", resamples=0).to_frame()
    given = df.copy()
    for model in ("big", "small"):
        if kind == "decimal":
            given[model] = pd.Series([Decimal(v).quantize(Decimal("0.01")) for v in df[model]], dtype=object)
        elif kind == "category":
            given[model] = df[model].map({0: "wrong", 1: "right"}).astype("category")
        elif kind == "words":
            given[model] = df[model].map({0: "incorrect", 1: "correct"})
        else:
            given[model] = df[model].astype(kind)  # type: ignore[call-overload]
    got = routellm.eval(given, **MODELS, scores="guess", resamples=0).to_frame()
    pd.testing.assert_frame_equal(got, want)


def test_ids_and_texts_of_any_type(df: pd.DataFrame, work: Path) -> None:
    want = routellm.eval(df, **MODELS, scores="guess", routers="length", resamples=0).to_frame()
    frame = pl.from_pandas(df)
    for given in (
        frame.with_columns(pl.col("id").str.slice(1).cast(pl.Int32)),
        frame.with_columns(pl.col("topic", "prompt").cast(pl.Categorical)),
        df.astype({"id": "category", "prompt": "string"}),
        df.assign(id=pd.Series([UUID(int=i) for i in range(len(df))], dtype=object)),
        frame.to_arrow().cast(
            pa.schema([(f.name, pa.large_string() if f.name == "prompt" else f.type) for f in frame.to_arrow().schema])
        ),
    ):
        got = routellm.eval(given, **MODELS, scores="guess", routers="length", resamples=0, name="data")
        assert got.json["benchmarks"][0]["routers"][0]["metrics"]["apgr"]["value"] == want["apgr"].iloc[0]
        assert got.json["benchmarks"][0]["routers"][1]["metrics"]["apgr"]["value"] == want["apgr"].iloc[1]


def test_missing_qualities_are_left_out_and_counted(df: pd.DataFrame, work: Path) -> None:
    given = df.astype({"big": "float64"})
    given.loc[[3, 5], "big"] = float("nan")
    result = routellm.eval(given, **MODELS, scores="guess", resamples=0)
    assert result.json["benchmarks"][0]["excluded"]["missing"] == 2
    assert result.json["benchmarks"][0]["samples"] == 398


def test_data_sets_keep_their_columns(df: pd.DataFrame, work: Path) -> None:
    given = df.rename(columns={"big": "quality:big", "small": "quality:small"}).assign(sample_id=range(len(df)))
    result = routellm.eval(given.drop(columns="id"), strong="quality:big", weak="small", scores="guess", resamples=0)
    want = routellm.eval(df, **MODELS, scores="guess", resamples=0)
    assert result.to_frame()["apgr"].equals(want.to_frame()["apgr"])


def test_long_tables_name_models_in_rows(df: pd.DataFrame, work: Path) -> None:
    long = df.melt(id_vars=["id", "prompt"], value_vars=["big", "small"], var_name="model", value_name="quality")
    result = routellm.eval(long, **MODELS, scores=df[["id", "guess"]], resamples=0)
    want = routellm.eval(df, **MODELS, scores="guess", resamples=0)
    assert result.to_frame()["apgr"].equals(want.to_frame()["apgr"])


def test_flags_reach_the_program(df: pd.DataFrame, work: Path) -> None:
    result = routellm.eval(
        df,
        **MODELS,
        scores="guess",
        by="task",
        task="topic",
        at=np.array([0.1, 0.3]),  # type: ignore[arg-type]
        quality="90%",
        resamples=100,
        seed=3,
        confidence=0.9,
        exclude_near=True,
        strict=False,
        null=["none", "x"],
        name="mine",
    )
    assert result.json["seed"] == 3
    assert result.json["conventions"]["intervals"]["confidence"] == 0.9
    assert {"quality_at_0.1", "quality_at_0.3", "fraction_for_0.9"} <= set(result.to_frame().columns)
    assert set(result.to_frame()["task"]) == {"", "law", "sums"}
    assert list(result.figures) == ["mine"]


def test_built_in_benchmarks(work: Path) -> None:
    result = routellm.eval(bench="mt-bench", routers="random,length", resamples=100)
    want = json.loads(program("eval", "--bench=mt-bench", "--router=random,length", "--resamples=100", "--format=json"))
    assert result.json["benchmarks"] == want["benchmarks"]
    assert isinstance(result.to_frame(), pd.DataFrame)


def test_several_models(work: Path) -> None:
    result = routellm.eval(bench="pareto", routers=["length", "oracle"], models="all", resamples=50)
    assert "lift" in result.to_frame().columns
    assert "<caption>pareto: 1,369 samples" in result._repr_html_() and "lift" in repr(result)


def test_several_models_are_compared_by_several_metrics(work: Path) -> None:
    found = routellm.compare("length", "oracle", bench="pareto", models="all", resamples=50)
    frame = found.to_frame()
    assert list(frame["metric"]) == ["lift", "log_lift", "log_cost_for_95"]
    assert set(frame["verdict"]) == {"worse"} and "lift" in repr(found) and "<td>lift</td>" in found._repr_html_()


def test_saved_results_are_the_programs_files(df: pd.DataFrame, work: Path) -> None:
    folder = routellm.eval(df, **MODELS, scores="guess", resamples=100).save(work / "deep" / "out")
    assert "tmp" not in (folder / "results.json").read_text()
    program("report", folder / "results.json", "--out", work / "report.html")
    assert "guess" in (work / "report.html").read_text()
    again = routellm.eval(df, **MODELS, scores="guess", resamples=100).save(work / "again")
    for path in folder.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_comparisons_are_those_of_the_program(df: pd.DataFrame, work: Path) -> None:
    flags: dict[str, Any] = {"resamples": 200, "permutations": 200, "seed": 5}
    direct = routellm.compare("length", df=df, scores="guess", **MODELS, **flags)
    pair = direct.json["benchmarks"][0]["pairs"][0]
    frame = direct.to_frame()
    assert (frame["a"][0], frame["b"][0]) == ("length", "guess")
    assert frame["difference"][0] == pair["difference"]["value"] < 0
    assert frame["verdict"][0] == "worse"
    assert "length - guess" in repr(direct) and "worse" in direct._repr_html_()

    one = routellm.eval(df, **MODELS, routers="length", resamples=0)
    two = routellm.eval(pl.from_pandas(df), **MODELS, scores="guess", resamples=0)
    for stored in (routellm.compare(one, two, **flags), routellm.compare({"A": one, "B": two}, **flags)):
        got = stored.json["benchmarks"][0]["pairs"][0]
        assert (got["a"], got["b"]) == ("A:length", "B:guess") or (got["a"], got["b"]) == ("A", "B")
        assert got["difference"] == pair["difference"]
        assert isinstance(stored.to_frame(), pd.DataFrame)


def test_thresholds_are_those_of_the_program(df: pd.DataFrame, work: Path) -> None:
    found = routellm.calibrate(router="length", strong_fraction=0.3)
    want = json.loads(program("calibrate", "--router=length", "--strong-fraction=0.3", "--format=json"))
    assert found.json == want
    assert found.threshold == want["thresholds"][0]["threshold"]
    assert found.passed
    for one in ("30%", [0.3]):
        assert routellm.calibrate(router="length", strong_fraction=one).artifact == found.artifact
    assert "threshold='always weak'" in repr(routellm.calibrate(router="length", strong_fraction=0))
    assert routellm.calibrate(router="length", strong_fraction="20%, 40%").artifact is None
    several = routellm.calibrate(router="length", strong_fraction=[0.2, 0.4])
    assert several.threshold is None and len(several.to_frame()) == 2
    with pytest.raises(ValueError, match="several targets"):
        several.save(work / "a.json")
    routed = routellm.route(df["prompt"], artifact=found)
    saved = routellm.route(df["prompt"], artifact=found.save(work / "artifact.json"))
    assert routed["threshold"].eq(found.threshold).all()
    pd.testing.assert_frame_equal(routed, saved)


def test_targets_that_no_threshold_reaches_fall_back(df: pd.DataFrame, work: Path) -> None:
    found = routellm.calibrate(df, **MODELS, scores="guess", quality=1.0, holdout=0.5)
    assert not found.passed
    reached = routellm.calibrate(outcomes(3000), **MODELS, scores="guess", quality=0.8)
    assert reached.passed and reached.threshold is not None
