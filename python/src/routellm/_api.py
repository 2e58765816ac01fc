"""The functions of the module: each writes its inputs as files, runs the program, and reads what it wrote."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from . import _frames
from ._inputs import Flag, Inputs, folder, listed, options
from ._program import run, without
from ._results import Calibration, Comparison, Result

# The files of a Result, whatever routellm.yaml says.
FORMATS = "svg,png,pdf,csv,md,txt,json"

# What route adds to a data frame: the first four always, between two models.
COLUMNS = ("score", "threshold", "decision", "model", "always", "unlike", "axis", "lambda", "microseconds")


def eval(
    df: Any = None,
    *,
    scores: Any = None,
    strong: str | None = None,
    weak: str | None = None,
    routers: str | Sequence[str] | None = None,
    bench: str | Path | Sequence[str] | None = None,
    id: str | None = None,
    name: str = "data",
    **flags: Flag,
) -> Result:
    """Evaluates routers on the prompts of a data frame, as the command `routellm eval` does.

    Args:
        df: One row per prompt, with the qualities of both models' answers. Left out with bench.
        scores: Scores of the prompts, larger where the strong model is needed more: the name of a
            column or a list of names; a mapping from routers' names to names of columns or to values in
            the order of the rows; or a data frame with a column of ids and one of numbers per router.
        strong: Column with the qualities of the strong model; with bench and in a table with one row
            per prompt and model, the model's name.
        weak: The same of the weak model.
        routers: Routers to run, such as "mf", "length" or "mf:FILE". Scores are evaluated beside them,
            and beside "random" where no routers are given.
        bench: Built-in benchmarks such as "mmlu", or files, in place of df.
        id: Column with unique ids. By default it is found by its name, or else rows are numbered.
        name: Name of the data in tables and pictures.
        flags: Any other flag of the command, with underscores: seed=1, resamples=500, confidence=0.9,
            at=[0.2, 0.5], by="task", prompt="question", cluster_column="user", strict=True.

    Raises:
        Error: The program's message, for example that a column is missing.
    """
    inputs = Inputs(df, scores, strong, weak, bench, id, name, flags)
    with folder() as temporary:
        args, scored = inputs.write(temporary, "--bench")
        chosen = listed(routers) or ([] if not scored or scored[0].startswith("random=") else ["random"])
        args += [f"--router={router}" for router in chosen + scored]
        out = temporary / "out"
        ran = run(["eval", *args, "--format=json", f"--formats={FORMATS}", f"--out={out.as_posix()}"], temporary)
        files = {path.name: path.read_bytes() for path in sorted(out.iterdir())}
    files["results.json"] = without(temporary, files["results.json"].decode()).encode()
    return Result(files, ran.notes, _frames.backend(df, scores))


def compare(
    *what: str | Path | Result | Mapping[str, Result],
    df: Any = None,
    scores: Any = None,
    strong: str | None = None,
    weak: str | None = None,
    bench: str | Path | Sequence[str] | None = None,
    id: str | None = None,
    name: str = "data",
    **flags: Flag,
) -> Comparison:
    """Says which differences between routers are more than chance, as the command `routellm compare` does.

    Args:
        what: Routers such as "mf"; results of eval, which are called A, B and so on, or a mapping from
            other labels to results; paths of results.json. Scores are compared too.
        df: Data to run the routers on. Results bring theirs.
        scores, strong, weak, bench, id, name: As in eval.
        flags: Any other flag of the command, such as seed=1, margin=0.01 or at=0.3.
    """
    inputs = Inputs(df, scores, strong, weak, bench, id, name, flags)
    results, items = contenders(what)
    with folder() as temporary:
        args, scored = inputs.write(temporary, "--bench")
        for i, (label, result) in enumerate(results.items()):
            items.append(f"{label}={(result.save(temporary / f'results-{i}') / 'results.json').as_posix()}")
        ran = run(["compare", *args, "--format=json", "--", *items, *scored], temporary, accept=(0, 3))
    first = next(iter(results.values()), None)
    library = first._library if first and df is None and scores is None else _frames.backend(df, scores)
    return Comparison(json.loads(without(temporary, ran.stdout)), ran.notes, library)


def contenders(
    what: Sequence[str | Path | Result | Mapping[str, Result]],
) -> tuple[dict[str, Result], list[str]]:
    """Returns the results to compare by their labels, and the routers and paths."""
    results: dict[str, Result] = {}
    items: list[str] = []
    labels = iter(string.ascii_uppercase)
    for w in what:
        if isinstance(w, str | Path):
            items.append(str(w))
            continue
        if isinstance(w, Result):
            if (letter := next(labels, None)) is None:
                raise ValueError("more than 26 results: give a mapping from labels to results")
            w = {letter: w}
        if not isinstance(w, Mapping) or not all(isinstance(result, Result) for result in w.values()):
            raise TypeError("expected routers, paths, results of eval, or a mapping from labels to results")
        for label, result in w.items():
            if label in results:
                raise ValueError(f"two results are called {label!r}: give them other labels")
            if not label or set(label) & set("=:,/\\"):
                raise ValueError(f"label {label!r}: expected one without =, :, commas and slashes")
            results[label] = result
    return results, items


def calibrate(
    df: Any = None,
    *,
    router: str | None = None,
    scores: Any = None,
    strong: str | None = None,
    weak: str | None = None,
    data: str | Path | None = None,
    id: str | None = None,
    name: str = "data",
    **flags: Flag,
) -> Calibration:
    """Finds the threshold for a share of strong calls, a quality or a budget: `routellm calibrate`.

    Args:
        df: Reference prompts, with the qualities of both models if the target is a quality or a budget.
            Without df and data, the program's built-in prompts are the reference.
        router: The router. Either this or scores is needed.
        scores: Scores of one router, as in eval.
        data: A built-in benchmark or a file, in place of df.
        strong, weak, id, name: As in eval.
        flags: The target, one of strong_fraction=0.3, quality=0.95, pgr=0.8 and budget_usd=5, and any
            other flag of the command.

    If no threshold reaches the target with the given confidence, the result always calls the strong
    model, and its attribute passed is False.
    """
    inputs = Inputs(df, scores, strong, weak, data, id, name, flags)
    with folder() as temporary:
        args, scored = inputs.write(temporary, "--data")
        if len(one := listed(router) + scored) > 1:
            names = ", ".join(name.partition("=")[0] for name in one)
            raise ValueError(f"expected one router, found {names}")
        args += [f"--router={router}" for router in one]
        artifact = temporary / "artifact.json"
        if not several(flags.get("strong_fraction")):  # an artifact holds one threshold
            args.append(f"--artifact={artifact.as_posix()}")
        ran = run(["calibrate", *args, "--format=json"], temporary, accept=(0, 3))
        kept = without(temporary, artifact.read_text("utf-8")) if artifact.is_file() else None
    document = json.loads(without(temporary, ran.stdout))
    return Calibration(document, ran.notes, _frames.backend(df, scores), kept, ran.exit_code == 0)


def several(target: Flag) -> bool:
    """Reports whether a target has several values: a list of them, or a text with commas."""
    if isinstance(target, str):
        return "," in target
    return hasattr(target, "__len__") and len(cast(Sequence[Any], target)) > 1


def route(
    prompts: Any,
    *,
    router: str | None = None,
    threshold: float | None = None,
    strong_fraction: float | str | None = None,
    artifact: Calibration | str | Path | None = None,
    prompt: str = "prompt",
    **flags: Flag,
) -> Any:
    """Decides which model should answer each prompt, as the command `routellm route` does.

    Args:
        prompts: A list of texts, a series, or a data frame.
        router: The router, such as "mf" or "mf:FILE".
        threshold: The score at or above which the strong model is called.
        strong_fraction: In place of threshold, the share of strong calls on the built-in prompts.
        artifact: What calibrate returned or wrote, in place of router and threshold.
        prompt: Column with the prompts, of a data frame.
        flags: Any other flag of the command, such as pair="gpt-4o,llama-3-8b".

    Returns:
        The data frame given, or one with the column prompt, with the columns score, threshold, decision
        (strong or weak) and model and, if the router can tell, unlike: whether the prompt is unlike those
        that the router was trained on, so that its score means little.
    """
    frame, texts = _frames.texts(prompts, prompt)
    lines = "".join(json.dumps({"prompt": text}) + "\n" for text in texts)
    with folder() as temporary:
        if isinstance(artifact, Calibration):
            artifact = artifact.save(temporary / "artifact.json")
        own = {
            "router": router,
            "threshold": threshold,
            "strong_fraction": strong_fraction,
            "artifact": artifact,
        }
        args = [*options(own, set()), *options(flags, {"format", "help"})]
        ran = run(["route", *args], temporary, stdin=lines)
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    names = [n for n in COLUMNS if n in rows[0]] if rows else list(COLUMNS[:4])
    return _frames.joined(frame, {name: [row.get(name) for row in rows] for name in names})
