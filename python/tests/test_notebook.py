"""A notebook shows tables and pictures, and escapes names."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import nbclient
import nbformat
import pandas as pd
import pytest
from nbconvert import HTMLExporter

import routellm


def test_a_notebook_shows_the_table_and_the_picture(df: pd.DataFrame, work: Path) -> None:
    df.to_csv(work / "outcomes.csv", index=False)
    cells = [
        "import pandas as pd, routellm\ndf = pd.read_csv('outcomes.csv')",
        "result = routellm.eval(df, strong='big', weak='small', scores='guess', resamples=200)\nresult",
        "routellm.compare('length', df=df, strong='big', weak='small', scores='guess', resamples=200)",
        "print(result)",
        "routellm.eval(df, strong='bgi', weak='small')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])  # type: ignore[no-untyped-call]
    nbclient.NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(work)}},
    ).execute()
    page, _ = HTMLExporter().from_notebook_node(notebook)  # type: ignore[no-untyped-call]
    assert "<caption>data: 400 samples, big / small</caption>" in page
    assert re.search(r"<td>guess</td><td>0\.\d+ \[0\.\d+, 0\.\d+\]</td>", page)
    picture = re.search(r'<img alt="data" src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert picture
    svg = base64.b64decode(picture[1]).decode()
    assert "<svg" in svg and "guess" in svg
    assert "<td>length - guess</td>" in page and "<td>worse</td>" in page
    assert notebook.cells[4].outputs[0].ename == "Error"
    assert notebook.cells[4].outputs[0].traceback[0].startswith('routellm.Error: "data.parquet": column "bgi"')


def test_names_are_escaped(df: pd.DataFrame, work: Path) -> None:
    evil = "<script>alert(1)</script>"
    named = df.rename(columns={"small": "s&<b>"})
    page = routellm.eval(named, strong="big", weak="s&<b>", scores={evil: "guess"}, resamples=0)._repr_html_()
    assert "<script" not in page and "<b>" not in page
    assert "&lt;script&gt;" in page and "s&amp;&lt;b&gt;" in page
    assert "onerror" not in page


@pytest.mark.parametrize("router", ["length"])
def test_terminals_show_the_programs_tables(router: str, work: Path) -> None:
    result = routellm.eval(bench="mt-bench", routers=router, resamples=0)
    assert repr(result).startswith("MT Bench: 72 samples\n  strong")
    assert max(len(line) for line in repr(result).splitlines()) <= 80
