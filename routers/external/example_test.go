package external_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/external"
)

// A server that scores prompts by their length.
func ExampleServer() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct{ Prompts []struct{ ID, Prompt string } }
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		scores := []map[string]any{}
		for _, p := range request.Prompts {
			scores = append(scores, map[string]any{"id": p.ID, "score": len(p.Prompt)})
		}
		json.NewEncoder(w).Encode(map[string]any{"scores": scores})
	}))
	defer server.Close()

	r, err := external.OpenServer(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Scores(context.Background(), []routers.Prompt{routers.NewPrompt("a", "hi"), routers.NewPrompt("b", "hello")}))
	// Output: [2 5] <nil>
}

func ExampleWords() {
	words, err := external.Words(`python3 'my router.py' --top 5`)
	fmt.Printf("%q %v\n", words, err)
	// Output: ["python3" "my router.py" "--top" "5"] <nil>
}
