package random_test

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/random"
)

// Equal IDs have equal scores.
func Example() {
	scores, err := random.Router{}.Scores(context.Background(), []routers.Prompt{{ID: "a"}, {ID: "b"}, {ID: "a"}})
	fmt.Printf("%.3f %v\n", scores, err)
	// Output: [0.510 0.431 0.510] <nil>
}
