package harness

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets/importers"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
	"github.com/routellm/routellm/routers/scores"
)

// Router is a router that takes part in an evaluation, with the name of its row.
type Router struct {
	Spec registry.Spec
	routers.Router
}

// RouterOptions holds what some routers need besides their name, such as the server of
// causal_llm. The zero value opens every router that needs none.
type RouterOptions = registry.Options

// Open opens routers by name, as written for --router: "mf", "mf@judge",
// "mine=mf:FILE", "scores:FILE". Comma-separated lists and "all" are allowed. Two
// routers of the same label are an error.
func Open(names []string, o RouterOptions) ([]Router, error) {
	specs, err := registry.ParseSpecs(names)
	if err != nil {
		return nil, err
	}
	out := make([]Router, len(specs))
	for i, spec := range specs {
		if out[i], err = openSpec(spec, o); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// OpenOne opens the one router that name stands for.
func OpenOne(name string, o RouterOptions) (Router, error) {
	spec, err := oneSpec(name)
	if err != nil {
		return Router{}, err
	}
	return openSpec(spec, o)
}

// Own returns a router of your own under the given label, for [Load] and every function
// that takes a [Router].
func Own(label string, r routers.Router) Router {
	return Router{Spec: registry.Spec{Label: label, Name: label}, Router: r}
}

// oneSpec reads the name of a single router.
func oneSpec(name string) (registry.Spec, error) {
	specs, err := registry.ParseSpecs([]string{name})
	if err == nil && len(specs) != 1 {
		err = fmt.Errorf("router %q stands for %s, expected one", name, text.Plural(len(specs), "router"))
	}
	if err != nil {
		return registry.Spec{}, err
	}
	return specs[0], nil
}

// openSpec opens a router. Unless the options bring other embedded scores, it uses the
// built-in ones.
func openSpec(spec registry.Spec, o RouterOptions) (Router, error) {
	if o.Embedded == nil {
		o.Embedded = benchmarks.Scores
	}
	r, err := registry.Open(spec, o)
	return Router{Spec: spec, Router: r}, hintDecisions(spec, err)
}

// hintDecisions adds a hint to the error about a file of decisions that is an evaluation tool's.
func hintDecisions(spec registry.Spec, err error) error {
	if err == nil || spec.Name != "decisions" {
		return err
	}
	tool, found := importers.Detect(spec.Arg)
	if !found || !slices.Contains(tool.Uses, "decisions") {
		return err
	}
	return hint.With(err, fmt.Sprintf("a file of %s: routellm datasets import %s %s --decisions decisions.csv makes one", tool.Title, tool.Name, spec.Arg))
}

// isScoreFile reports whether the router is a file of scores.
func (r Router) isScoreFile() bool { return r.Spec.IsKind && r.Spec.Name == "scores" }

func (r Router) isEmbedded() bool { _, ok := r.Router.(*scores.Embedded); return ok }

func (r Router) isClosedForm() bool { _, ok := routers.As[routers.ClosedForm](r.Router); return ok }

func (r Router) isDecider() bool { _, ok := routers.As[routers.Decider](r.Router); return ok }

// looksAtAnswers reports whether the router is a cascade that looks at the weak model's answer.
func (r Router) looksAtAnswers() bool {
	_, ok := routers.As[routers.AnswerRouter](r.Router)
	return ok
}

// isDataFile reports whether the router looks up what another program wrote per prompt.
func (r Router) isDataFile() bool {
	if r.looksAtAnswers() {
		return false // a trained cascade
	}
	return r.Spec.IsKind && slices.Contains([]string{"scores", "decisions", "cascade"}, r.Spec.Name)
}

// ForPair returns the router with scores for a pair of models. A router that chooses between two
// models stays as it is; one that predicts several models, or decides among them, must know both.
func (r Router) ForPair(pair results.Pair) (Router, error) {
	u, ok := r.Router.(routers.Unpaired)
	if !ok {
		return r, nil
	}
	bound, err := u.ForPair(pair.Strong, pair.Weak)
	if err != nil {
		return r, fmt.Errorf("router %q: %w", r.Spec.Label, err)
	}
	return Router{Spec: r.Spec, Router: bound}, nil
}

// source returns where the router's scores come from.
func (r Router) source() results.Source {
	switch {
	case r.isEmbedded():
		return results.Embedded
	case r.isDataFile():
		return results.File
	}
	return results.Live
}

// OpenFor opens routers for the named benchmarks. If one of the benchmarks is not built in,
// OpenFor leaves out those members of "all" that have scores of the built-in ones only.
func OpenFor(benches, names []string, o RouterOptions, f Feedback) ([]Router, error) {
	rs, err := Open(names, o)
	if err != nil {
		return nil, err
	}
	benches, err = BenchmarkNames(benches)
	if err != nil {
		return nil, err
	}
	foreign := func(name string) bool { _, builtin := benchmarks.Data(name); return !builtin }
	if !slices.ContainsFunc(benches, foreign) {
		return rs, nil
	}
	return slices.DeleteFunc(rs, func(r Router) bool {
		drop := r.Spec.OfAll && r.isEmbedded()
		if drop {
			f.note("%s is left out: it has scores of the built-in benchmarks only", r.Spec.Label)
		}
		return drop
	}), nil
}

// needsOf returns everything that at least one of the routers needs.
func needsOf(rs []Router) routers.Needs {
	var all routers.Needs
	for _, r := range rs {
		n := r.Needs()
		all.SHA256 = all.SHA256 || n.SHA256
		all.Text = all.Text || n.Text
		all.Vector = all.Vector || n.Vector
		all.Features = all.Features || n.Features
		all.Cues = all.Cues || n.Cues
	}
	return all
}

// checkScores refuses a router that cannot score prompts.
func checkScores(r Router) error {
	if _, ok := routers.As[routers.OutcomeScorer](r.Router); ok {
		return fmt.Errorf("router %q needs outcomes and has no scores without them", r.Spec.Label)
	}
	if r.isDecider() {
		return fmt.Errorf("router %q makes decisions and has no scores", r.Spec.Label)
	}
	return nil
}
