"""Compare forms of the gate between the heads of the mf or knn router by cross-validation.

usage: choose_gate.py mf|knn

Reads the training prompts in benchmarks/{arena,judge,mmlu,gsm8k}.parquet: the
votes' and grades' prompts that are in no benchmark, and the rows that
`routellm train mf --gold mmlu:1500,gsm8k:300 --seed 1` draws. Writes a table to
standard output: which share of a head's correlation with its held-out labels each
gate keeps. No other row of a benchmark is looked at.
"""

import hashlib
import pathlib
import sys

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from scipy.optimize import minimize
from scipy.special import logsumexp

DATA = pathlib.Path(__file__).parent.parent / "benchmarks"
COUNTS = ["feature:chars", "feature:words", "feature:lines", "feature:numbers"]
PAIR = ["quality:gpt-4-1106-preview", "quality:mistralai/Mixtral-8x7B-Instruct-v0.1"]
RIDGES = {"judge": 3.16, "mmlu": 31.6, "gsm8k": 1e4}  # as train mf chooses them
SETTINGS = {"judge": (0.1, 0.0), "gold": (0.3, 0.5)}  # T and c, as train knn chooses them
FOLDS = 10


def read(name):
    """Return a data set's rows and their inputs."""
    table = pq.read_table(DATA / f"{name}.parquet")
    scale = float(table.schema.metadata[b"routellm.embedding_scale"])
    vectors = np.array([np.frombuffer(v.as_py(), np.int8) for v in table["embedding"]]) * scale
    rows = table.drop_columns(["embedding"]).to_pandas()
    return rows, np.c_[vectors, np.log1p(rows[COUNTS].to_numpy(float))]


def draw(rows, count, seed=1):
    """Return the rows that train draws for --gold."""
    first = rows[~rows.contaminated].drop_duplicates("prompt_norm_sha256")
    key = first.prompt_norm_sha256.map(lambda d: hashlib.sha256(f"gold/{seed}/{d}".encode()).hexdigest())
    return key.sort_values().index[:count].to_numpy()


def sources():
    """Return (name, inputs, labels, digests) of each head, and the votes' inputs."""
    gold = {name: read(name) for name in ("mmlu", "gsm8k")}
    seen = set(pd.concat([read("mt-bench")[0], *(rows for rows, _ in gold.values())]).prompt_norm_sha256)
    votes, vote_inputs = read("arena")
    grades, inputs = read("judge")
    keep = ~grades.prompt_norm_sha256.isin(seen).to_numpy()
    quality = grades[keep].filter(regex="^quality:").to_numpy(float)
    shortfall = -np.nanmean(quality - np.nanmean(quality, axis=0), axis=1)
    heads = [("judge", inputs[keep], shortfall, grades.prompt_norm_sha256[keep].tolist())]
    for name, count in (("mmlu", 1500), ("gsm8k", 300)):
        rows, x = gold[name]
        i = draw(rows, count)
        gain = (rows[PAIR[0]] - rows[PAIR[1]]).to_numpy(float)[i]
        heads.append((name, x[i], gain, rows.prompt_norm_sha256[i].tolist()))
    return heads, vote_inputs[~votes.prompt_norm_sha256.isin(seen).to_numpy()]


def scaler(x):
    """Return a function that scales the vector to a total variance of 1, each count to 1."""
    mean, scale = x.mean(axis=0), np.ones(x.shape[1])
    scale[:-4] = np.sqrt(x[:, :-4].var(axis=0).sum())
    scale[-4:] = x[:, -4:].std(axis=0)
    return lambda v: (v - mean) / scale


def fit_head(x, y, ridge):
    """Return a function from inputs to a score in standard deviations."""
    scale = scaler(x)
    z = scale(x)
    centre = z.mean(axis=0)
    w = np.linalg.solve((z - centre).T @ (z - centre) + ridge * np.eye(z.shape[1]), (z - centre).T @ (y - y.mean()))
    spread = (z @ w).std()
    return lambda v: (scale(v) - centre) @ w / spread


def fit_mean(x, y, temperature, counts):
    """Return a function from inputs to the mean label weighted by distance."""
    centre = x[:, :-4].mean(axis=0)

    def direction(v):
        d = v[:, :-4] - centre
        return d / np.maximum(np.linalg.norm(d, axis=1, keepdims=True), 1e-9)

    def predict(v):
        apart = 1 - direction(v) @ direction(x).T
        for k in range(-4, 0):
            apart += counts / 2 * (v[:, k, None] - x[None, :, k]) ** 2
        weight = np.exp(-apart / temperature)
        return weight @ (y - y.mean()) / weight.sum(axis=1)

    spread = predict(x).std()
    return lambda v: predict(v) / spread


def mf_heads(parts):
    """Return one head a source."""
    return [fit_head(x, y, RIDGES[name]) for name, x, y in parts]


def knn_heads(parts):
    """Return the head of the judge's prompts, and one for both benchmarks."""
    (_, x, y), *gold = parts
    pooled = fit_mean(np.concatenate([x for _, x, _ in gold]), np.concatenate([y for *_, y in gold]), *SETTINGS["gold"])
    return [fit_mean(x, y, *SETTINGS["judge"]), pooled, pooled]


def discriminant(classes):
    """Return the log-odds of linear discriminant analysis with a ridge of 0.1."""
    every = np.concatenate(classes)
    scale = scaler(every)
    means = [scale(c).mean(axis=0) for c in classes]
    within = sum(np.cov(scale(c).T, bias=True) for c in classes) / len(classes)
    within += 0.1 * np.trace(within) / len(within) * np.eye(len(within))
    weights = [np.linalg.solve(within, m) for m in means]
    shift = [np.log(len(c) / len(every)) - w @ m / 2 for c, w, m in zip(classes, weights, means)]
    return lambda v: scale(v) @ np.array(weights).T + shift


def with_products(z):
    """Return scaled inputs with the ten products of their counts, each cut at 3 standard deviations."""
    f = np.clip(z[:, -4:], -3, 3)
    return np.c_[z, np.stack([f[:, i] * f[:, j] for i in range(4) for j in range(i, 4)], axis=1)]


def logistic(balance, ridge=0.1, expand=lambda z: z):
    """Return a fit of multinomial logistic regression; a class of n prompts counts with n^(1-balance)."""

    def fit(classes):
        every, count = np.concatenate(classes), len(classes)
        label = np.repeat(range(count), [len(c) for c in classes])
        weight = (len(every) / count / np.bincount(label))[label] ** balance
        scale = scaler(every)
        z, target = np.c_[expand(scale(every)), np.ones(len(every))], np.eye(count)[label]
        penalty = np.r_[np.full(z.shape[1] - 1, ridge), 0][:, None]

        def loss(flat):
            w = flat.reshape(-1, count)
            log_p = z @ w
            log_p -= logsumexp(log_p, axis=1, keepdims=True)
            gradient = z.T @ ((np.exp(log_p) - target) * weight[:, None]) + penalty * w
            return -(weight * (log_p * target).sum(axis=1)).sum() + (penalty * w * w).sum() / 2, gradient.ravel()

        start = np.zeros(z.shape[1] * count)
        w = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x.reshape(-1, count)
        return lambda v: expand(scale(v)) @ w[:-1] + w[-1]

    return fit


def fold_of(digest):
    return int(hashlib.sha256(f"gate/{digest}".encode()).hexdigest()[:8], 16) % FOLDS


def validate(gate, heads, votes, fit):
    """Return the held-out correlations of each source: known head, mixture, likeliest head."""
    scores = [np.zeros((3, len(y))) for _, _, y, _ in heads]
    folds = [np.array([fold_of(d) for d in digests]) for *_, digests in heads]
    for f in range(FOLDS):
        fitted = fit([(name, x[o != f], y[o != f]) for (name, x, y, _), o in zip(heads, folds)])
        classes = [x[o != f] for (_, x, _, _), o in zip(heads, folds)]
        classes[0] = np.concatenate([classes[0], votes])
        odds = gate(classes)
        for k, ((_, x, _, _), o) in enumerate(zip(heads, folds)):
            held = x[o == f]
            each = np.stack([head(held) for head in fitted], axis=1)
            z = odds(held)
            p = np.exp(z - logsumexp(z, axis=1, keepdims=True))
            scores[k][:, o == f] = each[:, k], (p * each).sum(axis=1), each[range(len(held)), z.argmax(axis=1)]
    return [[np.corrcoef(s, y)[0, 1] for s in score] for score, (_, _, y, _) in zip(scores, heads)]


def main():
    fit = {"mf": mf_heads, "knn": knn_heads}[sys.argv[1]]
    heads, votes = sources()
    print("| gate | " + " | ".join(name for name, *_ in heads) + " |\n| --- | --- | --- | --- |")
    gates = {"discriminant analysis": discriminant}
    for balance in (0, 0.25, 0.5, 0.75, 1):
        gates[f"logistic, balance {balance}, ridge 0.1"] = logistic(balance)
    for ridge in (0.01, 0.03, 0.3):
        gates[f"logistic, balance 0.75, ridge {ridge}"] = logistic(0.75, ridge)
    for balance in (0.5, 0.75, 1):
        gates[f"logistic with products, balance {balance}, ridge 0.1"] = logistic(balance, expand=with_products)
    for name, gate in gates.items():
        kept = validate(gate, heads, votes, fit)
        for form, column in (("mixture", 1), ("likeliest head", 2)):
            print(f"| {name}, {form} | " + " | ".join(f"{k[column] / k[0]:.2f}" for k in kept) + " |", flush=True)


if __name__ == "__main__":
    main()
