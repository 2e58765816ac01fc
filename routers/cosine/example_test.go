package cosine_test

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/routers/cosine"
)

func ExampleBetween() {
	training := [][]float32{{1, 0}, {0, 1}}
	benchmark := [][]float32{{2, 0.1}, {-1, 1}}
	found, err := cosine.Between(context.Background(), training, benchmark, cosine.Options{Least: 0.95, Pairs: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.Near)
	fmt.Printf("rows %d and %d: %.3f\n", found.Pairs[0].A, found.Pairs[0].B, found.Pairs[0].Cosine)
	// Output:
	// [true false]
	// rows 0 and 0: 0.999
}

func ExampleLargest() {
	nearest, err := cosine.Largest(context.Background(), [][]float32{{1, 0}, {0, 0}}, [][]float32{{3, 4}, {0, 1}})
	fmt.Printf("%.1f %v\n", nearest, err)
	// Output: [0.6 0.0] <nil>
}
