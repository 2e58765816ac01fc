package chat_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/internal/modelserver/chattest"
)

// Ask a model, here one of a scripted server. "small=llama@http://127.0.0.1:8080/v1" would name one
// of a real server.
func ExampleClient_Ask() {
	server := httptest.NewServer(chattest.New(chattest.Options{Models: map[string]chattest.Model{"llama": chattest.Says("Paris.")}}))
	defer server.Close()

	endpoint, err := chat.ParseEndpoint("small=llama@" + server.URL + "/v1")
	if err != nil {
		panic(err)
	}
	client, err := chat.New(endpoint)
	if err != nil {
		panic(err)
	}
	tokens := 20
	answer, err := client.Ask(context.Background(), chat.Request{
		Messages: []chat.Message{{Role: "user", Content: "What is the capital of France?"}},
		Settings: chat.Settings{MaxTokens: &tokens},
	})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%s says %q and ends with %s after %v tokens\n", endpoint.Label, answer.Text, answer.Finish, answer.OutputTokens)
	// Output: small says "Paris." and ends with stop after 2 tokens
}
