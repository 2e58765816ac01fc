package training

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
)

// Outcomes is the training data of routers among several models: what each model's answer to
// each prompt was worth and what it cost. Its slices and matrices have one element or row per
// prompt, the matrices one column per model.
type Outcomes struct {
	Sources []SourceInfo // Sources lists the data sets
	Models  []string     // Models names the models
	Prompts []routers.Prompt
	Norm    []string // Norm holds the prompts' prompt_norm_sha256
	Cluster []string // Cluster holds the clusters of dependent prompts, distinct across data sets
	Quality pool.Matrix
	Cost    pool.Matrix // USD per prompt; without rows if no cost is known
	// In both matrices NaN stands for a value that was not measured.
}

// OutcomesOf returns the outcomes of models on some rows of a table. cost has one slice per model
// with one value per row of the table; nil if no cost is known. A model that the table lacks was
// not measured.
func OutcomesOf(r Rows, rows []int, models []string, cost [][]float64) *Outcomes {
	o := &Outcomes{
		Sources: []SourceInfo{{Kind: string(Gold), Name: r.Name, SHA256: r.SHA256, Prompts: len(rows)}},
		Models:  models, Prompts: slicesx.Pick(r.Prompts, rows), Norm: slicesx.Pick(r.Table.PromptNormSHA256, rows),
		Quality: unknown(len(rows), len(models)),
	}
	for _, i := range rows {
		o.Cluster = append(o.Cluster, r.Name+"\x00"+r.Table.Cluster[i])
	}
	if cost != nil {
		o.Cost = unknown(len(rows), len(models))
	}
	for m, model := range models {
		quality, measured := r.Table.QualityOf(model)
		for k, i := range rows {
			if measured {
				o.Quality.Row(k)[m] = quality[i]
			}
			if cost != nil {
				o.Cost.Row(k)[m] = cost[m][i]
			}
		}
	}
	return o
}

// unknown returns a matrix of NaN.
func unknown(rows, columns int) pool.Matrix {
	m := pool.NewMatrix(rows, columns)
	for k := range m.Values {
		m.Values[k] = math.NaN()
	}
	return m
}

// Append adds the prompts of other outcomes of the same models. Costs are known only if both have
// some.
func (o *Outcomes) Append(more *Outcomes) {
	o.Sources = append(o.Sources, more.Sources...)
	o.Prompts, o.Norm = append(o.Prompts, more.Prompts...), append(o.Norm, more.Norm...)
	o.Cluster = append(o.Cluster, more.Cluster...)
	o.Quality.Values = append(o.Quality.Values, more.Quality.Values...)
	if o.Cost.Rows() == 0 || more.Cost.Rows() == 0 {
		o.Cost = pool.Matrix{}
		return
	}
	o.Cost.Values = append(o.Cost.Values, more.Cost.Values...)
}

// Measured returns the number of rows with the quality of each model.
func (o *Outcomes) Measured() []int {
	out := make([]int, len(o.Models))
	for i := range o.Prompts {
		for m, v := range o.Quality.Row(i) {
			if num.Finite(v) {
				out[m]++
			}
		}
	}
	return out
}

// Check returns an error if there are fewer than two models, too few rows of a model or too few
// clusters, or if a prompt lacks what routers read: see [Outcomes.CheckRows]. vectors is false for
// routers that read no prompt.
func (o *Outcomes) Check(vectors bool) error {
	if len(o.Models) < 2 {
		return fmt.Errorf("the data has outcomes of %s, expected at least 2 models", text.Quoted(o.Models, 12))
	}
	if err := o.CheckRows(vectors); err != nil {
		return err
	}
	return o.checkParts()
}

// CheckRows returns an error if a model was measured on too few rows or, unless vectors is false,
// if a prompt lacks a finite vector of the same length as the others' or a count.
func (o *Outcomes) CheckRows(vectors bool) error {
	for m, n := range o.Measured() {
		if n < leastPrompts {
			return hint.With(fmt.Errorf("model %q was measured on %s, expected at least %d", o.Models[m], text.Plural(n, "row"), leastPrompts),
				"--models MODEL,MODEL names the models to train for")
		}
	}
	for i := range o.Prompts {
		if !vectors {
			break
		}
		if err := checkPrompt(&o.Prompts[i], len(o.Prompts[0].Vector)); err != nil {
			return err
		}
	}
	return nil
}

// checkParts returns an error unless every model can be fitted without any part.
func (o *Outcomes) checkParts() error {
	d := Divide(o)
	if d.Parts < 2 {
		return errors.New("all rows are in one cluster: cross-validation needs at least two")
	}
	seen := make([]map[int]bool, len(o.Models))
	for m := range seen {
		seen[m] = map[int]bool{}
		for i := range o.Prompts {
			if num.Finite(o.Quality.At(i, m)) {
				seen[m][d.Of[i]] = true
			}
		}
		if len(seen[m]) < 2 {
			return fmt.Errorf("model %q was measured in one part of the cross-validation only: measure it in more clusters", o.Models[m])
		}
	}
	return nil
}

// Division divides the rows of outcomes into the parts of a cross-validation.
type Division struct {
	Parts int   // Parts is the number of parts, at most [Folds]
	Of    []int // Of holds the part of each row
	Group []int // Group holds the group of each row, from 0: rows that are not independent share one
}

// Divide divides rows into up to [Folds] parts of about the same number of groups. Rows with the
// same prompt or the same cluster are in one group, which is never divided. The division depends
// on the prompts and not on the order of the rows.
func Divide(o *Outcomes) Division {
	group := groups(o.Norm, o.Cluster)
	least := map[int]string{} // smallest digest of each group
	for i, g := range group {
		if digest, ok := least[g]; !ok || o.Norm[i] < digest {
			least[g] = o.Norm[i]
		}
	}
	order := make([]int, 0, len(least))
	key := make([]string, len(least))
	for g := range len(least) {
		sum := sha256.Sum256([]byte("pool/" + least[g]))
		order, key[g] = append(order, g), string(sum[:])
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(strings.Compare(key[a], key[b]), cmp.Compare(a, b)) })
	d := Division{Parts: min(Folds, len(order)), Of: make([]int, len(group)), Group: group}
	part := make([]int, len(order))
	for k, g := range order {
		part[g] = k % d.Parts
	}
	for i, g := range group {
		d.Of[i] = part[g]
	}
	return d
}

// groups numbers the groups of rows that share a prompt or a cluster, directly or through others,
// from 0.
func groups(norm, cluster []string) []int {
	parent := make([]int, len(norm))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, names := range [][]string{norm, cluster} {
		first := make(map[string]int, len(names))
		for i, name := range names {
			if j, ok := first[name]; ok {
				parent[root(i)] = root(j)
			} else {
				first[name] = i
			}
		}
	}
	roots := make([]int, len(norm))
	for i := range roots {
		roots[i] = root(i)
	}
	return eval.ClusterIDs(roots)
}
