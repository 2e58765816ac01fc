package logcmd

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// promised compares the requests of a log with what an artifact says of held-out samples.
type promised struct {
	path     string
	artifact *results.Artifact
	held     *results.HeldOut
	seen     []seen
	others   int // requests that were not decided at the artifact's operating point
}

// seen is a request that was decided at the artifact's operating point.
type seen struct {
	cluster       string // its conversation, or its id
	strong        bool
	model         string  // the model that was asked first
	quality, cost float64 // cost in USD per 1,000 requests; NaN if not known
}

// readPromised reads an artifact with measures on held-out samples.
func readPromised(path string) (*promised, error) {
	a, err := harness.ParseArtifact(path)
	if err != nil {
		return nil, fmt.Errorf("--promised: %w", err)
	}
	if a.HeldOut == nil || len(a.HeldOut.Measures) == 0 {
		return nil, hint.With(fmt.Errorf("--promised %q: says nothing of held-out samples, so it promises nothing", path),
			"calibrate on data with outcomes, or run fit: both write it into the artifact, since this release")
	}
	return &promised{path: path, artifact: a, held: a.HeldOut}, nil
}

// add adds a request of the table.
func (p *promised) add(r row) {
	if p == nil {
		return
	}
	if !p.decided(r) {
		p.others++
		return
	}
	x := seen{cluster: r.Conversation, strong: r.Side == results.Strong, model: r.Model, quality: r.quality, cost: 1000 * orNaN(r.CostUSD)}
	if x.cluster == "" {
		x.cluster = r.ID
	}
	p.seen = append(p.seen, x)
}

// decided reports whether the artifact's operating point decided a request by its score or its
// predictions. Requests whose side was drawn do not count: they are the same share of all prompts.
func (p *promised) decided(r row) bool {
	if r.Reason != results.ReasonScore || !p.sameRouter(r.Identity) {
		return false
	}
	if p.artifact.Pool != nil {
		return r.PoolDecision != nil
	}
	return r.PoolDecision == nil && r.Threshold.Cut() == p.artifact.Cut()
}

// sameRouter reports whether a log's router is the artifact's, as far as the log says.
func (p *promised) sameRouter(of decisionlog.Identity) bool {
	a := p.artifact.Router
	return of == (decisionlog.Identity{}) || of.Same(decisionlog.Identity{Spec: a.Spec, SHA256: a.SHA256, Encoder: a.Encoder, EncoderSHA256: a.EncoderSHA256})
}

// compared is a measure that was promised and seen.
type compared struct {
	name           string
	promised, seen float64
	of             eval.Interval // interval of seen - promised, at the confidence of all rows together
	n              int           // requests that it was seen on
}

// worse reports whether a difference is established that nobody wants: less quality, more strong
// calls, or more dollars.
func (c compared) worse() bool {
	if c.name == "quality" {
		return c.of.Hi < 0
	}
	return c.of.Lo > 0 && !strings.HasPrefix(c.name, "share:")
}

// compare returns the measures that the log can tell, in the order of the artifact.
func (p *promised) compare() []compared {
	var all []compared
	tested := 0
	for _, m := range p.held.Measures {
		if values := p.values(m.Name); len(values.of) > 0 {
			all = append(all, compared{name: m.Name, promised: float64(m.HeldOut), n: len(values.of)})
			if m.Lo.Exists() && m.Hi.Exists() {
				tested++
			}
		}
	}
	for i := range all {
		p.measure(&all[i], 1-(1-float64(p.held.Confidence))/float64(max(tested, 1)))
	}
	return all
}

// measure fills in what was seen, and the interval of the difference at a confidence.
func (p *promised) measure(c *compared, confidence float64) {
	m, values := p.held.Find(c.name), p.values(c.name)
	var now eval.Interval
	c.seen, now = values.mean(confidence)
	wide := eval.NormalQuantile(confidence) / eval.NormalQuantile(float64(p.held.Confidence))
	was := eval.Interval{Lo: c.promised - wide*(c.promised-float64(m.Lo)), Hi: c.promised + wide*(float64(m.Hi)-c.promised)}
	c.of = eval.DifferenceInterval(c.seen, c.promised, now, was)
}

// values are the numbers of a measure, one per request on which it is known.
type values struct {
	share   bool
	of      []float64
	cluster []string
}

// values returns the numbers of a measure; none for one that a log cannot tell.
func (p *promised) values(name string) values {
	v := values{share: name == "strong_fraction" || strings.HasPrefix(name, "share:")}
	for _, x := range p.seen {
		number := math.NaN()
		switch model, isModel := strings.CutPrefix(name, "share:"); {
		case name == "strong_fraction":
			number = number01(x.strong)
		case isModel:
			number = number01(x.model == model)
		case name == "quality":
			number = x.quality
		case name == "cost_usd":
			number = x.cost
		}
		if !math.IsNaN(number) {
			v.of, v.cluster = append(v.of, number), append(v.cluster, x.cluster)
		}
	}
	return v
}

func number01(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// mean returns the mean and its interval.
func (v values) mean(confidence float64) (float64, eval.Interval) {
	clusters := eval.ClusterIDs(v.cluster)
	if v.share {
		hits := make([]bool, len(v.of))
		for i, x := range v.of {
			hits[i] = x == 1
		}
		return eval.Proportion(hits, clusters, confidence)
	}
	lo, hi := eval.QualityRange(eval.Outcomes{Strong: v.of, Weak: v.of}, math.NaN(), math.NaN())
	return eval.Ratio(v.of, nil, eval.MeanExtremes(lo, hi), clusters, confidence)
}

// text returns the comparison as a table with notes, "" without an artifact. verdict is an error if
// the log is worse than what was promised.
func (p *promised) text() (out string, verdict, err error) {
	if p == nil {
		return "", nil, nil
	}
	all := p.compare()
	t := &table.Table{Header: []string{"measure", "requests", "promised", "seen", "difference", fmt.Sprintf("%.4g %%", 100*float64(p.held.Confidence))}}
	for _, c := range all {
		t.Add(append([]string{c.title(), text.Thousands(c.n)}, c.cells()...)...)
	}
	b := bytes.NewBufferString("\n")
	if err := t.Text(b); err != nil {
		return "", nil, err
	}
	b.WriteByte('\n')
	for _, note := range p.notes() {
		fmt.Fprintln(b, text.Wrap(note))
	}
	return b.String(), p.verdict(all), nil
}

// titles holds the names of measures in tables.
var titles = map[string]string{"strong_fraction": "strong calls", "quality": "quality", "cost_usd": "USD per 1,000"}

func (c compared) title() string {
	if title, ok := titles[c.name]; ok {
		return title
	}
	return strings.TrimPrefix(c.name, "share:")
}

// cells returns the numbers of a row.
func (c compared) cells() []string {
	form := func(x float64) string { return fmt.Sprintf("%.4f", x) }
	if c.name != "quality" && c.name != "cost_usd" {
		form = func(x float64) string { return fmt.Sprintf("%.2f %%", 100*x) }
	}
	interval := "?"
	if !math.IsNaN(c.of.Lo) && !math.IsNaN(c.of.Hi) {
		interval = fmt.Sprintf("[%s, %s]", strings.TrimSuffix(form(c.of.Lo), " %"), strings.TrimSuffix(form(c.of.Hi), " %"))
	}
	return []string{form(c.promised), form(c.seen), form(c.seen - c.promised), interval}
}

// notes says what the comparison rests on.
func (p *promised) notes() []string {
	out := []string{fmt.Sprintf("promised: by %q, from %s; difference: seen less promised, with an interval that allows for the luck of both sides and holds for all rows together",
		p.path, text.Plural(p.held.Samples, "held-out sample"))}
	if p.others > 0 {
		out = append(out, fmt.Sprintf("%s %s left out: the artifact's operating point did not decide them", text.Plural(p.others, "request"), text.Agree(p.others, "is", "are")))
	}
	return out
}

// verdict returns an error if the log is worse than what was promised.
func (p *promised) verdict(all []compared) error {
	var worse []string
	for _, c := range all {
		if c.worse() {
			worse = append(worse, fmt.Sprintf("%s %s, promised %s", c.title(), c.cells()[1], c.cells()[0]))
		}
	}
	if worse == nil {
		return nil
	}
	return fault.Wrap(hint.With(errors.New("the log shows less than was promised: "+strings.Join(worse, "; ")),
		"routellm calibrate --from ARTIFACT --drift tests whether the prompts are still like those of the calibration"))
}
