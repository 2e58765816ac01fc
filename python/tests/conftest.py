from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import routellm


def outcomes(rows: int, seed: int = 1) -> pd.DataFrame:
    """Returns invented outcomes: the strong model is right on most prompts, and hard ones need it."""
    draw = random.Random(seed)
    hard = [draw.random() for _ in range(rows)]
    return pd.DataFrame(
        {
            "id": [f"p{i:06d}" for i in range(rows)],
            "prompt": [f"What is {draw.randrange(999)} times {draw.randrange(999)}, case {i}?" for i in range(rows)],
            "topic": [draw.choice(["law", "sums"]) for _ in range(rows)],
            "big": [int(draw.random() < 0.9) for _ in range(rows)],
            "small": [int(draw.random() < 0.95 - 0.8 * h) for h in hard],
            "guess": [h + draw.gauss(0, 0.3) for h in hard],
        }
    )


@pytest.fixture(scope="session")
def df() -> pd.DataFrame:
    return outcomes(400)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Changes to an empty folder, which holds the temporary files too, and checks that none are left."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert list((tmp_path / "tmp").iterdir()) == []


def program(*args: str | Path, stdin: str | None = None) -> str:
    """Returns what the program itself prints."""
    command = [routellm.program(), *args]
    return subprocess.run(command, check=True, capture_output=True, text=True, input=stdin).stdout
