package serve

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

// newClient returns OpenAI's own client, set to a server.
func newClient(url string) openai.Client {
	return openai.NewClient(option.WithBaseURL(url+"/v1"), option.WithAPIKey("any"), option.WithMaxRetries(0))
}

func question(model, text string) openai.ChatCompletionNewParams {
	return openai.ChatCompletionNewParams{
		Model: model, MaxCompletionTokens: openai.Int(8), Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(text)},
	}
}

func TestGoClient(t *testing.T) {
	ctx, f := context.Background(), newFake(t, fine)
	client := newClient(start(t, f.URL, f.URL, nil).URL)
	var res *http.Response
	got, err := client.Chat.Completions.New(ctx, question("router-words-2", easy), option.WithResponseInto(&res))
	if err != nil || got.Choices[0].Message.Content == "" || got.Usage.TotalTokens != 12 || res.Header.Get("X-Routellm-Model") != "big" {
		t.Errorf("%v, %+v", err, got)
	}
	models, err := client.Models.List(ctx)
	if err != nil || len(models.Data) != 2 || models.Data[0].ID != "routellm" {
		t.Errorf("%v, %+v", err, models)
	}
	_, err = client.Chat.Completions.New(ctx, question("none", easy))
	if e := (*openai.Error)(nil); !errors.As(err, &e) || e.StatusCode != 404 || e.Code != "model_not_found" || e.Param != "model" {
		t.Errorf("error %v", err)
	}
}

// TestGoClientTools sends tools and expects a tool call.
func TestGoClientTools(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"id": "c", "object": "chat.completion", "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {"role": "assistant", "content": null,
			"tool_calls": [{"id": "t1", "type": "function", "function": {"name": "rent", "arguments": "{\"flat\": 4}"}}]}}]}`))
	})
	client := newClient(start(t, f.URL, f.URL, nil).URL)
	q := question("routellm", "what is the rent of flat 4")
	q.Tools = []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(openai.FunctionDefinitionParam{
		Name: "rent", Parameters: openai.FunctionParameters{"type": "object", "properties": map[string]any{"flat": map[string]string{"type": "integer"}}},
	})}
	got, err := client.Chat.Completions.New(context.Background(), q)
	if err != nil || len(got.Choices[0].Message.ToolCalls) != 1 || got.Choices[0].Message.ToolCalls[0].Function.Arguments != `{"flat": 4}` {
		t.Errorf("%v, %+v", err, got)
	}
	if _, body := f.last(t); !strings.Contains(body, `"name":"rent"`) {
		t.Errorf("the model got %s", body)
	}
}

// TestGoClientStream reads a whole stream and a stream that is cut.
func TestGoClientStream(t *testing.T) {
	for name, cut := range map[string]bool{"whole": false, "cut": true} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				event(w, chunk("the "))
				if cut {
					panic(http.ErrAbortHandler)
				}
				event(w, chunk("tenant"))
				event(w, lastChunk)
				event(w, "[DONE]")
			})
			client := newClient(start(t, f.URL, f.URL, nil).URL)
			stream := client.Chat.Completions.NewStreaming(context.Background(), question("routellm", easy))
			text := ""
			for stream.Next() {
				for _, choice := range stream.Current().Choices {
					text += choice.Delta.Content
				}
			}
			if cut != (stream.Err() != nil) || cut != (text == "the ") {
				t.Errorf("read %q, %v", text, stream.Err())
			}
		})
	}
}
