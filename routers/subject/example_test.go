package subject_test

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/subject"
)

// A prompt of an unknown subject gets the mean gain of all rows.
func Example() {
	r, err := subject.Builtin()
	if err != nil {
		fmt.Println(err)
		return
	}
	gains, err := r.Scores(context.Background(), []routers.Prompt{
		{ID: "a", Task: "college_mathematics"}, {ID: "b", Task: "marketing"}, {ID: "c", Task: "no such subject"},
	})
	fmt.Printf("%.2f %v\n", gains, err)
	// Output: [0.18 0.00 0.13] <nil>
}
