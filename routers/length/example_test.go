package length_test

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/length"
)

func Example() {
	scores, err := length.Router{}.Scores(context.Background(), []routers.Prompt{
		routers.NewPrompt("a", "naïve"), // 5 code points in 6 bytes
		{ID: "b", Features: routers.Features{}.With(routers.Chars, 120)},
	})
	fmt.Println(scores, err)
	_, err = length.Router{}.Scores(context.Background(), []routers.Prompt{{ID: "c"}})
	fmt.Println(err)
	// Output:
	// [5 120] <nil>
	// sample "c": "feature:chars" is missing, and there is no prompt text to count
}
