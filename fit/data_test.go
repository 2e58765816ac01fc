package fit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers/encoder"
)

// world makes data sets: prompts with vectors of a few components, of which the first says how hard
// the prompt is for all models but the first one.
type world struct {
	n         int
	seed      uint64
	models    []string
	skill     []float64 // probability of a right answer to an easy prompt, by model
	loss      []float64 // how much of it a hard prompt takes
	cost      []float64 // USD per prompt; nil for none
	repeats   int       // number of rows per prompt
	unmarked  bool      // without tasks
	shuffled  bool      // qualities that have nothing to do with the prompts
	missing   float64   // share of qualities that were not measured
	blind     bool      // without vectors
	uncounted bool      // without counts
	order     []int     // order of the rows; nil for that in which they are made
}

// two returns a world of two models between which there is something to route.
func two(n int) world {
	return world{n: n, seed: 1, models: []string{"big", "small"}, skill: []float64{0.95, 0.95}, loss: []float64{0.05, 0.7}, repeats: 1}
}

// three returns a world of three models with costs.
func three(n int) world {
	return world{
		n: n, seed: 1, models: []string{"big", "middle", "small"}, skill: []float64{0.95, 0.95, 0.95}, loss: []float64{0.05, 0.35, 0.8},
		cost: []float64{0.01, 0.002, 0.0005}, repeats: 1,
	}
}

// components is the number of components of vectors.
const components = 4

// table returns the data set.
func (w world) table() *datasets.Table {
	r := rand.New(rand.NewPCG(w.seed, 7))
	t := &datasets.Table{Meta: datasets.NewMeta()}
	t.Meta.Name, t.Meta.Unit, t.Meta.Min, t.Meta.Max = "made", "accuracy 0-1", 0, 1
	t.Features = make([]datasets.Column, 4)
	for k, name := range []string{"chars", "words", "lines", "numbers"} {
		t.Features[k].Name = name
	}
	for _, m := range w.models {
		t.Quality = append(t.Quality, datasets.Column{Name: m})
		if w.cost != nil {
			t.Extras = append(t.Extras, datasets.Column{Name: "cost_usd:" + m})
		}
	}
	for i := range w.n {
		hard := r.Float64()
		vector := make([]float32, components)
		for k := range vector {
			vector[k] = float32(math.Round((hard-0.5)*float64(components-k)*40+4*r.NormFloat64())) * encoder.Scale
		}
		length := math.Round(20 + 200*r.Float64())
		for range w.repeats {
			w.add(t, r, i, hard, vector, length)
		}
	}
	t.SetVectors(encoder.StaticName, encoder.StaticDigest, t.Vectors)
	if w.blind {
		t.Vectors, t.Meta.Encoder, t.Meta.EncoderSHA256 = nil, "", ""
	}
	if w.uncounted {
		t.Features = nil
	}
	if w.order != nil {
		t = inOrder(t, w.order)
	}
	return t
}

// add adds a row.
func (w world) add(t *datasets.Table, r *rand.Rand, prompt int, hard float64, vector []float32, length float64) {
	text := fmt.Sprintf("prompt %d of %d", prompt, w.seed)
	t.SampleID = append(t.SampleID, fmt.Sprintf("s%d", len(t.SampleID)))
	t.Cluster = append(t.Cluster, fmt.Sprintf("c%d", prompt))
	task := ""
	if !w.unmarked {
		task = []string{"easy", "hard"}[int(2*hard)]
	}
	t.Task = append(t.Task, task)
	t.PromptSHA256, t.PromptNormSHA256 = append(t.PromptSHA256, datasets.SHA256Hex(text)), append(t.PromptNormSHA256, datasets.NormSHA256Hex(text))
	t.Contaminated, t.Vectors = append(t.Contaminated, false), append(t.Vectors, vector)
	for k, v := range []float64{length, math.Round(length / 5), 1, 0} {
		t.Features[k].Values = append(t.Features[k].Values, v)
	}
	if w.shuffled {
		hard = r.Float64()
	}
	for m := range w.models {
		quality := 0.0
		if r.Float64() < w.skill[m]-w.loss[m]*hard {
			quality = 1
		}
		if r.Float64() < w.missing {
			quality = math.NaN()
		}
		t.Quality[m].Values = append(t.Quality[m].Values, quality)
		if w.cost != nil {
			t.Extras[m].Values = append(t.Extras[m].Values, w.cost[m]*(0.5+r.Float64()))
		}
	}
}

// inOrder returns the rows of a table in another order.
func inOrder(t *datasets.Table, order []int) *datasets.Table {
	out := &datasets.Table{Meta: t.Meta}
	columns := func(from []datasets.Column) (to []datasets.Column) {
		for _, c := range from {
			x := datasets.Column{Name: c.Name}
			for _, i := range order {
				x.Values = append(x.Values, c.Values[i])
			}
			to = append(to, x)
		}
		return to
	}
	for _, i := range order {
		out.SampleID, out.Cluster, out.Task = append(out.SampleID, t.SampleID[i]), append(out.Cluster, t.Cluster[i]), append(out.Task, t.Task[i])
		out.PromptSHA256, out.PromptNormSHA256 = append(out.PromptSHA256, t.PromptSHA256[i]), append(out.PromptNormSHA256, t.PromptNormSHA256[i])
		out.Contaminated, out.Vectors = append(out.Contaminated, false), append(out.Vectors, t.Vectors[i])
	}
	out.Features, out.Quality, out.Extras = columns(t.Features), columns(t.Quality), columns(t.Extras)
	return out
}

// file writes the data set and returns its path.
func (w world) file(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.parquet")
	if err := w.table().WriteFile(path); err != nil {
		t.Fatal(err)
	}
	return path
}
