package subject

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// Pool holds the mean quality of several models on each subject. It is safe for concurrent use.
type Pool struct {
	training.PoolCard
	subjects map[string]int // row of each subject
	means    pool.Matrix    // one row per subject, and a last one for unknown subjects
}

// TrainPool averages the qualities of models per subject and validates the result. Where a model
// was not measured on a subject, its mean over all rows counts.
func TrainPool(ctx context.Context, o *training.Outcomes, options training.Options) (*Pool, training.Validation, error) {
	if err := o.Check(false); err != nil {
		return nil, training.Validation{}, err
	}
	d := training.Divide(o)
	v := training.Validation{Quality: pool.NewMatrix(len(o.Prompts), len(o.Models)), Cost: o.HeldOutCosts(d)}
	for part := range d.Parts {
		p := average(o, func(i int) bool { return d.Of[i] != part })
		for i, of := range d.Of {
			if of == part {
				copy(v.Quality.Row(i), p.row(o.Prompts[i].Task))
			}
		}
	}
	v = o.Level(d, v)
	p := average(o, func(int) bool { return true })
	p.PoolCard = training.NewPoolCard(o, options)
	p.Keep(o.Norm, v)
	return p, v, ctx.Err()
}

// average returns the means over the rows for which use returns true.
func average(o *training.Outcomes, use func(row int) bool) *Pool {
	p := &Pool{subjects: map[string]int{}}
	for _, prompt := range o.Prompts {
		if _, ok := p.subjects[prompt.Task]; !ok {
			p.subjects[prompt.Task] = len(p.subjects)
		}
	}
	all := len(p.subjects)
	sum, n := pool.NewMatrix(all+1, len(o.Models)), pool.NewMatrix(all+1, len(o.Models))
	for i, prompt := range o.Prompts {
		for m, y := range o.Quality.Row(i) {
			if !use(i) || math.IsNaN(y) {
				continue
			}
			for _, row := range []int{p.subjects[prompt.Task], all} {
				sum.Row(row)[m] += y
				n.Row(row)[m]++
			}
		}
	}
	p.means = sum
	for row := all; row >= 0; row-- {
		for m := range o.Models {
			if n.At(row, m) == 0 {
				sum.Row(row)[m] = sum.At(all, m)
			} else {
				sum.Row(row)[m] /= n.At(row, m)
			}
		}
	}
	return p
}

// row returns the means of a subject.
func (p *Pool) row(subject string) []float64 {
	if row, ok := p.subjects[subject]; ok {
		return p.means.Row(row)
	}
	return p.means.Row(len(p.subjects))
}

// Needs returns the zero value: a sample's task is always there.
func (p *Pool) Needs() routers.Needs { return routers.Needs{} }

// Predict returns the mean qualities of the prompts' subjects. The predicted costs are the models'
// mean costs, if they were known in training.
func (p *Pool) Predict(_ context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	quality = pool.NewMatrix(len(prompts), len(p.Pool))
	for i, prompt := range prompts {
		copy(quality.Row(i), p.row(prompt.Task))
	}
	return quality, p.Costs(), nil
}

// poolFormat identifies a model file of a Pool.
const poolFormat = "routellm-subject-pool"

// Bytes returns the model as a safetensors file. Equal models give equal bytes.
func (p *Pool) Bytes() ([]byte, error) {
	f, err := modelfile.NewPool(&p.PoolCard, poolFormat)
	if err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(p.subjects))
	tasks, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	f.Metadata["tasks"] = string(tasks)
	var rows []int
	for _, name := range names {
		rows = append(rows, p.subjects[name])
	}
	modelfile.StoreMatrix(f, "means", p.means.Pick(append(rows, len(names))))
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// WriteFile writes the model to path. The file appears only once it is complete.
func (p *Pool) WriteFile(path string) error { return modelfile.WriteFile(path, p.Bytes) }

// OpenPool reads a model file that train subject --models wrote.
func OpenPool(path string) (*Pool, error) { return modelfile.Open(path, readPool) }

// readPool decodes a model; digest is the SHA-256 of the whole file.
func readPool(f *safetensors.File, digest string) (*Pool, error) {
	p := &Pool{subjects: map[string]int{}}
	var err error
	if p.PoolCard, err = modelfile.ReadPoolCard(f, poolFormat, digest); err != nil {
		return nil, err
	}
	var names []string
	if err := json.Unmarshal([]byte(f.Metadata["tasks"]), &names); err != nil {
		return nil, fmt.Errorf("tasks: %w", err)
	}
	for i, name := range names {
		p.subjects[name] = i
	}
	if p.means, err = modelfile.RecallMatrix(f, "means", len(p.Pool)); err != nil {
		return nil, err
	}
	if p.means.Rows() != len(p.subjects)+1 || len(names) != len(p.subjects) {
		return nil, fmt.Errorf("tensor %q has %s for %s, expected one per task, all different, and one more",
			"means", text.Plural(p.means.Rows(), "row"), text.Plural(len(names), "task"))
	}
	return p, nil
}
