package datasets

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Table returns the samples: digests, text features, clusters, and the columns "quality:",
// "cost_usd:", "input_tokens:", "output_tokens:", "latency_s:", "cached_input_tokens:",
// "reasoning_tokens:" and "pass:" of each model that has any. Models are sorted by name. Samples without a cluster of their own share one if their
// prompts are equal.
func (c *Collector) Table() (*Table, []Coverage, error) {
	var out *Table
	coverage, err := c.Batches(max(1, c.samples.n), func(t *Table) error {
		out = t
		return nil
	})
	return out, coverage, err
}

var errNoAnswers = errors.New("no answers, expected at least one")

// Batches hands the samples of [Collector.Table] to sink, at most rows of them at a time.
func (c *Collector) Batches(rows int, sink func(*Table) error) ([]Coverage, error) {
	if c.samples.n == 0 {
		return nil, errNoAnswers
	}
	slices.SortStableFunc(c.models, func(a, b *modelAnswers) int { return cmp.Compare(a.Model, b.Model) })
	order, clusters := c.order(), map[sampleKey]int32{}
	for from := 0; from < len(order); from += rows {
		if err := sink(c.batch(order[from:min(from+rows, len(order))], clusters)); err != nil {
			return nil, err
		}
	}
	return c.coverage(), nil
}

func (c *Collector) coverage() []Coverage {
	var out []Coverage
	for _, m := range c.models {
		cover := m.Coverage
		cover.Missing = c.samples.n - m.answered
		out = append(out, cover)
	}
	return out
}

// order lists the samples in the order of the table.
func (c *Collector) order() []int32 {
	order := make([]int32, c.samples.n)
	for i := range order {
		order[i] = int32(i)
	}
	if c.options.KeepOrder {
		return order
	}
	s := &c.samples
	slices.SortFunc(order, func(a, b int32) int {
		if c.options.TaskInID {
			if by := compareNatural(s.texts.text(s.task.at(int(a))), s.texts.text(s.task.at(int(b)))); by != 0 {
				return by
			}
		}
		return cmp.Or(compareNatural(s.id.at(int(a)), s.id.at(int(b))), cmp.Compare(a, b))
	})
	return order
}

// rowID returns the id of row i, counted from 0, of a table without ids.
func rowID(i int) string { return fmt.Sprintf("row/%07d", i+1) }

// sampleID returns the id of sample i in the table.
func (c *Collector) sampleID(i int) string {
	s := &c.samples
	id := s.id.at(i)
	if id == "" {
		id = rowID(c.places.number(s.place.at(i)) - 1)
	}
	if task := s.texts.text(s.task.at(i)); c.options.TaskInID && task != "" {
		id = task + "/" + id
	}
	return id
}

// batch returns the table of some samples. first holds the first sample with a prompt, of all
// that were in a batch.
func (c *Collector) batch(rows []int32, first map[sampleKey]int32) *Table {
	t, s := &Table{Meta: NewMeta()}, &c.samples
	for _, row := range rows {
		i := int(row)
		t.SampleID = append(t.SampleID, c.sampleID(i))
		t.Task = append(t.Task, s.texts.text(s.task.at(i)))
		t.Cluster = append(t.Cluster, c.clusterOf(i, first))
	}
	t.fillGaps(len(rows))
	if len(s.weight.chunks) > 0 {
		t.Weight = make([]float64, len(rows)) // a sample without one keeps 0, which no writer accepts
		for k, row := range rows {
			t.Weight[k] = s.weight.at(int(row))
		}
	}
	if len(s.prompts.chunks) > 0 {
		c.batchPrompts(t, rows)
	}
	for _, m := range c.models {
		t.Quality = append(t.Quality, Column{m.Model, m.numbers[0].take(rows)})
	}
	for k, name := range answerColumnNames[1:] {
		for _, m := range c.models {
			if len(m.numbers[k+1].chunks) > 0 {
				t.Extras = append(t.Extras, Column{name + m.Model, m.numbers[k+1].take(rows)})
			}
		}
	}
	return t
}

// clusterOf returns the cluster of sample i: its own, or that of the first sample with its prompt.
func (c *Collector) clusterOf(i int, first map[sampleKey]int32) string {
	if k := c.samples.cluster.at(i); k != 0 {
		return c.samples.texts.text(k)
	}
	if c.samples.promptPlace.at(i) == 0 {
		return ""
	}
	sha := c.samples.prompts.at(i).sha
	key := sampleKey{binary.BigEndian.Uint64(sha[:]), binary.BigEndian.Uint64(sha[8:])}
	if at, known := first[key]; known {
		return c.sampleID(int(at))
	}
	first[key] = int32(i)
	return ""
}

// batchPrompts fills what follows from the prompts. A sample without a prompt counts as one with
// an empty prompt.
func (c *Collector) batchPrompts(t *Table, rows []int32) {
	s, none := &c.samples, describe("")
	counts := [4][]float64{}
	for _, row := range rows {
		i := int(row)
		p := none
		if s.promptPlace.at(i) != 0 {
			p = s.prompts.at(i)
		}
		t.PromptSHA256 = append(t.PromptSHA256, hex.EncodeToString(p.sha[:]))
		t.PromptNormSHA256 = append(t.PromptNormSHA256, hex.EncodeToString(p.norm[:]))
		for k, v := range p.features {
			counts[k] = append(counts[k], float64(v))
		}
		if c.options.KeepPrompt {
			t.Prompt = append(t.Prompt, s.text.at(i))
		}
	}
	t.HasPrompt = c.options.KeepPrompt
	for k, name := range featureNames {
		t.setFeature(name, counts[k])
	}
}

// take returns the means of some rows.
func (m *means) take(rows []int32) []float64 {
	out := make([]float64, len(rows))
	for k, i := range rows {
		out[k] = m.at(int(i))
	}
	return out
}

// compareNatural orders texts so that numbers in them count by their value: q2 before q10.
func compareNatural(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		m, n := digits(x), digits(y)
		if m == 0 || n == 0 {
			if x[0] != y[0] {
				return cmp.Compare(x[0], y[0])
			}
			x, y = x[1:], y[1:]
			continue
		}
		p, q := strings.TrimLeft(x[:m], "0"), strings.TrimLeft(y[:n], "0")
		if by := cmp.Or(cmp.Compare(len(p), len(q)), strings.Compare(p, q)); by != 0 {
			return by
		}
		x, y = x[m:], y[n:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// digits returns the number of leading digits.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}
