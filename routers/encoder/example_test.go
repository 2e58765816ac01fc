package encoder_test

import (
	"context"
	"fmt"
	"math"

	"github.com/routellm/routellm/routers/encoder"
)

func Example() {
	e, err := encoder.Static()
	if err != nil {
		fmt.Println(err)
		return
	}
	vectors, err := e.Encode(context.Background(), []string{
		"How do plants make food?", "Explain photosynthesis in plants.", "Sort a list in Python.",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(vectors), "vectors with", len(vectors[0]), "components")
	for _, v := range vectors[1:] {
		fmt.Printf("cosine with the first: %.2f\n", cosine(vectors[0], v))
	}
	// Output:
	// 3 vectors with 256 components
	// cosine with the first: 0.57
	// cosine with the first: 0.21
}

func cosine(a, b []float32) float64 {
	var dot, aa, bb float64
	for k := range a {
		x, y := float64(a[k]), float64(b[k])
		dot, aa, bb = dot+x*y, aa+x*x, bb+y*y
	}
	return dot / math.Sqrt(aa*bb)
}
