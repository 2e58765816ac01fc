package causal_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/causal"
)

func Example() {
	// A model that is sure of the label 5 for one half, of 3 for the other.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"choices": [{"logprobs": {"content": [{"top_logprobs": [
			{"token": "1", "logprob": -99}, {"token": "2", "logprob": -99}, {"token": "3", "logprob": -0.6931},
			{"token": "4", "logprob": -99}, {"token": "5", "logprob": -0.6931}]}]}}]}`)
	}))
	defer server.Close()

	r, err := causal.New(causal.Options{Endpoint: server.URL + "/v1", Model: "my-model"})
	if err != nil {
		fmt.Println(err)
		return
	}
	rates, err := r.Scores(context.Background(), []routers.Prompt{routers.NewPrompt("a", "What is a router?")})
	fmt.Printf("%.2f %v\n", rates, err)
	// Output: [0.50] <nil>
}
