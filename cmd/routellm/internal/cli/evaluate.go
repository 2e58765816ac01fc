package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
	"github.com/routellm/routellm/routers/scores"
)

// entrant is a router with the name of its row.
type entrant struct {
	spec   registry.Spec
	router routers.Router
}

func openEntrants(values []string, o registry.Options) ([]entrant, error) {
	specs, err := registry.ParseSpecs(values)
	if err != nil {
		return nil, err
	}
	out := make([]entrant, len(specs))
	for i, spec := range specs {
		r, err := registry.Open(spec, o)
		if err != nil {
			return nil, err
		}
		out[i] = entrant{spec, r}
	}
	return out, nil
}

// dropEmbedded takes out those of "all" that have scores of the built-in benchmarks
// only, where another data set is evaluated too.
func dropEmbedded(s streams, entrants []entrant, benches []string) []entrant {
	other := func(name string) bool { _, builtin := benchmarks.Data(name); return !builtin }
	if !slices.ContainsFunc(benches, other) {
		return entrants
	}
	var kept []entrant
	for _, n := range entrants {
		if n.spec.OfAll && n.isEmbedded() {
			fmt.Fprintf(s.err, "note: %s is left out: it has scores of the built-in benchmarks only\n", n.spec.Label)
			continue
		}
		kept = append(kept, n)
	}
	return kept
}

// useCompat replaces routers that have the reference's conventions too.
func useCompat(entrants []entrant) error {
	for i, e := range entrants {
		if c, ok := e.router.(routers.Compatible); ok {
			r, err := c.Compat()
			if err != nil {
				return fmt.Errorf("router %q with the reference's conventions: %w", e.spec.Label, err)
			}
			entrants[i].router = r
		}
	}
	return nil
}

// needsOf joins what the routers need.
func needsOf(entrants []entrant) routers.Needs {
	var all routers.Needs
	for _, e := range entrants {
		n := e.router.Needs()
		all.SHA256 = all.SHA256 || n.SHA256
		all.Text = all.Text || n.Text
		all.Vector = all.Vector || n.Vector
		all.Features = all.Features || n.Features
	}
	return all
}

// kindsOf lists the vectors that the routers need, each kind once.
func kindsOf(entrants []entrant) []vectorKind {
	var kinds []vectorKind
	for _, e := range entrants {
		if k, ok := kindOf(e.router); ok && !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// checkEntrants lets each router compare what it holds with all rows of all
// benchmarks.
func checkEntrants(entrants []entrant, benches []*bench) error {
	var checkers []routers.Checker
	for _, e := range entrants {
		if c, ok := e.router.(routers.Checker); ok {
			checkers = append(checkers, c)
		}
	}
	if len(checkers) == 0 {
		return nil
	}
	var all []routers.Prompt
	for _, b := range benches {
		all = append(all, b.all...)
	}
	for _, c := range checkers {
		if err := c.Check(all); err != nil {
			return err
		}
	}
	return nil
}

// evaluation runs the entrants over benchmarks.
type evaluation struct {
	options  evalOptions
	entrants []entrant
	artifact *calibrated // nil without --artifact
	progress func(done, total int)
	stderr   io.Writer
	files    []result.Input                  // score files that were read
	scores   map[string]map[string][]float64 // benchmark, router: one score an evaluated sample
}

// bench evaluates every router on one benchmark.
func (e *evaluation) bench(ctx context.Context, b *bench) (result.Benchmark, error) {
	meta := b.table.Meta
	out := result.Benchmark{
		Name: b.name, Title: meta.Title, Unit: meta.Unit, Pair: b.pair, Excluded: b.left, Warnings: []string{},
	}
	gap, err := out.Measure(b.subject)
	if err != nil {
		return out, fmt.Errorf("%s: %w", b.name, err)
	}
	if b.leaked > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%d samples are training prompts of a router: the reference keeps them, the exact metrics do not", b.leaked))
	}
	if gap.State == eval.GapReversed {
		return out, reversedGap(b.name, b.pair, gap)
	}
	oracle, err := eval.NewCurve(b.subject.Outcomes, eval.OracleScores(b.subject.Outcomes))
	if err != nil {
		return out, fmt.Errorf("%s: %w", b.name, err)
	}
	for _, n := range e.entrants {
		r, err := e.router(ctx, b, n, gap, oracle.APGR())
		if err != nil {
			return out, fmt.Errorf("router %q on %s: %w", n.spec.Label, b.name, err)
		}
		if m, ok := n.router.(routers.Weighted); ok {
			digest := m.SHA256()
			r.ModelSHA256 = &digest
		}
		out.Routers = append(out.Routers, r)
	}
	if e.artifact != nil {
		out.Routers = append(out.Routers, e.artifact.row(b, e.scores[b.name]))
	}
	if err := e.addBaselines(&out, b, gap, oracle.APGR()); err != nil {
		return out, err
	}
	return out, e.addIntervals(ctx, &out, b)
}

// router evaluates one router.
func (e *evaluation) router(ctx context.Context, b *bench, n entrant, gap eval.Gap, oracle float64) (result.Router, error) {
	if _, ok := n.router.(routers.ClosedForm); ok {
		return e.random(n.spec.Label, b, gap, oracle)
	}
	scores, err := scoresOf(ctx, n.router, b)
	if err != nil {
		return result.Router{}, err
	}
	e.keep(b.name, n.spec.Label, scores)
	if n.spec.IsFile() {
		if err := e.addFile(n); err != nil {
			return result.Router{}, err
		}
	}
	source := n.source()
	if isFixed(n.router) {
		strong := make([]bool, len(scores))
		for i, s := range scores {
			strong[i] = s > 0
		}
		return result.PointRouter(n.spec.Label, source, b.subject, strong), nil
	}
	if e.options.compatMode() {
		c, err := eval.NewCompat(b.subject.Outcomes, scores, e.options.NumResults)
		return e.compat(n.spec.Label, source, c, err)
	}
	r, err := result.CurveRouter(n.spec.Label, source, b.subject, scores, gap, oracle, e.options.points())
	if _, ok := n.router.(routers.OutcomeScorer); ok {
		r.Oracle, r.Warnings = true, []string{} // ties are in the nature of gains of 0/1 quality
	}
	return r, err
}

// source says where the entrant's scores come from.
func (n entrant) source() string {
	switch {
	case n.isEmbedded():
		return "embedded"
	case n.isScoreFile() || n.spec.IsFile() && isFixed(n.router):
		return "file"
	}
	return "live"
}

func (n entrant) isEmbedded() bool { _, ok := n.router.(*scores.Embedded); return ok }

func isFixed(r routers.Router) bool { _, ok := r.(routers.Decider); return ok }

func scoresOf(ctx context.Context, r routers.Router, b *bench) ([]float64, error) {
	if o, ok := r.(routers.OutcomeScorer); ok {
		return o.OutcomeScores(b.subject.Outcomes.Strong, b.subject.Outcomes.Weak), nil
	}
	return r.Scores(ctx, b.prompts(r))
}

func (e *evaluation) random(label string, b *bench, gap eval.Gap, oracle float64) (result.Router, error) {
	if e.options.compatMode() {
		c, err := eval.NewCompatRandom(b.subject.Outcomes, e.options.NumResults)
		return e.compat(label, "live", c, err)
	}
	return result.RandomRouter(label, b.subject, gap, oracle, e.options.points())
}

func (e *evaluation) compat(label, source string, c *eval.Compat, err error) (result.Router, error) {
	var tied *eval.TiedEdgesError
	switch {
	case errors.As(err, &tied):
		return result.Router{}, hint.With(err, "the reference raises here too; the exact metrics, without --compat, take ties",
			"or fewer bins: --num-results K")
	case err != nil:
		return result.Router{}, err
	}
	return result.CompatRouter(label, source, c, e.options.points()), nil
}

// constant marks the routers that look at nothing, always strong and always weak.
const constant = "none"

// addBaselines appends random, where it was not asked for, and both constant
// routers.
func (e *evaluation) addBaselines(out *result.Benchmark, b *bench, gap eval.Gap, oracle float64) error {
	isClosedForm := func(n entrant) bool { _, ok := n.router.(routers.ClosedForm); return ok }
	if !slices.ContainsFunc(e.entrants, isClosedForm) {
		r, err := e.random("random", b, gap, oracle)
		if err != nil {
			return fmt.Errorf("router %q on %s: %w", "random", b.name, err)
		}
		out.Routers = append(out.Routers, r)
	}
	n := b.subject.Outcomes.N()
	always := make([]bool, n)
	for i := range always {
		always[i] = true
	}
	out.Routers = append(out.Routers,
		result.PointRouter("always strong", constant, b.subject, always),
		result.PointRouter("always weak", constant, b.subject, make([]bool, n)))
	return nil
}

// addIntervals computes what the options ask for.
func (e *evaluation) addIntervals(ctx context.Context, out *result.Benchmark, b *bench) error {
	o, err := e.options, error(nil)
	switch {
	case o.bootstraps():
		err = out.Bootstrap(b.subject, o.points(), o.bootstrap(ctx, e.stderr))
	case o.Interval == "influence":
		err = out.Influence(b.subject, o.Confidence)
	}
	if err != nil {
		return fmt.Errorf("intervals on %s: %w", b.name, err)
	}
	return nil
}

func (e *evaluation) keep(bench, router string, scores []float64) {
	if e.scores[bench] == nil {
		e.scores[bench] = map[string][]float64{}
	}
	e.scores[bench][router] = scores
}

// addFile records a router's file among the inputs, once.
func (e *evaluation) addFile(n entrant) error {
	path := n.spec.Arg
	if slices.ContainsFunc(e.files, func(i result.Input) bool { return i.Path == path }) {
		return nil
	}
	if m, ok := n.router.(routers.Weighted); ok { // of which path may be the folder
		e.files = append(e.files, result.Input{Path: path, SHA256: m.SHA256()})
		return nil
	}
	digest, err := datasets.Digest(path)
	if err != nil {
		return err
	}
	e.files = append(e.files, result.Input{Path: path, SHA256: digest})
	return nil
}
