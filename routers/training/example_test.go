package training_test

import (
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

// A judge's grades of three models on two prompts. Models do badly on the second one,
// so its label says that the strong model is needed more.
func ExampleFromGrades() {
	table := &datasets.Table{
		PromptNormSHA256: []string{datasets.NormSHA256Hex("hi"), datasets.NormSHA256Hex("prove it")},
		Quality: []datasets.Column{
			{Name: "large", Values: []float64{9, 8}}, {Name: "medium", Values: []float64{9, 5}}, {Name: "small", Values: []float64{8, 2}},
		},
	}
	s, err := training.FromGrades(training.Rows{
		Name: "grades", Table: table, Prompts: []routers.Prompt{routers.NewPrompt("a", "hi"), routers.NewPrompt("b", "prove it")},
	}, "large", "small")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("labels %.2f, gains %v, %d battles\n", s.Label, s.Gain, len(s.Battles))
	// Output: labels [-1.83 1.83], gains [1 6], 6 battles
}
