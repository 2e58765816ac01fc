package openai_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/routellm/routellm/routers/encoder/openai"
)

func Example() {
	// Your own server needs no key. This one knows a single vector.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data": [{"index": 0, "embedding": [0.6, 0.8]}]}`)
	}))
	defer server.Close()

	e, err := openai.New(openai.Options{BaseURL: server.URL + "/v1", Model: "my-model"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Identity().Name)
	fmt.Println(e.Encode(context.Background(), []string{"What is a router?"}))
	// Output:
	// openai:my-model
	// [[0.6 0.8]] <nil>
}
