"""Ask a model server with the official clients of OpenAI and Anthropic, and print what they read.

usage: clients.py BASE_URL KEY

The base URL ends in /v1. One line of JSON per request. The server's models are described in
python_test.go.
"""

import json
import sys

import anthropic
import openai

base, key = sys.argv[1:]
a = openai.OpenAI(base_url=base, api_key=key, max_retries=2)
b = anthropic.Anthropic(base_url=base.removesuffix("/v1"), api_key=key, max_retries=2)


def show(name, **fields):
    print(json.dumps({"name": name, **fields}), flush=True)


def failure(name, call):
    """Print the class of an error and its message."""
    try:
        call()
    except Exception as e:
        show(name, error=type(e).__name__, code=getattr(e, "code", None), param=getattr(e, "param", None))
    else:
        show(name, error=None)


def chat(model="echo", **more):
    messages = [{"role": "system", "content": "be short"}, {"role": "user", "content": "one two three"}]
    return a.chat.completions.create(model=model, messages=messages, **more)


def message(model="echo", **more):
    return b.messages.create(model=model, system="be short", messages=[{"role": "user", "content": "one two three"}], max_tokens=50, **more)


r = chat(logprobs=True, top_logprobs=2, seed=7, temperature=0.5, max_completion_tokens=50)
c = r.choices[0]
show("chat", text=c.message.content, finish=c.finish_reason, model=r.model, input=r.usage.prompt_tokens, output=r.usage.completion_tokens,
     cached=r.usage.prompt_tokens_details.cached_tokens, reasoning=r.usage.completion_tokens_details.reasoning_tokens,
     tokens=[t.token for t in c.logprobs.content], same=all(bytes(t.bytes).decode() == t.token for t in c.logprobs.content),
     likeliest=all(t.top_logprobs[0].logprob == t.logprob <= 0 for t in c.logprobs.content), alternatives=len(c.logprobs.content[0].top_logprobs))
r = chat(max_tokens=1)
show("cut", text=r.choices[0].message.content, finish=r.choices[0].finish_reason, logprobs=r.choices[0].logprobs)
r = chat("refuses")
show("refusal", text=r.choices[0].message.content, refusal=r.choices[0].message.refusal)
show("models", ids=[m.id for m in a.models.list()])
failure("unknown model", lambda: chat("nobody"))
failure("unsupported", lambda: chat("picky", seed=1))
failure("too many alternatives", lambda: chat(logprobs=True, top_logprobs=21))
failure("wrong key", lambda: a.with_options(api_key="wrong").chat.completions.create(model="echo", messages=[{"role": "user", "content": "x"}]))
r = chat("flaky")
show("retried", text=r.choices[0].message.content)

r = message(extra_body={"temperature": 0.5}, extra_headers={"anthropic-version": "2023-06-01"})
show("message", text=r.content[0].text, stop=r.stop_reason, model=r.model, input=r.usage.input_tokens, cached=r.usage.cache_read_input_tokens, output=r.usage.output_tokens)
r = message("refuses")
show("message refused", text=r.content[0].text, stop=r.stop_reason)
failure("message unknown", lambda: message("nobody"))
failure("message key", lambda: b.with_options(api_key="wrong").messages.create(model="echo", max_tokens=1, messages=[{"role": "user", "content": "x"}]))
failure("message temperature", lambda: message(extra_body={"temperature": 1.5}))
r = message("flaky")
show("message retried", text=r.content[0].text)
