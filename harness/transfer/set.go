package transfer

import (
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
)

// Set holds prompts of one kind with the qualities of several models.
type Set struct {
	Name    string // Name is the row's name in the table, such as "mmlu-pro/physics"
	Kin     string // Kin is the source of training that has such prompts: judge, mmlu, gsm8k or ""
	Prompts []routers.Prompt
	Cluster []int     // Cluster has the cluster of each prompt: equal prompts share one
	Columns []Column  // Columns has one element per model, sorted by name
	norm    []string  // normalised digests of the prompts
	byName  columnMap // index of each model's column
	pairs   []pair    // the pairs whose gap is established
}

// Column is one model's quality on each prompt; NaN where it was not measured.
type Column struct {
	Model   string
	Quality []float64
}

type columnMap map[string]int

// own lists the models that the built-in routers' labels are about, under all names.
var own = []string{"gpt-4-1106-preview", "mistralai/Mixtral-8x7B-Instruct-v0.1", "Mixtral-8x7B-Instruct-v0.1"}

// add appends a prompt with the qualities of models, by name.
func (s *Set) add(id, text string, quality map[string]float64) {
	n := len(s.Prompts)
	s.Prompts, s.norm = append(s.Prompts, routers.NewPrompt(id, text)), append(s.norm, datasets.NormSHA256Hex(text))
	if s.byName == nil {
		s.byName = columnMap{}
	}
	for model, q := range quality {
		if slices.Contains(own, model) {
			continue
		}
		k, ok := s.byName[model]
		if !ok {
			k = len(s.Columns)
			s.byName[model] = k
			s.Columns = append(s.Columns, Column{Model: model})
		}
		s.Columns[k].extend(n)
		s.Columns[k].Quality = append(s.Columns[k].Quality, q)
	}
}

// extend fills a column up to n values.
func (c *Column) extend(n int) {
	for len(c.Quality) < n {
		c.Quality = append(c.Quality, math.NaN())
	}
}

// finish sorts the columns by model, numbers the clusters and finds the pairs.
func (s *Set) finish() error {
	for k := range s.Columns {
		s.Columns[k].extend(len(s.Prompts))
	}
	slices.SortFunc(s.Columns, func(a, b Column) int { return strings.Compare(a.Model, b.Model) })
	s.Cluster = eval.ClusterIDs(s.norm)
	return s.findPairs()
}

// pair is two models of a set on the prompts on which both were measured.
type pair struct {
	eval.Outcomes
	rows    []int
	cluster []int
}

// findPairs keeps the pairs of models whose gap exceeds 4 standard errors, with the better model as
// the strong one.
func (s *Set) findPairs() error {
	for i, a := range s.Columns {
		for _, b := range s.Columns[i+1:] {
			for _, p := range []pair{s.pairOf(a, b), s.pairOf(b, a)} {
				gap, err := eval.NewGap(p.Outcomes, p.cluster)
				if err != nil {
					return err
				}
				if gap.State == eval.GapEstablished {
					s.pairs = append(s.pairs, p)
				}
			}
		}
	}
	return nil
}

// pairOf returns the outcomes of a strong and a weak model.
func (s *Set) pairOf(strong, weak Column) pair {
	var p pair
	for i := range s.Prompts {
		if q, r := strong.Quality[i], weak.Quality[i]; !math.IsNaN(q) && !math.IsNaN(r) {
			p.Strong, p.Weak = append(p.Strong, q), append(p.Weak, r)
			p.rows, p.cluster = append(p.rows, i), append(p.cluster, s.Cluster[i])
		}
	}
	return p
}
