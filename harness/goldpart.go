package harness

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// goldPart holds the gold labels of a part of a data set's rows.
type goldPart struct {
	cheap  string // name of the labels of every row
	name   string // name of the gold labels
	file   *results.Input
	meta   datasets.Meta
	values map[string][]float64 // gold labels by model, one per row; NaN for rows outside the part
	weight []float64            // 1 over the probability to be in the part, up to a factor; nil if it is the same for all rows
}

// readGold reads the gold labels of some models for the rows of a table: those of another name in
// the data set, or those of a file. It returns nil without a name.
func (o *opener) readGold(ctx context.Context, data string, t *datasets.Table, models []string, gold string) (*goldPart, error) {
	if gold == "" {
		return nil, nil
	}
	p := &goldPart{cheap: cmp.Or(o.reading.labels(), datasets.Quality), name: gold, values: map[string][]float64{}}
	from, in := data, *o
	in.reading.Labels = gold
	if isFileOfLabels(gold) {
		from, in.reading.Labels, p.name = gold, "", datasets.Quality
	} else {
		if gold == p.cheap {
			return nil, hint.With(fmt.Errorf("the gold labels %q are those to be corrected", gold), "name the cheap ones: --labels judged --gold-part "+gold)
		}
		if from == stdinName || isPipe(from) {
			return nil, hint.With(fmt.Errorf("--gold-part %s: standard input cannot be read twice", gold), "write the data to a file first")
		}
		in.feedback.Note, in.own = nil, true // it has said how it reads the file
	}
	f, input, err := in.open(ctx, from)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	g, err := f.Read(datasets.Select{Models: models, Digests: true, Weights: true})
	if err != nil {
		return nil, err
	}
	p.meta = f.Meta()
	if from != data {
		p.file = &input
	}
	return p, p.join(t, g, f.Name(), input)
}

// isFileOfLabels reports whether a value of --gold-part is a file and not the name of labels.
func isFileOfLabels(value string) bool {
	_, err := os.Stat(value)
	return err == nil || strings.ContainsAny(value, "./\\")
}

// join takes the labels of g for the rows of t. Rows belong together if they have the same id or, if
// g has ids from row numbers alone, the same prompt.
func (p *goldPart) join(t, g *datasets.Table, name string, in results.Input) error {
	at, err := rowsOfOther(t, g, name, in.Columns != nil && in.Columns["id"] == "" && p.file != nil)
	if err != nil {
		return err
	}
	for _, c := range g.Quality {
		values := make([]float64, t.Rows())
		for i, k := range at {
			values[i] = math.NaN()
			if k >= 0 {
				values[i] = c.Values[k]
			}
		}
		p.values[c.Name] = values
	}
	if g.Weight == nil || p.file == nil || unevenOf(g.Weight) == nil {
		return nil
	}
	p.weight = make([]float64, t.Rows())
	for i, k := range at {
		if k >= 0 {
			p.weight[i] = g.Weight[k]
		}
	}
	return nil
}

// rowsOfOther returns the row of g with the same id or prompt as each row of t, -1 if there is none.
// It returns an error if no row of g belongs to t, or if a prompt is in several rows.
func rowsOfOther(t, g *datasets.Table, name string, byPrompt bool) ([]int, error) {
	key, other, what := t.SampleID, g.SampleID, "id"
	if byPrompt {
		key, other, what = t.PromptSHA256, g.PromptSHA256, "prompt"
	}
	if key == nil || other == nil {
		return nil, hint.With(fmt.Errorf("%q: has no ids, and there are no prompts to go by", name), "give both files a column of ids")
	}
	rows := make(map[string]int, len(other))
	for k, v := range other {
		if first, twice := rows[v]; twice {
			return nil, hint.With(fmt.Errorf("%q: rows %d and %d have the same prompt, and no ids", name, first+1, k+1), "give both files a column of ids")
		}
		rows[v] = k
	}
	at, found := make([]int, len(key)), 0
	for i, v := range key {
		at[i] = -1
		if k, ok := rows[v]; ok {
			at[i] = k
			found++
			if t.PromptSHA256 != nil && g.PromptSHA256 != nil && t.PromptSHA256[i] != g.PromptSHA256[k] {
				return nil, fmt.Errorf("%q: row %d, id %q: the prompt is not that of the sample with this id", name, k+1, v)
			}
		}
	}
	if found == 0 {
		return nil, hint.With(fmt.Errorf("%q: none of %s has the %s of a sample", name, text.Plural(len(other), "row"), what),
			fmt.Sprintf("first %ss: %q there, %q in the data", what, other[0], key[0]))
	}
	return at, nil
}
