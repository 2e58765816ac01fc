"""The labels that train_bert.py and train_causal.py learn from: how much the strong model is needed, as for mf.

Reads the digests and labels in benchmarks/*.parquet, and the prompts in a folder of data:

    judge  grades; how far those of the 15 models are below the models' own means, on average
    mmlu   1,500 rows, gsm8k 300: those that `--gold mmlu:1500,gsm8k:300 --seed 1`
           draws; the strong model's correctness minus the weak one's
    arena  votes, without labels: they only show what a chat's prompts look like

Votes and grades whose prompt is in a benchmark, or nearly, are left out; no other row of
a benchmark is looked at.
"""

import csv
import dataclasses
import gzip
import hashlib
import json
import pathlib

import numpy as np
import pyarrow.parquet as pq

BENCHMARKS = pathlib.Path(__file__).parent.parent / "benchmarks"
STRONG, WEAK = "gpt-4-1106-preview", "mistralai/Mixtral-8x7B-Instruct-v0.1"
GOLD = {"mmlu": 1500, "gsm8k": 300}


def rows(name):
    return pq.read_table(BENCHMARKS / f"{name}.parquet").to_pandas()


def digest(prompt):
    return hashlib.sha256(prompt.encode()).hexdigest()


def texts(data):
    """Return every prompt under data by its digest."""
    found = []
    for path in (data / "routellm").glob("*/*.csv"):
        with open(path, newline="", encoding="utf-8") as f:
            found += [row["prompt"] for row in csv.DictReader(f)]
    for path in ("train/arena55k_battles.jsonl.gz", "judge/arena_bench_v1.jsonl.gz"):
        with gzip.open(data / path, "rt", encoding="utf-8") as f:
            found += [json.loads(line)["prompt"] for line in f]
    return {digest(prompt): prompt for prompt in found}


def draw(table, count, seed=1):
    """Return the rows that train draws for --gold."""
    first = table[~table.contaminated].drop_duplicates("prompt_norm_sha256")
    key = first.prompt_norm_sha256.map(lambda d: hashlib.sha256(f"gold/{seed}/{d}".encode()).hexdigest())
    return table.loc[key.sort_values().index[:count]]


def directions(table):
    """Return the prompts' vectors, scaled to length 1 unless zero."""
    x = np.array([np.frombuffer(v, np.int8) for v in table.embedding], np.float32)
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


def copies(table, benchmarks):
    """Say which prompts are in a benchmark or near copies of one of its prompts, as routers/training does:
    cosine at least 0.95, lengths within a tenth."""
    known = {d for b in benchmarks for d in b.prompt_norm_sha256}
    near = table.prompt_norm_sha256.isin(known).to_numpy(copy=True)
    chars, x = np.log1p(table["feature:chars"].to_numpy()), directions(table)
    for b in benchmarks:
        other, y = np.log1p(b["feature:chars"].to_numpy()), directions(b)
        for i in range(0, len(x), 512):
            alike = (x[i : i + 512] @ y.T >= 0.95) & (np.abs(chars[i : i + 512, None] - other) <= np.log(1.1))
            near[i : i + 512] |= alike.any(axis=1)
    return table.prompt_norm_sha256.isin(table.prompt_norm_sha256[near]).to_numpy()


@dataclasses.dataclass
class Source:
    """Prompts of one kind. Votes have texts and digests only."""

    text: list  # the prompts
    norm: list  # their prompt_norm_sha256
    file_sha256: str  # digest of the file with the labels
    label: np.ndarray = None  # how much the strong model is needed
    gain: np.ndarray = None  # its quality minus the weak model's, NaN if unknown
    weak_mean: float = None  # the weak model's mean quality


def shortfall(grades):
    """Return how far the grades of each prompt, [prompts, models], are below the models' means."""
    return -np.nanmean(grades - np.nanmean(grades, axis=0), axis=1)


def sources(data):
    """Return each source by name: judge, mmlu, gsm8k, arena."""
    text, whole, found = texts(data), {name: rows(name) for name in ("mt-bench", *GOLD)}, {}

    def add(name, table, label=None):
        sha256 = hashlib.sha256((BENCHMARKS / f"{name}.parquet").read_bytes()).hexdigest()
        prompts = [text[d] for d in table.prompt_sha256]
        found[name] = Source(prompts, table.prompt_norm_sha256.tolist(), sha256)
        if label is not None:
            weak = table[f"quality:{WEAK}"]
            found[name].label, found[name].weak_mean = label, float(weak.mean())
            found[name].gain = (table[f"quality:{STRONG}"] - weak).to_numpy(float)

    grades, votes = rows("judge"), rows("arena")
    grades, votes = (t[~copies(t, whole.values())] for t in (grades, votes))
    add("judge", grades, shortfall(grades.filter(regex="^quality:").to_numpy(float)))
    for name, count in GOLD.items():
        table = draw(whole[name], count)
        add(name, table, (table[f"quality:{STRONG}"] - table[f"quality:{WEAK}"]).to_numpy(float))
    add("arena", votes)
    return found


def card(sources, name, recipe):
    """Return the tensors and metadata of training.safetensors, as package training reads them; name is that of the
    script without "train_"."""
    norm = sorted({d for s in sources.values() for d in s.norm})
    digests = np.frombuffer(bytes.fromhex("".join(norm)), np.uint8).reshape(-1, 32)
    account = [{"kind": "gold" if n in GOLD else n, "name": n, "sha256": s.file_sha256, "prompts": len(s.norm)}
               for n, s in sources.items()]
    return {"training": digests}, {
        "format": f"routellm-{name}", "version": "1", "strong": STRONG, "weak": WEAK, "encoder": "",
        "encoder_sha256": "", "recipe": recipe, "seed": "1", "sources": json.dumps(account)}  # the seed of the gold draw
