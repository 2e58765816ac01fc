package cli

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/eval"
)

// bench compares the contenders on benchmark i of their aligned lineups.
func (o compareOptions) bench(ctx context.Context, contenders []contender, i int) (result.ComparedBenchmark, error) {
	first := contenders[0].lineup.benches[i]
	b := result.ComparedBenchmark{Name: first.name, Title: first.title, Unit: first.unit, Pair: first.pair}
	subject := first.subject()
	gap, err := b.Measure(subject)
	if err != nil {
		return b, fmt.Errorf("%s: %w", b.Name, err)
	}
	if gap.State == eval.GapReversed {
		return b, reversedGap(b.Name, b.Pair, gap)
	}
	names, scores := make([]string, len(contenders)), make([][]float64, len(contenders))
	for k, c := range contenders {
		names[k], scores[k] = c.label, c.lineup.benches[i].scores[c.router]
	}
	c, err := o.comparing(ctx).Compare(subject.Outcomes, subject.Clusters, scores)
	if err != nil {
		return b, fmt.Errorf("%s: %w", b.Name, err)
	}
	b.Metric = "apgr"
	if c.Area {
		b.Metric = "area_over_random"
	}
	for k, v := range c.Values {
		b.Routers = append(b.Routers, result.ComparedRouter{Name: names[k], Value: result.Value(v)})
	}
	routed, err := o.route(scores)
	if err != nil {
		return b, fmt.Errorf("%s: %w", b.Name, err)
	}
	for _, d := range c.Pairs {
		p := result.NewPair(d, names)
		p.Notes = append(p.Notes, o.notes(d)...)
		p.Decisions = o.decisions(first, routed[d.A], routed[d.B])
		b.Pairs = append(b.Pairs, p)
	}
	return b, nil
}

// comparing ends with ctx.
func (o compareOptions) comparing(ctx context.Context) eval.Comparer {
	goOn := func(int, int) error { return ctx.Err() }
	return eval.Comparer{
		Bootstrap:    eval.Bootstrap{Resamples: o.Resamples, Confidence: o.Confidence, Seed: o.Seed, Progress: goOn},
		Permutations: o.Permutations, Margin: o.Margin, Progress: goOn,
	}
}

// notes says where a verdict needs more words.
func (o compareOptions) notes(d eval.Difference) []string {
	var notes []string
	decided := d.Verdict == eval.Better || d.Verdict == eval.Worse
	if decided && d.Within {
		notes = append(notes, fmt.Sprintf("within margin: the %g %% interval, %.3f to %.3f, lies within +-%g",
			percentOf(eval.NarrowConfidence(o.Confidence)), d.Narrow.Lo, d.Narrow.Hi, o.Margin))
	}
	if d.Interval.Lo != d.Interval.Lo { // NaN
		return append(notes, "no interval: the gap between the models is not positive in too many resamples")
	}
	alpha := 1 - o.Confidence
	switch {
	case decided && d.P > alpha:
		notes = append(notes, fmt.Sprintf("the interval excludes 0, the permutation test does not reject equality (p = %s); the interval decides", pText(d.P)))
	case !decided && d.P <= alpha:
		notes = append(notes, fmt.Sprintf("the permutation test rejects equality (p = %s), the interval has 0 in it and decides", pText(d.P)))
	case decided && d.Holm > alpha:
		notes = append(notes, fmt.Sprintf("p = %s for this pair alone: among so many pairs it may be luck", pText(d.P)))
	}
	return notes
}

// route has every router choose its share of the samples.
func (o compareOptions) route(scores [][]float64) ([][]bool, error) {
	out := make([][]bool, len(scores))
	for k := range scores {
		var err error
		if out[k], err = eval.Route(scores[k], o.At, o.Seed); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// decisions counts what becomes of the samples, and lists them where asked to.
func (o compareOptions) decisions(c *contest, a, b []bool) result.Decisions {
	flips := eval.Flips(c.outcomes, a, b)
	var count [4]int
	for _, f := range flips {
		count[f]++
	}
	d := result.Decisions{
		Rescues: count[eval.Rescue], Losses: count[eval.Loss], Safe: count[eval.Safe], Hard: count[eval.Hard],
		McNemar: noValue,
	}
	if c.outcomes.Binary() {
		d.McNemar = result.Value(eval.McNemar(d.Rescues, d.Losses))
	}
	if o.Flips {
		d.Tasks = taskFlips(c, flips)
	}
	return d
}

// taskFlips sorts the samples into their tasks, in order of appearance.
func taskFlips(c *contest, flips []eval.Flip) []result.TaskFlips {
	var tasks []result.TaskFlips
	for i, task := range eval.ClusterIDs(c.tasks) {
		if task == len(tasks) {
			tasks = append(tasks, result.TaskFlips{Task: c.tasks[i], Rescues: []string{}, Losses: []string{}, Safe: []string{}, Hard: []string{}})
		}
		t := &tasks[task]
		list := [...]*[]string{eval.Rescue: &t.Rescues, eval.Loss: &t.Losses, eval.Safe: &t.Safe, eval.Hard: &t.Hard}[flips[i]]
		*list = append(*list, c.ids[i])
	}
	return tasks
}
