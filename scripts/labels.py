"""The labels that train_bert.py and train_causal.py learn from: 1 where the strong model is needed.

Reads the digests and labels in benchmarks/*.parquet, and the prompts in a folder of data:

    arena  votes; 1 where the stronger model won
    judge  grades; the share of the other 14 models that the strong one beats
    mmlu   1,500 rows, gsm8k 300: those that `--gold mmlu:1500,gsm8k:300 --seed 1`
           draws; 1 where the strong model is right and the weak one wrong

Votes and grades whose prompt is in a benchmark, or nearly, are left out; no other row
of a benchmark is looked at. Three prompts in twenty, by digest, are held out.
"""

import csv
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


def strong_won(data):
    """Return the label of every vote, in file order; the Parquet file keeps that order."""
    with gzip.open(data / "train/arena55k_battles.jsonl.gz", "rt", encoding="utf-8") as f:
        return np.array([json.loads(line)["strong_wins"] for line in f], float)


def sources(data):
    """Return (rows, labels) of each source."""
    whole = {name: rows(name) for name in ("mt-bench", *GOLD)}
    found = {}
    for name in ("arena", "judge"):
        table = rows(name)
        keep = ~copies(table, whole.values())
        if name == "arena":
            label = strong_won(data)
        else:
            others = table.filter(regex="^quality:").drop(columns=f"quality:{STRONG}")
            label = others.lt(table[f"quality:{STRONG}"], axis=0).to_numpy().mean(axis=1)
        found[name] = table[keep], label[keep]
    for name, count in GOLD.items():
        table = draw(whole[name], count)
        found[name] = table, ((table[f"quality:{STRONG}"] > table[f"quality:{WEAK}"])).to_numpy(float)
    return found


def held_out(norm):
    return int(hashlib.sha256(f"bert/{norm}".encode()).hexdigest()[:8], 16) % 20 < 3


def prepare(data, encode):
    """Return training and held-out (ids, labels) by source, and the log's account of the data; encode makes
    lists of tokens of prompts."""
    text, train, held, account = texts(data), {}, {}, {}
    for name, (table, y) in sources(data).items():
        ids = encode([text[d] for d in table.prompt_sha256])
        out = table.prompt_norm_sha256.map(held_out).to_numpy()
        train[name] = [i for i, o in zip(ids, out) if not o], y[~out]
        held[name] = [i for i, o in zip(ids, out) if o], y[out]
        account[name] = {"train": int((~out).sum()), "held_out": int(out.sum()), "mean_label": float(y[~out].mean())}
        account[name]["file_sha256"] = hashlib.sha256((BENCHMARKS / f"{name}.parquet").read_bytes()).hexdigest()
        account[name]["norm_sha256"] = sorted(table.prompt_norm_sha256)
    return train, held, account


def log_odds(p):
    return np.log(p / (1 - p))


def log_loss(p, y):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())


def auc(p, y):
    """Return the share of pairs of unlike labels that p orders rightly; ties count half."""
    above = np.sign(p[:, None] - p[None, :]) * np.sign(y[:, None] - y[None, :])
    return float((above.sum() / np.abs(np.sign(y[:, None] - y[None, :])).sum() + 1) / 2)


def card(log, name):
    """Return the tensors and metadata of training.safetensors, as package training reads them, and take the
    digests out of the log; name is that of the script without "train_"."""
    norm = sorted({d for part in log["data"].values() for d in part.pop("norm_sha256")})
    digests = np.frombuffer(bytes.fromhex("".join(norm)), np.uint8).reshape(-1, 32)
    sources = [{"kind": "gold" if n in GOLD else n, "name": n, "sha256": p["file_sha256"],
                "prompts": p["train"] + p["held_out"]} for n, p in log["data"].items()]
    return {"training": digests}, {
        "format": f"routellm-{name}", "version": "1", "strong": STRONG, "weak": WEAK, "encoder": "",
        "encoder_sha256": "", "recipe": f"scripts/train_{name}.py --epochs {len(log['epochs'])} --seed {log['seed']}",
        "seed": "1", "sources": json.dumps(sources)}  # this seed is that of the gold draw
