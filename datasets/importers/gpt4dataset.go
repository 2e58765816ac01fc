package importers

import "fmt"

// The models of RouteLLM's training data, and the grade that stands for the strong one.
const (
	gpt4Strong = "gpt-4-1106-preview"
	gpt4Weak   = "mistralai/Mixtral-8x7B-Instruct-v0.1"
	gpt4Grade  = 5
)

// gpt4Dataset reads routellm/gpt4_dataset, with which RouteLLM augmented its training: a judge's
// grades of the weak model, from 1 to 5, where the strong model's answer is the reference.
func gpt4Dataset() Tool {
	return Tool{
		Name: "gpt4-dataset", Title: "routellm/gpt4_dataset", Gives: Answers, Uses: []string{"text", "skip-bad"}, bounds: [2]float64{1, 5}, unit: "grade 1-5",
		Files:   "the Parquet, CSV or JSON Lines files of the data set",
		Reads:   "mixtral_score as the weak model's quality; the strong model's is 5, as RouteLLM takes it",
		Leaves:  "responses of both models",
		Example: "routellm datasets import gpt4-dataset data/ --out gpt4.parquet",
		kinds:   []kind{{name: "table", match: func(p *peek) bool { return p.table("prompt", "mixtral_score") }}},
		read:    readGPT4Dataset,
	}
}

func readGPT4Dataset(in *input, out *Output) error {
	n := 0 // rows of all files, which are sorted, make ids
	for _, f := range in.of("table") {
		err := in.scan(f, []string{"prompt", "source", "mixtral_score"}, func(r tableRow) error {
			n++
			return in.gpt4Row(r, fmt.Sprintf("row/%07d", n), out)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (in *input) gpt4Row(r tableRow, id string, out *Output) error {
	weak := r.graded()
	weak.ID, weak.Task, weak.Model = id, r.text("source"), gpt4Weak
	var err error
	if weak.Prompt, err = r.prompt(in.Text, "prompt"); err != nil {
		return in.skip(err)
	}
	if weak.Quality, err = r.amount("mixtral_score"); err != nil {
		return in.skip(err)
	}
	strong := weak
	strong.Model, strong.Quality = gpt4Strong, gpt4Grade
	if err := out.Answers.Add(strong); err != nil {
		return err
	}
	return out.Answers.Add(weak)
}
