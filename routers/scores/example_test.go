package scores_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/scores"
)

func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "scores.csv")
	if err := os.WriteFile(path, []byte("sample_id,score\na,0.9\nb,0.2\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	r, err := scores.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Scores(context.Background(), []routers.Prompt{{ID: "b"}, {ID: "a"}}))
	// Output: [0.2 0.9] <nil>
}

// A file with a column per model predicts any number of them.
func ExampleOpenPredictions() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "predicted.csv")
	if err := os.WriteFile(path, []byte("sample_id,score:large,score:small\na,0.9,0.4\nb,0.8,0.7\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	p, err := scores.OpenPredictions(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	quality, _, err := p.Predict(context.Background(), []routers.Prompt{{ID: "b"}})
	fmt.Println(p.Models(), quality.Row(0), err)
	// Output: [large small] [0.8 0.7] <nil>
}
