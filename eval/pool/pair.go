package pool

import (
	"cmp"
	"math"
	"slices"
)

// OfScores returns a two-model router's scores as predictions of the two models, the strong one
// first. The path goes from the cheaper model for every prompt to the other one: prompts with higher
// scores take the strong model first or, if the strong model is the cheaper one, keep it longest.
// Lambda is the score, or its negative. strong and weak are the models' mean costs.
func OfScores(scores []float64, strong, weak float64) Predictions {
	p := Predictions{Quality: NewMatrix(len(scores), 2), Cost: NewMatrix(1, 2), Scores: true}
	dearer, sign := 0, 1.0
	if strong < weak {
		dearer, sign = 1, -1
	}
	p.Cost.Values[dearer] = 1
	for i, s := range scores {
		p.Quality.Row(i)[dearer] = sign * s
	}
	return p
}

// OfAnswers returns the scores that a cascade gives to the weak model's answers as decisions between
// the strong model, which is the first one, and the weak one: the weak model is asked for every
// prompt, and from a threshold on the strong one too. There is one operating point per distinct
// score, from no prompt that is passed on to all of them. The knob of a point is its threshold.
func OfAnswers(scores []float64) Decided {
	const strong, weak = 0, 1
	out := Decided{Cascade: []int{weak, strong}, Start: Point{Knob: math.Inf(1)}}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
		out.First = append(out.First, NewChoice(weak))
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	for k, i := range order {
		if k == 0 || scores[i] != scores[order[k-1]] {
			out.Points = append(out.Points, Point{Knob: scores[i]})
		}
		last := &out.Points[len(out.Points)-1]
		last.Changes = append(last.Changes, Change{i, NewChoice(strong)})
	}
	return out
}

// Priced returns the decisions with the costs and latencies that price gives to each choice for
// prompt i.
func (d Decided) Priced(price func(i int, c Choice) Choice) Decided {
	out := d
	out.First, out.Points = slices.Clone(d.First), slices.Clone(d.Points)
	for i, c := range d.First {
		out.First[i] = price(i, c)
	}
	for k, p := range d.Points {
		out.Points[k].Changes = slices.Clone(p.Changes)
		for n, c := range p.Changes {
			out.Points[k].Changes[n].Choice = price(c.Prompt, c.Choice)
		}
	}
	return out
}
