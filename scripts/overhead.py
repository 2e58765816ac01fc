"""Measure what routing a prompt costs: processor time of the whole program on one core, encoder included.

usage: overhead.py [--program bin/routellm] [--prompts FILE.parquet] [--count N] [--bert DIR] [--causal ENDPOINT PID]

Reads prompts from a Parquet file with a column prompt, as `routellm datasets pull gsm8k`
keeps one, and gives them to `routellm route`, each router in turn, with GOMAXPROCS=1.
The time of a run without prompts, in which models are read, is taken off. With --causal
the server's own processor time counts too. Prints a Markdown table.
"""

import argparse
import json
import os
import pathlib
import subprocess

import pyarrow.parquet as pq

ROUTERS = ["length", "mf", "sw_ranking", "knn"]


def server_seconds(pid):
    """Return the processor time that a process has used, with its threads."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def seconds(command, lines, pid):
    """Return the processor time of one run, the server's included."""
    served = server_seconds(pid) if pid else 0
    before = os.times()
    subprocess.run(command, input="\n".join(lines), text=True, check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "GOMAXPROCS": "1"})
    after = os.times()
    used = after.children_user - before.children_user + after.children_system - before.children_system
    return used + (server_seconds(pid) - served if pid else 0)


def row(program, name, arguments, lines, pid=None):
    command = [program, "route", "--threshold", "0.5", *arguments]
    ms = 1000 * (seconds(command, lines, pid) - seconds(command, [], pid)) / len(lines)
    return f"| {name} | {1000 / ms:,.0f} | {ms:.3g} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="bin/routellm")
    parser.add_argument("--prompts", type=pathlib.Path, default=pathlib.Path.home() / ".cache/routellm/text/gsm8k.parquet")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--bert", help="folder of a BERT classifier; needs a build with ONNX Runtime")
    parser.add_argument("--causal", nargs=2, metavar=("ENDPOINT", "PID"), help="a model server and its process")
    args = parser.parse_args()
    prompts = pq.read_table(args.prompts, columns=["prompt"])["prompt"].to_pylist()[: args.count]
    lines = [json.dumps({"prompt": p}) for p in prompts]
    print("| router | prompts a second | CPU ms a prompt |\n| --- | --- | --- |")
    for name in ROUTERS:
        print(row(args.program, name, ["--router", name], lines * (1 if name == "sw_ranking" else 20)), flush=True)
    if args.bert:
        print(row(args.program, "bert", ["--router", "bert:" + args.bert], lines), flush=True)
    if args.causal:
        endpoint, pid = args.causal
        ask = ["--router", "causal_llm", "--endpoint", endpoint, "--llm", "any", "--llm-api", "llamacpp"]
        print(row(args.program, "causal_llm", ask, lines[:100], int(pid)), flush=True)


if __name__ == "__main__":
    main()
