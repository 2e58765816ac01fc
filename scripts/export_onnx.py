"""Write the folder of the bert router from what train_bert.py wrote.

usage: export_onnx.py [--weights out/bert] [--out routers/bert/model] [--golden FILE]

Writes to --out, in Hugging Face's layout:

    model.onnx             input_ids, attention_mask int64 [batch, sequence] -> logits [batch, 2]
    config.json            sizes, the label map, pooling
    tokenizer_config.json  class, lower case, longest sequence
    vocab.txt              BERT's uncased vocabulary
    training.safetensors   digests of the training prompts, and how they were made
    training-log.json      held-out measures
    LICENSE                whose weights these are
    go.mod                 empty: keeps the folder out of the Go module's download

Weights of matrices are int8 with one scale an output column (a row in the embedding
table); all arithmetic is float32, so that processors agree on a score. Compares the
file with the JAX network on the prompts of --golden, and writes their win rates there.
"""

import argparse
import hashlib
import json
import pathlib
import shutil

import jax
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

import train_bert

BERT = pathlib.Path(__file__).parent.parent / "routers" / "bert"
OPSET, IR = 20, 10  # Gelu is of opset 20
LICENCE = """The weights in model.onnx and the vocabulary in vocab.txt are those of
sentence-transformers/all-MiniLM-L6-v2 (Apache License 2.0), itself made from
nreimers/MiniLM-L6-H384-uncased, a cut of microsoft/MiniLM-L12-H384-uncased (MIT
License), with heads that scripts/train_bert.py made from grades, correctness and the
prompts of votes: training-log.json says which. The heads are under the Apache License
2.0, as the rest of this repository.
"""


class Graph:
    """Nodes and constants of an ONNX graph; each method adds a node and returns its output."""

    def __init__(self, int8):
        self.int8, self.nodes, self.constants = int8, [], {}

    def node(self, kind, *inputs, **attributes):
        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name, value):
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def quantised(self, name, matrix, axis):
        """Add an int8 matrix and its scales; axis is that of the scales."""
        scale = np.abs(matrix).max(1 - axis, keepdims=True) / np.float32(127)
        self.constant(name, np.rint(matrix / scale).astype(np.int8))
        return name, self.constant(name + ".scale", scale if axis == 0 else scale[0])

    def rows(self, name, table, ids):
        if not self.int8:
            return self.node("Gather", self.constant(name, table), ids)
        steps, scale = self.quantised(name, table, 0)
        picked = self.node("Cast", self.node("Gather", steps, ids), to=TensorProto.FLOAT)
        return self.node("Mul", picked, self.node("Gather", scale, ids))

    def linear(self, x, w, name):
        matrix = w[name + ".weight"].T
        if self.int8:
            matrix = self.node("DequantizeLinear", *self.quantised(name + ".weight", matrix, 1), axis=1)
        else:
            matrix = self.constant(name + ".weight", matrix)
        return self.node("Add", self.node("MatMul", x, matrix), self.constant(name + ".bias", w[name + ".bias"]))

    def exact(self, x, w, name):
        """Multiply by a matrix that stays float32."""
        matrix = self.constant(name + ".weight", w[name + ".weight"].T)
        return self.node("Add", self.node("MatMul", x, matrix), self.constant(name + ".bias", w[name + ".bias"]))

    def layer_norm(self, x, w, name, eps):
        weight, bias = (self.constant(f"{name}.{part}", w[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", x, weight, bias, epsilon=eps)

    def ints(self, *values):
        return self.constant("ints" + "_".join(map(str, values)), np.array(values, np.int64))


def embeddings(g, w, eps):
    words = g.rows("word", w["embeddings.word_embeddings.weight"], "input_ids")
    # The one token type is added to every position: once, here.
    place = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
    length = g.node("Shape", "input_ids", start=1)
    places = g.node("Slice", g.constant("place", place), g.ints(0), length, g.ints(0))
    return g.layer_norm(g.node("Add", words, places), w, "embeddings.LayerNorm", eps)


def attention(g, x, bias, w, name, heads, width):
    def split(part, order):
        y = g.node("Reshape", g.linear(x, w, f"{name}.self.{part}"), g.ints(0, 0, heads, width // heads))
        return g.node("Transpose", y, perm=order)

    query, key, value = split("query", (0, 2, 1, 3)), split("key", (0, 2, 3, 1)), split("value", (0, 2, 1, 3))
    scale = g.constant("scale", np.float32((width // heads) ** -0.5))
    scores = g.node("Add", g.node("Mul", g.node("MatMul", query, key), scale), bias)
    mixed = g.node("Transpose", g.node("MatMul", g.node("Softmax", scores, axis=-1), value), perm=(0, 2, 1, 3))
    return g.linear(g.node("Reshape", mixed, g.ints(0, 0, width)), w, f"{name}.output.dense")


def gated(g, x, mask, w):
    """Return the logits, weak first, from the means of the states of the positions that are no padding."""
    count = g.node("ReduceSum", mask, g.ints(1), keepdims=1)
    total = g.node("ReduceSum", g.node("Mul", x, g.node("Unsqueeze", mask, g.ints(2))), g.ints(1), keepdims=0)
    inputs = g.node("Concat", g.node("Div", total, count), g.node("Log", count), axis=1)
    kind = g.node("Softmax", g.exact(inputs, w, "gate"), axis=1)
    strong = g.node("ReduceSum", g.node("Mul", kind, g.exact(inputs, w, "heads")), g.ints(1), keepdims=1)
    return g.node("Concat", g.node("Sub", strong, strong), strong, axis=1)


def network(w, config, int8):
    """Return the ONNX model of train_bert.logits."""
    g, eps = Graph(int8), config["layer_norm_eps"]
    x = embeddings(g, w, eps)
    mask = g.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = g.node("Mul", g.node("Sub", mask, g.constant("one", np.float32(1))), g.constant("far", np.float32(1e9)))
    bias = g.node("Unsqueeze", hidden, g.ints(1, 2))
    for i in range(train_bert.LAYERS):
        layer = f"encoder.layer.{i}"
        mixed = attention(g, x, bias, w, f"{layer}.attention", config["num_attention_heads"], config["hidden_size"])
        x = g.layer_norm(g.node("Add", x, mixed), w, f"{layer}.attention.output.LayerNorm", eps)
        inner = g.node("Gelu", g.linear(x, w, f"{layer}.intermediate.dense"))
        outer = g.linear(inner, w, f"{layer}.output.dense")
        x = g.layer_norm(g.node("Add", x, outer), w, f"{layer}.output.LayerNorm", eps)
    g.nodes.append(helper.make_node("Identity", [gated(g, x, mask, w)], ["logits"]))
    names, shape = ("input_ids", "attention_mask"), ["batch", "sequence"]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in names]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 2])
    graph = helper.make_graph(g.nodes, "bert", inputs, [output], list(g.constants.values()))
    opsets = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR, producer_name="routellm")
    onnx.checker.check_model(model)
    return model.SerializeToString()


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def win_rates(run, ids):
    """Return P(strong needed), prompt by prompt, without padding."""
    return [float(run(np.array([i], np.int64), np.ones((1, len(i)), np.int64))[0]) for i in ids]


def strong(logits):
    return np.asarray(jax.nn.softmax(np.asarray(logits, np.float64)))[:, 1]


def with_onnx(model):
    s = session(model)
    return lambda x, mask: strong(s.run(["logits"], {"input_ids": x, "attention_mask": mask})[0])


def compare(w, models, ids):
    """Print the largest difference of each form from the JAX network; return the shipped form's win rates."""
    exact = win_rates(lambda x, mask: strong(train_bert.logits(w, x, mask.astype(np.float32))), ids)
    for name, model in models.items():
        rates = win_rates(with_onnx(model), ids)
        worst = np.abs(np.subtract(rates, exact)).max()
        print(f"{name}: {len(model) / 1e6:.1f} MB, largest difference of the win rate {worst:.2e}")
    return rates


def configuration(base):
    kept = ("hidden_act", "hidden_size", "intermediate_size", "layer_norm_eps", "max_position_embeddings", "model_type",
            "num_attention_heads", "num_hidden_layers", "pad_token_id", "type_vocab_size", "vocab_size")
    labels = {"id2label": {"0": "weak", "1": "strong"}, "label2id": {"weak": 0, "strong": 1}}
    return {n: base[n] for n in kept} | {"num_hidden_layers": train_bert.LAYERS} | labels | {"pooling": "mean"}


def write(out, model, base, weights, source):
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": train_bert.LONGEST}
    for name, value in {"config": configuration(base), "tokenizer_config": tokenizer}.items():
        (out / f"{name}.json").write_text(json.dumps(value, indent=1) + "\n")
    (out / "model.onnx").write_bytes(model)
    (out / "LICENSE").write_text(LICENCE)
    (out / "go.mod").write_text("")
    shutil.copyfile(source / "vocab.txt", out / "vocab.txt")
    for name in ("training.safetensors", "training-log.json"):
        shutil.copyfile(weights / name, out / name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=pathlib.Path, default="out/bert")
    parser.add_argument("--out", type=pathlib.Path, default=BERT / "model")
    parser.add_argument("--golden", type=pathlib.Path, default=BERT / "testdata" / "golden.json")
    args = parser.parse_args()
    source = train_bert.model_folder()
    base = json.loads((source / "config.json").read_text())
    w = load_file(args.weights / "weights.safetensors")
    models = {"float32": network(w, base, False), "int8 weights": network(w, base, True)}

    golden = json.loads(args.golden.read_text())
    ids = [e.ids for e in train_bert.tokenizer(source).encode_batch([row["prompt"] for row in golden["rows"]])]
    for row, i, rate in zip(golden["rows"], ids, compare(w, models, ids)):
        row["tokens"], row["win_rate"] = len(i), rate
    shipped = models["int8 weights"]
    golden["model_sha256"] = hashlib.sha256(shipped).hexdigest()
    write(args.out, shipped, base, args.weights, source)
    args.golden.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
