"""Send requests to a server as applications do, with OpenAI's client.

The first argument is the base URL. "real" as a second argument means that real models
answer. The program prints each check that fails, and nothing else."""

import sys

import openai

base, real = sys.argv[1], sys.argv[2:] == ["real"]
client = openai.OpenAI(base_url=base, api_key="no_api_key", max_retries=0)
EASY, HARD = "who signs the lease", "prove in ten or more words that no prime is the square of another one"
OPTIONS = {"max_tokens": 16, "temperature": 0}


def message(text):
    return [{"role": "user", "content": text}]


def check(what, right, *shown):
    if not right:
        print(what, *shown)


for text, side in (EASY, "small"), (HARD, "big"):
    raw = client.chat.completions.with_raw_response.create(model="router-words-10", messages=message(text), **OPTIONS)
    answer = raw.parse()
    check("chat", answer.choices[0].message.content and answer.usage.completion_tokens > 0, answer)
    check("headers", raw.headers["x-routellm-model"] == side and raw.headers["x-routellm-router"] == "words", raw.headers)
    check("decision", float(raw.headers["x-routellm-score"]) == len(text.split()) and float(raw.headers["x-routellm-microseconds"]) > 0, raw.headers)

parts = [{"type": "text", "text": HARD}]
raw = client.chat.completions.with_raw_response.create(model="routellm", messages=message(parts), **OPTIONS)
check("parts", raw.headers["x-routellm-model"] == "big", raw.headers)

for text, side in (EASY, "small"), (HARD, "big"):
    stream = client.chat.completions.create(model="routellm", messages=message(text), stream=True, stream_options={"include_usage": True}, **OPTIONS)
    check("stream header", stream.response.headers["x-routellm-model"] == side, stream.response.headers)
    chunks = list(stream)
    check("stream", "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) and chunks[-1].usage.completion_tokens > 0, chunks)

if real:
    answer = client.completions.create(model="routellm", prompt=EASY, **OPTIONS)
    check("completions", answer.choices[0].text, answer)
    stream = client.chat.completions.create(model="routellm", messages=message("count to a thousand"), stream=True, max_tokens=500)
    next(iter(stream))
    stream.close()  # the model must stop, or the next answer is late
    answer = client.chat.completions.create(model="routellm", messages=message(EASY), **OPTIONS)
    check("after a stream that was left", answer.choices[0].message.content, answer)

tools = [{"type": "function", "function": {"name": "rent", "parameters": {"type": "object", "properties": {"flat": {"type": "integer"}}}}}]
answer = client.chat.completions.create(model="routellm", messages=message("what is the rent of flat 4"), tools=tools, **OPTIONS)
check("tools", answer.choices[0].message, answer)
check("models", [m.id for m in client.models.list()][0] == "routellm")

try:
    client.chat.completions.create(model="router-nobody-0.5", messages=message(EASY))
    check("unknown model", False)
except openai.NotFoundError as e:
    check("unknown model", e.code == "model_not_found" and e.param == "model", e)
try:
    client.chat.completions.create(model="routellm", messages=message("x" * 2_000_000))
    check("too large", False)
except openai.APIStatusError as e:
    check("too large", e.status_code == 413 and e.code == "request_too_large", e)
