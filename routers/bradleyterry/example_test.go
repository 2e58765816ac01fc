package bradleyterry_test

import (
	"fmt"

	"github.com/routellm/routellm/routers/bradleyterry"
)

// Model 0 beats model 1 in three of four battles and ties with model 2.
func Example() {
	wins := bradleyterry.NewWins(3)
	wins.Add(0, 1, 1, 3)
	wins.Add(0, 1, 0, 1)
	wins.Add(0, 2, 0.5, 2)
	strengths, err := wins.Fit(0, 0) // no prior, model 0 is pinned at 0
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f\n", strengths)
	fmt.Printf("0 beats 1 with probability %.2f\n", bradleyterry.Sigmoid(strengths[0]-strengths[1]))
	// Output:
	// [0.000 -1.099 0.000]
	// 0 beats 1 with probability 0.75
}
