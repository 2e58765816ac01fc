package oracle_test

import (
	"fmt"

	"github.com/routellm/routellm/routers/oracle"
)

func Example() {
	strong, weak := []float64{1, 1, 0}, []float64{1, 0, 1}
	fmt.Println(oracle.Router{}.OutcomeScores(strong, weak))
	// Output: [0 1 -1]
}
