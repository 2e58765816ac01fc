package judging

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/agreement"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// CheckOptions says how a judge is checked.
type CheckOptions struct {
	Labels    string // Labels is the name of the judge's labels
	Against   string // Against is the name of labels in the file that are known to be right; "" for none
	Votes     string // Votes is a column of texts: the model whose answer people preferred, or "tie"; "" for none
	Bootstrap eval.Bootstrap
}

// checker runs checks on the labels of a judgement.
type checker struct {
	*Judgement
	options CheckOptions
	labels  [][]float64 // the judge's labels, by model
	gold    [][]float64 // labels known to be right, by model; nil without them
	votes   []*string
	pairs   []Comparison
	cluster []int // the cluster of each row
}

// Check runs all checks for which there are data. An interval needs six clusters.
func (j *Judgement) Check(o CheckOptions) ([]results.JudgeCheck, error) {
	c, err := newChecker(j, o)
	if err != nil {
		return nil, err
	}
	var out []results.JudgeCheck
	for _, check := range []func() ([]results.JudgeCheck, error){c.against, c.repeat, c.position, c.length, c.unlabelled} {
		found, err := check()
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// Valid returns an error if the file lacks labels or a column that the options name. Call it before
// anything is asked.
func (o CheckOptions) Valid(f *answers.File) error {
	if _, ok := f.LabelsOf(o.Against); o.Against != "" && !ok {
		err := fmt.Errorf("%q: found no labels %q to compare the judge with", f.Name, o.Against)
		return hint.With(hint.DidYouMean(err, o.Against, labelNames(f)), "labels in the file: "+text.Quoted(labelNames(f), 20))
	}
	if o.Votes != "" && f.PassedColumn(o.Votes) == nil {
		return fmt.Errorf("%q: found no column %q of texts, expected votes there", f.Name, o.Votes)
	}
	return nil
}

func newChecker(j *Judgement, o CheckOptions) (*checker, error) {
	f := j.Questions.file
	if err := o.Valid(f); err != nil {
		return nil, err
	}
	c := &checker{Judgement: j, options: o, labels: j.Labels(o.Labels).Values, cluster: clusters(f), votes: f.PassedColumn(o.Votes)}
	if j.Questions.options.Mode == Pair {
		c.pairs = j.Comparisons()
	}
	if known, ok := f.LabelsOf(o.Against); ok {
		c.gold = known.Values
	}
	return c, nil
}

func labelNames(f *answers.File) []string {
	var names []string
	for _, l := range f.Labels {
		names = append(names, l.Name)
	}
	return names
}

// clusters numbers the clusters of the rows. In a file without clusters, rows with equal prompts
// share one.
func clusters(f *answers.File) []int {
	if f.Cluster != nil {
		return eval.ClusterIDs(f.Cluster)
	}
	return eval.ClusterIDs(f.Prompt)
}

// items collects numbers of items with the cluster of each.
type items struct {
	x, y    []float64
	cluster []int // numbered from 0 without gaps
	ids     map[int]int
}

func (s *items) add(x, y float64, cluster int) {
	if s.ids == nil {
		s.ids = map[int]int{}
	}
	id, ok := s.ids[cluster]
	if !ok {
		id = len(s.ids)
		s.ids[cluster] = id
	}
	s.x, s.y, s.cluster = append(s.x, x), append(s.y, y), append(s.cluster, id)
}

// check makes a check of an estimate over the items.
func (s *items) check(name string, e agreement.Estimate, judge func(results.Metric) (results.JudgeState, string)) results.JudgeCheck {
	m := results.Metric{Value: results.Value(e.Value), Lo: results.Value(e.Lo), Hi: results.Value(e.Hi)}
	state, meaning := judge(m)
	return results.JudgeCheck{Name: name, Metric: m, Items: len(s.x), Clusters: len(s.ids), State: state, Meaning: meaning}
}

// mean returns the mean of x, whose values are in [least, most], with its interval.
func (s *items) mean(least, most, confidence float64) agreement.Estimate {
	v, i := eval.Ratio(s.x, nil, eval.MeanExtremes(least, most), s.cluster, confidence)
	return agreement.Estimate{Value: v, Interval: i}
}

// categories turns numbers into categories by a function.
func categories(v []float64, of func(float64) int) []int {
	out := make([]int, len(v))
	for i, x := range v {
		out[i] = of(x)
	}
	return out
}

// sign returns the category of a difference: 0, 1 and 2 for below, at and above zero.
func sign(x float64) int {
	switch {
	case x > 0:
		return 2
	case x < 0:
		return 0
	}
	return 1
}

// repeat compares the labels of questions that were asked twice.
func (c *checker) repeat() ([]results.JudgeCheck, error) {
	var s items
	for i, q := range c.Questions.list {
		if q.of < 0 {
			continue
		}
		if x, y := c.value(q.of), c.value(i); !math.IsNaN(x + y) {
			s.add(x, y, c.cluster[q.row])
		}
	}
	if len(s.x) == 0 {
		return nil, nil
	}
	e, err := agreement.Quadratic(s.x, s.y, s.cluster, c.options.Bootstrap)
	if err != nil {
		return nil, err
	}
	return []results.JudgeCheck{s.check(results.CheckRepeat, e, repeatMeaning)}, nil
}

// position measures how much the judge prefers the answer that it sees first. Every pair is asked
// in both orders, so that which answer is better cancels out.
func (c *checker) position() ([]results.JudgeCheck, error) {
	var first, flips items
	for _, p := range c.pairs {
		if math.IsNaN(p.First) {
			continue
		}
		flip := 0.0
		if p.Flipped {
			flip = 1
		}
		first.add(p.First, 0, c.cluster[p.Row])
		flips.add(flip, 0, c.cluster[p.Row])
	}
	if len(first.x) == 0 {
		return nil, nil
	}
	confidence := c.options.Bootstrap.Confidence
	return []results.JudgeCheck{
		first.check(results.CheckPosition, first.mean(-1, 1, confidence), positionMeaning),
		flips.check(results.CheckFlips, flips.mean(0, 1, confidence), flipMeaning),
	}, nil
}

// unlabelled counts the questions that have no label.
func (c *checker) unlabelled() ([]results.JudgeCheck, error) {
	var s items
	for i, q := range c.Questions.list {
		lost := 0.0
		if c.Replies[i].Kind != Judged {
			lost = 1
		}
		s.add(lost, 0, c.cluster[q.row])
	}
	if len(s.x) == 0 {
		return nil, nil
	}
	e := s.mean(0, 1, c.options.Bootstrap.Confidence)
	return []results.JudgeCheck{s.check(results.CheckUnlabelled, e, func(m results.Metric) (results.JudgeState, string) {
		return lostMeaning(m, text.Plural(c.Usage.Unlabelled, "question"))
	})}, nil
}
