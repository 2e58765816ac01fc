package judging

import (
	"math"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/num"
)

// value returns the label of a reply: the mean over likely ones if it is known, else the one that
// the judge wrote. It is NaN without a label.
func (j *Judgement) value(i int) float64 {
	r := j.Replies[i]
	if r.Kind != Judged {
		return nan
	}
	if mean, _ := r.spread.expected(j.ten); !math.IsNaN(mean) {
		_, least, most := j.Questions.unit("")
		return min(max(mean, float64(least)), float64(most)) // which rounding may pass
	}
	return r.Value
}

// Comparison holds a judge's finding about two answers to one prompt, asked in both orders.
type Comparison struct {
	Row, A, B int     // the row and the two models of the file
	Score     float64 // share of the win that A's answer has: 1, 0, 0.5 for a tie, or between them if expected; NaN without both replies
	Verdict   float64 // 1 if A won in both orders, 0 if B did, else 0.5; NaN without both replies
	First     float64 // preference for the answer shown first, in [-1,1]; NaN without both replies, or if nobody was asked
	Flipped   bool    // whether each order had another winner
}

// Comparisons returns the pairs of answers, those that are ties because they are equal at the end.
// A pair without a label in one of the orders has none.
func (j *Judgement) Comparisons() []Comparison {
	var out []Comparison
	list := j.Questions.list
	for i := 0; i+1 < len(list)-j.Questions.repeats; i += 2 {
		x, y := j.Replies[i].Value, 1-j.Replies[i+1].Value
		c := Comparison{Row: list[i].row, A: list[i].a, B: list[i].b, Score: nan, Verdict: nan, First: nan}
		if !math.IsNaN(x + y) {
			u, v := j.value(i), j.value(i+1)
			c.Verdict, c.Flipped, c.First = 0.5, math.Abs(x-y) == 1, u+v-1
			if x == y {
				c.Verdict = x
			}
			if c.Score = c.Verdict; j.Expected {
				c.Score = (u + 1 - v) / 2
			}
		}
		out = append(out, c)
	}
	for _, q := range j.Questions.alike {
		out = append(out, Comparison{Row: q.row, A: q.a, B: q.b, Score: 0.5, Verdict: 0.5, First: nan})
	}
	return out
}

// Labels returns the labels, under a name: grades from 1 to 10 or, of pairs, shares of wins in
// [0,1]. Among several models that is the share of its comparisons on a prompt that a model won,
// ties being half a win. If all models were compared with one, it is the share won against that
// one, whose own label is 0.5.
func (j *Judgement) Labels(name string) answers.Labels {
	q := j.Questions
	l := answers.Labels{Name: name, Values: make([][]float64, len(q.file.Models))}
	for m := range l.Values {
		l.Values[m] = num.NaNs(q.file.Rows())
	}
	if q.options.Mode == Pair {
		j.fillShares(l.Values)
		return l
	}
	for i, x := range q.list[:len(q.list)-q.repeats] {
		l.Values[x.a][x.row] = j.value(i)
	}
	return l
}

// fillShares writes the shares of wins.
func (j *Judgement) fillShares(values [][]float64) {
	versus := j.Questions.versus()
	won, n := make([][]float64, len(values)), make([][]float64, len(values))
	for m := range values {
		won[m], n[m] = make([]float64, len(values[m])), make([]float64, len(values[m]))
	}
	for _, c := range j.Comparisons() {
		if math.IsNaN(c.Score) {
			continue
		}
		won[c.A][c.Row] += c.Score
		won[c.B][c.Row] += 1 - c.Score
		n[c.A][c.Row]++
		n[c.B][c.Row]++
	}
	for m := range values {
		for row := range values[m] {
			switch {
			case n[m][row] == 0:
			case m == versus:
				values[m][row] = 0.5
			default:
				values[m][row] = won[m][row] / n[m][row]
			}
		}
	}
}

// versus returns the model that all others were compared with, or -1. Of two models neither is.
func (q *Questions) versus() int {
	for m, name := range q.file.ModelNames() {
		if name == q.options.Versus && len(q.file.Models) > 2 {
			return m
		}
	}
	return -1
}

// Battles returns the comparisons as battles, for routers that are trained on votes. A comparison
// without a verdict is none. The battles of a row share its cluster.
func (j *Judgement) Battles() *datasets.Table {
	f := j.Questions.file
	t := &datasets.Table{Meta: datasets.NewMeta(), HasPrompt: true}
	cluster := f.Cluster
	if cluster == nil {
		cluster = f.SampleID
	}
	for _, c := range j.Comparisons() {
		if math.IsNaN(c.Verdict) {
			continue
		}
		a, b := f.Models[c.A].Name, f.Models[c.B].Name
		t.SampleID = append(t.SampleID, f.SampleID[c.Row]+"/"+a+"/"+b)
		t.Cluster, t.Prompt = append(t.Cluster, cluster[c.Row]), append(t.Prompt, f.Prompt[c.Row])
		t.ModelA, t.ModelB = append(t.ModelA, a), append(t.ModelB, b)
		t.Winner = append(t.Winner, map[float64]string{1: "model_a", 0: "model_b", 0.5: "tie"}[c.Verdict])
	}
	t.FillFromPrompts()
	return t
}
