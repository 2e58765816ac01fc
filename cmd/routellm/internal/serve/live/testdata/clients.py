"""Send requests to a server as applications do, with the clients of OpenAI and Anthropic.

The first argument is the server's address, without /v1. The others name what to try: chat, cascade,
completions, responses, messages, embeddings, models, errors. The environment variable KEY has the client's
key. The program prints each check that fails, and nothing else.
"""

import os
import sys

import anthropic
import openai

address, wanted = sys.argv[1], sys.argv[2:]
key = os.environ.get("KEY", "no_api_key")
# Two ways to write the base URL: with /v1, and as for other servers without it.
openai_client = openai.OpenAI(base_url=address + "/v1", api_key=key, max_retries=0)
bare = openai.OpenAI(base_url=address + "/", api_key=key, max_retries=0)
anthropic_client = anthropic.Anthropic(base_url=address, api_key=key, max_retries=0)

EASY, HARD = "who signs the lease", "prove in many words that no prime is the square of another one"
FEW = 6
PARAMETERS = {"type": "object", "properties": {"flat": {"type": "integer"}}}


def ask(text):
    return [{"role": "user", "content": text}]


def check(what, right, *shown):
    if not right:
        print(what, *shown)


def chat():
    for client in openai_client, bare:
        raw = client.chat.completions.with_raw_response.create(model="routellm", messages=ask(EASY), max_tokens=FEW)
        check("chat", raw.parse().choices[0].message.content and raw.parse().usage.completion_tokens > 0, raw.text)
        check("chat: headers", raw.headers["x-routellm-router"] == "length", raw.headers)
    options = {"stream": True, "stream_options": {"include_usage": True}, "max_tokens": FEW}
    chunks = list(openai_client.chat.completions.create(model="routellm", messages=ask(HARD), **options))
    check("chat: stream", "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) and chunks[-1].usage.completion_tokens > 0, chunks)
    tools = [{"type": "function", "function": {"name": "rent", "parameters": PARAMETERS}}]
    answer = openai_client.chat.completions.create(model="routellm", messages=ask(EASY), tools=tools, max_tokens=FEW)
    check("chat: tools", answer.choices[0].message, answer)


def cascade():
    """Ask a cascade, whose answers name the model that gave them."""
    for text, name, outcome in ("easy", "small", "accepted"), ("hard", "big", "rejected"):
        raw = openai_client.chat.completions.with_raw_response.create(model="routellm", messages=ask(text))
        answer = raw.parse()
        check("cascade", answer.choices[0].message.content == name + " " + name and answer.choices[0].logprobs is None, raw.text)
        check("cascade: headers", raw.headers["x-routellm-cascade"] == outcome, raw.headers)
        chunks = list(openai_client.chat.completions.create(model="routellm", messages=ask(text), stream=True))
        said = "".join(c.choices[0].delta.content or "" for c in chunks)  # fails if there is an event with token counts
        check("cascade: stream", said == name + " " + name and not any(c.choices[0].logprobs for c in chunks), chunks)
    options = {"stream": True, "stream_options": {"include_usage": True}, "logprobs": True}
    chunks = list(openai_client.chat.completions.create(model="routellm", messages=ask("easy"), **options))
    check("cascade: wishes", chunks[0].choices[0].logprobs and chunks[-1].usage.completion_tokens == 4, chunks)


def completions():
    answer = openai_client.completions.create(model="routellm", prompt=EASY, max_tokens=FEW)
    check("completions", answer.choices[0].text, answer)


def responses():
    answer = openai_client.responses.create(model="routellm", input=EASY, max_output_tokens=FEW)
    check("responses", answer.usage.output_tokens > 0, answer)
    events = list(openai_client.responses.create(model="routellm", input=EASY, max_output_tokens=FEW, stream=True))
    check("responses: stream", events[-1].response.usage.output_tokens > 0, events)
    count = openai_client.responses.input_tokens.count(model="routellm", input=EASY)
    check("responses: tokens", count.input_tokens > 0, count)


def messages():
    raw = anthropic_client.messages.with_raw_response.create(model="routellm", max_tokens=FEW, system="answer in one word", messages=ask(EASY))
    check("messages", raw.parse().content[0].text and raw.parse().usage.output_tokens > 0, raw.text)
    check("messages: headers", raw.headers["x-routellm-router"] == "length", raw.headers)
    with anthropic_client.messages.stream(model="routellm", max_tokens=FEW, messages=ask(HARD)) as stream:
        text, final = "".join(stream.text_stream), stream.get_final_message()
    check("messages: stream", text and final.usage.input_tokens >= 0 and final.usage.output_tokens > 0, final)
    tools = [{"name": "rent", "input_schema": PARAMETERS}]
    called = [{"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "rent", "input": {"flat": 4}}]}]
    result = [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "800"}]}]
    answer = anthropic_client.messages.create(model="routellm", max_tokens=FEW, tools=tools, messages=ask(EASY) + called + result)
    check("messages: tools", answer.role == "assistant", answer)
    count = anthropic_client.messages.count_tokens(model="routellm", messages=ask(EASY))
    check("messages: tokens", count.input_tokens > 0, count)


def embeddings():
    answer = openai_client.embeddings.create(model="any", input=[EASY, HARD], encoding_format="float")
    check("embeddings", len(answer.data) == 2 and len(answer.data[0].embedding) > 10, answer)


def models():
    names = [m.id for m in openai_client.models.list()]
    check("models", names[0] == "routellm" and "tiny" in names, names)
    check("models: of Anthropic's client", [m.id for m in anthropic_client.models.list()] == names)
    for client in openai_client, anthropic_client:
        check("models: one", client.models.retrieve("tiny").id == "tiny")
    raw = openai_client.chat.completions.with_raw_response.create(model="tiny", messages=ask(HARD), max_tokens=FEW)
    check("models: direct", raw.headers["x-routellm-model"] == "small" and "x-routellm-router" not in raw.headers, raw.headers)


def errors():
    def fails(what, call, error, **fields):
        try:
            call()
            check(what, False, "no error")
        except error as e:
            check(what, all(getattr(e, name) == value for name, value in fields.items()), e)

    fails("unknown model", lambda: openai_client.chat.completions.create(model="none", messages=ask(EASY)), openai.NotFoundError, code="model_not_found", param="model")
    fails("unknown response", lambda: openai_client.responses.retrieve("resp_1"), openai.NotFoundError, code="response_not_found")
    fails("no moderations", lambda: openai_client.moderations.create(input=EASY), openai.NotFoundError, code="endpoint_not_configured")
    fails("unknown model of messages", lambda: anthropic_client.messages.create(model="none", max_tokens=1, messages=ask(EASY)), anthropic.NotFoundError, type="not_found_error")
    doubled = openai.OpenAI(base_url=address + "/v1/v1", api_key=key, max_retries=0)
    fails("doubled /v1", lambda: doubled.models.list(), openai.NotFoundError, code="not_found")


for name in wanted:
    globals()[name]()
