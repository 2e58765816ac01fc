package bert_test

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/bert"
)

// This needs a build with the tag onnx and a folder with a classifier.
func Example() {
	r, err := bert.Open("model", bert.Options{Threads: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Scores(context.Background(), []routers.Prompt{routers.NewPrompt("a", "What is a router?")}))
}
