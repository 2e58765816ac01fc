package datasets

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/slicesx"
)

// GradedBattles returns one battle per sample and pair of models that both have a quality there.
// Each wins the share of [WonShare] on a scale of the given length, see [Table.QualityRange]; the one
// with more than half is the winner. The battles of sample "s" have the ids "s/0001", "s/0002", and so
// on, and share its cluster. t needs its prompts.
func (t *Table) GradedBattles(length float64) *Table {
	out := t.eachPair(func(out *Table, a, b float64) { out.Share = append(out.Share, WonShare(a, b, length)) })
	out.Weight = nil
	return out
}

// GradedWins does the same with battles that are won as a whole: the higher quality wins with the
// difference as weight, and equal qualities tie with weight 1.
func (t *Table) GradedWins() *Table { return t.eachPair(func(*Table, float64, float64) {}) }

// eachPair returns the battles, and calls add for each with the two qualities.
func (t *Table) eachPair(add func(out *Table, a, b float64)) *Table {
	out := &Table{Meta: t.Meta, HasPrompt: t.HasPrompt}
	out.Meta.Min, out.Meta.Max, out.Meta.Unit = math.NaN(), math.NaN(), ""
	var from []int // row of each battle's sample
	for i, id := range t.SampleID {
		n := 0
		for k, a := range t.Quality {
			for _, b := range t.Quality[k+1:] {
				if math.IsNaN(a.Values[i]) || math.IsNaN(b.Values[i]) {
					continue
				}
				n++
				from = append(from, i)
				out.SampleID = append(out.SampleID, fmt.Sprintf("%s/%04d", id, n))
				out.addGradedBattle(a.Name, b.Name, a.Values[i]-b.Values[i])
				add(out, a.Values[i], b.Values[i])
			}
		}
	}
	out.Task, out.Cluster, out.Prompt = pickIf(t.Task, from), pickIf(t.Cluster, from), pickIf(t.Prompt, from)
	out.PromptSHA256, out.PromptNormSHA256 = pickIf(t.PromptSHA256, from), pickIf(t.PromptNormSHA256, from)
	for _, c := range t.Features {
		out.Features = append(out.Features, Column{c.Name, slicesx.Pick(c.Values, from)})
	}
	out.fillGaps(out.Rows())
	out.setSource()
	return out
}

// addGradedBattle appends a battle of models a and b. gap is a's grade minus b's.
func (t *Table) addGradedBattle(a, b string, gap float64) {
	weight := math.Abs(gap)
	if gap == 0 {
		weight = 1
	}
	t.ModelA, t.ModelB, t.Winner, t.Weight = append(t.ModelA, a), append(t.ModelB, b), append(t.Winner, winnerOf(gap)), append(t.Weight, weight)
}
