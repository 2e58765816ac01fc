"""Has conversations with a server through OpenAI's own client.

usage: conversations.py URL SCENARIO [ARGUMENT]. Prints the names of the models that answered, one
conversation per line.
"""

import concurrent.futures
import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key="any", max_retries=0)

HARD = "Design a lock-free queue for many writers, and prove that no element is lost or read twice."
EASY = "What is a lease?"


def user(text):
    return {"role": "user", "content": text}


def chat(messages, **more):
    """Asks once, appends the answer and returns the model's name."""
    raw = client.chat.completions.with_raw_response.create(model="routellm", messages=messages, **more)
    messages.append(raw.parse().choices[0].message.to_dict())
    return raw.headers["x-routellm-model"]


def talk(*texts):
    """Has a conversation and returns the models that answered, one per turn."""
    messages, models = [{"role": "system", "content": "You are brief."}], []
    for text in texts:
        messages.append(user(text))
        models.append(chat(messages))
    return models


def agent():
    """Calls a tool until the model stops asking for it."""
    tools = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}]
    messages, models = [user(HARD)], []
    for turn in range(6):
        models.append(chat(messages, tools=tools))
        for call in messages[-1].get("tool_calls") or []:
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": f"nothing at {turn}"})
    return models


def chain(first, *texts):
    """Continues answers of the Responses API, in turn whole and streamed."""
    answer = client.responses.create(model="routellm", input=first)
    models = [answer.model]
    for i, text in enumerate(texts):
        if i % 2:
            answer = client.responses.create(model="routellm", input=text, previous_response_id=answer.id)
        else:
            with client.responses.stream(model="routellm", input=text, previous_response_id=answer.id) as stream:
                answer = stream.get_final_response()
        models.append(answer.model)
    return models


def many(conversation):
    """Runs conversations at once."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        yield from pool.map(conversation, range(40))


def scenarios(name, argument):
    if name == "chat":
        yield talk(HARD, "Commit it.", "Thanks.")
        yield talk(EASY, "And a sublease?", HARD, "Thanks.")
    elif name == "agent":
        yield agent()
    elif name == "chains":
        yield from many(lambda i: chain(f"{(EASY, HARD)[i % 2]} {i}", "Go on.", HARD, "Go on."))
    elif name == "continue":
        yield [client.responses.create(model="routellm", input="Go on.", previous_response_id=argument).model]
    elif name == "at once":
        yield from many(lambda i: talk(f"{EASY} {i % 4}", "Go on.", "Go on."))
    elif name == "turns":
        for i in range(int(argument)):
            messages = [user(f"{EASY} {i}"), {"role": "assistant", "content": "A contract."}, user("Go on.")]
            yield [chat(messages[:1]), chat(messages)]
    elif name == "turn":
        messages = [user(argument), {"role": "assistant", "content": "A contract."}, user("Go on.")]
        yield [chat(messages[:1]), chat(messages)]


for models in scenarios(sys.argv[2], (sys.argv + [""])[3]):
    print(*models)
