package judging

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/routellm/routellm/eval/agreement"
	"github.com/routellm/routellm/results"
)

// length measures how labels move with the length of answers while the prompt, the model and the
// labels that are known to be right are held fixed.
func (c *checker) length() ([]results.JudgeCheck, error) {
	lengths, known := c.gradedLengths, c.gold != nil
	if c.pairs != nil {
		lengths = c.pairedLengths
	}
	d := lengths()
	if len(d.label) == 0 {
		return nil, nil
	}
	controls := d.controls(known)
	found := agreement.Partial(d.label, d.length, controls, d.s.cluster, c.options.Bootstrap.Confidence)
	correlation := d.s.check(results.CheckLength, found.Correlation, func(m results.Metric) (results.JudgeState, string) { return lengthMeaning(m, known) })
	slope := d.s.check(results.CheckDoubling, found.Slope, func(m results.Metric) (results.JudgeState, string) {
		return slopeMeaning(m, correlation.State, c.pairs != nil)
	})
	return []results.JudgeCheck{correlation, slope}, nil
}

// dependence holds what a regression of labels on lengths needs, one element per item.
type dependence struct {
	s                   items
	label, length, gold []float64
	group               []int // the model or the pair of models
	row                 []int
	within              bool // whether prompts are held fixed
}

func (d *dependence) add(label, length, gold float64, group, row, cluster int) {
	d.s.add(label, length, cluster)
	d.label, d.length, d.gold = append(d.label, label), append(d.length, length), append(d.gold, gold)
	d.group, d.row = append(d.group, group), append(d.row, row)
}

// log2 returns the logarithm of a text's length in characters, so that a step of 1 is a doubling.
func log2(s *string) float64 { return math.Log2(float64(1 + utf8.RuneCountInString(*s))) }

// gradedLengths lists the graded answers. If some prompts have several, only those count, and each
// prompt is held fixed.
func (c *checker) gradedLengths() dependence {
	var d dependence
	f := c.Questions.file
	judged := make([][]int, f.Rows()) // models by row
	for row := range judged {
		for m := range f.Models {
			if !math.IsNaN(c.labels[m][row]) && (c.gold == nil || !math.IsNaN(c.gold[m][row])) {
				judged[row] = append(judged[row], m)
			}
		}
		d.within = d.within || len(judged[row]) > 1
	}
	for row, models := range judged {
		if d.within && len(models) < 2 {
			continue
		}
		for _, m := range models {
			gold := 0.0
			if c.gold != nil {
				gold = c.gold[m][row]
			}
			d.add(c.labels[m][row], log2(f.Models[m].Text[row]), gold, m, row, c.cluster[row])
		}
	}
	return d
}

// pairedLengths lists the compared pairs, with the ratios of the lengths.
func (c *checker) pairedLengths() dependence {
	var d dependence
	f := c.Questions.file
	for _, p := range c.pairs {
		gold := 0.0
		if c.gold != nil {
			gold = c.gold[p.A][p.Row] - c.gold[p.B][p.Row]
		}
		if math.IsNaN(p.First + gold) {
			continue
		}
		ratio := log2(f.Models[p.A].Text[p.Row]) - log2(f.Models[p.B].Text[p.Row])
		d.add(p.Score, ratio, gold, p.A*len(f.Models)+p.B, p.Row, c.cluster[p.Row])
	}
	return d
}

// fewValues is the number of distinct known labels up to which each is a group of its own.
const fewValues = 5

// controls returns the numbers to hold fixed: one of 0 and 1 per model or pair, and the known
// labels. Where prompts are held fixed, everything is counted from its mean over the prompt.
func (d *dependence) controls(known bool) [][]float64 {
	out := indicators(d.group)
	if known {
		out = append(out, d.knownLabels()...)
	}
	if d.within {
		for _, column := range append(slices.Clone(out), d.label, d.length) {
			d.centre(column)
		}
	}
	return out
}

// knownLabels returns one column per value if there are few, else the labels as they are.
func (d *dependence) knownLabels() [][]float64 {
	values := slices.Clone(d.gold)
	slices.Sort(values)
	values = slices.Compact(values)
	if len(values) > fewValues {
		return [][]float64{slices.Clone(d.gold)}
	}
	group := make([]int, len(d.gold))
	for i, g := range d.gold {
		group[i], _ = slices.BinarySearch(values, g)
	}
	return indicators(group)
}

// indicators returns one column of 0 and 1 per group.
func indicators(group []int) [][]float64 {
	groups := slices.Clone(group)
	slices.Sort(groups)
	groups = slices.Compact(groups)
	out := make([][]float64, len(groups))
	for k, g := range groups {
		out[k] = make([]float64, len(group))
		for i := range group {
			if group[i] == g {
				out[k][i] = 1
			}
		}
	}
	return out
}

// centre subtracts from each value the mean over its row. Items of a row are neighbours.
func (d *dependence) centre(column []float64) {
	for i := 0; i < len(column); {
		end, sum := i, 0.0
		for ; end < len(column) && d.row[end] == d.row[i]; end++ {
			sum += column[end]
		}
		mean := sum / float64(end-i)
		for ; i < end; i++ {
			column[i] -= mean
		}
	}
}
