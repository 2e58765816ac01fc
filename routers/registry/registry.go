// Package registry opens routers by their command-line names. Call [ParseSpecs] or
// [ParseSpec] for a [Spec], then [Open]; [Entries] lists all names.
package registry

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/bert"
	"github.com/routellm/routellm/routers/causal"
	"github.com/routellm/routellm/routers/external"
	"github.com/routellm/routellm/routers/knn"
	"github.com/routellm/routellm/routers/length"
	"github.com/routellm/routellm/routers/mf"
	"github.com/routellm/routellm/routers/oracle"
	"github.com/routellm/routellm/routers/random"
	"github.com/routellm/routellm/routers/scores"
	"github.com/routellm/routellm/routers/subject"
	"github.com/routellm/routellm/routers/swranking"
)

// Entry describes a router, or a kind of routers, for help texts and completion.
type Entry struct {
	Name     string   // Name is the name as written; the name of a kind ends in a colon
	Arg      string   // Arg describes what follows the colon, such as "FILE"; "" for none
	Variants []string // Variants are the names allowed after the @; most routers have none
	Summary  string   // Summary is a one-line description
	open     func(Spec, Options) (routers.Router, error)
}

// Options holds what some routers need besides their spec.
type Options struct {
	// Causal configures causal_llm. Without an endpoint, causal_llm uses embedded scores
	// if there are any.
	Causal causal.Options
	// CausalWeights is the folder of the adapter that causal_llm's server has loaded,
	// see [causal.Adapt]; "" if there is none.
	CausalWeights string
	// BERT configures bert:DIR.
	BERT bert.Options
	// Embedded returns a router's embedded scores, by data set; see [scores.Embed].
	Embedded func(router string) map[string][]byte
}

func builtin(r routers.Router) func(Spec, Options) (routers.Router, error) {
	return func(Spec, Options) (routers.Router, error) { return r, nil }
}

// Entries returns every router that Open knows, in the order of help texts.
func Entries() []Entry {
	return []Entry{
		{Name: "random", Summary: "uniformly random scores: the baseline without information", open: builtin(random.Router{})},
		{Name: "length", Summary: "long prompts to the strong model: the baseline to beat", open: builtin(length.Router{})},
		{Name: "mf", Variants: mf.Variants(), Summary: "matrix factorization, trained on votes, grades and correctness; APGR on unseen data: 0.503 (random: 0.5)", open: openMF},
		{Name: "sw_ranking", Variants: swranking.Variants(), Summary: "similarity-weighted ranking of votes, grades and correctness", open: openSW},
		{Name: "knn", Variants: knn.Variants(), Summary: "nearest neighbours among prompts with grades and correctness", open: openKNN},
		{Name: "subject", Summary: "mean gain of a benchmark's subject: a baseline that knows the subjects", open: openSubject},
		{Name: "bert", Summary: "BERT classifier; embedded scores of the benchmarks (live: bert:DIR)", open: openEmbeddedBERT},
		{Name: "causal_llm", Summary: "a language model's label of the prompt; embedded scores of the benchmarks (live: --endpoint, --llm)", open: openCausal},
		{Name: "oracle", Summary: "sees the results: no router can do better", open: builtin(oracle.Router{})},
		{Name: "mf:", Arg: "FILE", Summary: "matrix factorization from FILE or DIR: written by train, or the published weights", open: openMFFile},
		{Name: "sw_ranking:", Arg: "FILE", Summary: "similarity-weighted ranking from FILE, as written by train", open: openSWFile},
		{Name: "knn:", Arg: "FILE", Summary: "nearest neighbours from FILE, as written by train", open: openKNNFile},
		{Name: "subject:", Arg: "FILE", Summary: "subject means from FILE, as written by train", open: openSubjectFile},
		{Name: "linear:", Arg: "FILE", Summary: "several models: ridge regressions from FILE, as written by train", open: openLinear},
		{Name: "cluster:", Arg: "FILE", Summary: "several models: means per cluster from FILE, as written by train", open: openCluster},
		{Name: "bert:", Arg: "DIR", Summary: "BERT classifier in a Hugging Face folder (make build-onnx)", open: openBERT},
		{Name: "scores:", Arg: "FILE", Summary: "scores from FILE (sample_id or prompt_sha256, score or score:MODEL), or FILE#COLUMN", open: openScores},
		{Name: "decisions:", Arg: "FILE", Summary: "decisions from FILE (sample_id or prompt_sha256, decision: strong, weak or a model), or FILE#SETTING", open: openDecisions},
		{Name: "cascade:", Arg: "FILE", Summary: "asks the weak model first, and by its answer the strong one: FILE as written by train; or models in turn until score:MODEL in FILE is high enough, FILE#MODEL,MODEL,... sets the order", open: openCascade},
		{Name: "exec:", Arg: "CMD", Summary: "scores from a program: CMD answers JSON lines (docs/own-router.md)", open: openCommand},
		{Name: "http:", Arg: "//HOST/PATH", Summary: "scores from a server that answers POST requests (docs/own-router.md)", open: openServer},
		{Name: "https:", Arg: "//HOST/PATH", Summary: "scores from a server over TLS", open: openServer},
	}
}

func openMF(s Spec, _ Options) (routers.Router, error)  { return notNil(mf.Builtin(s.Variant)) }
func openSW(s Spec, _ Options) (routers.Router, error)  { return notNil(swranking.Builtin(s.Variant)) }
func openKNN(s Spec, _ Options) (routers.Router, error) { return notNil(knn.Builtin(s.Variant)) }
func openSubject(Spec, Options) (routers.Router, error) { return notNil(subject.Builtin()) }
func openCommand(s Spec, _ Options) (routers.Router, error) {
	return notNil(external.OpenCommand(s.Arg))
}
func openServer(s Spec, _ Options) (routers.Router, error) {
	return notNil(external.OpenServer(s.address()))
}

// openCausal asks the server if there is one, and else uses embedded scores.
func openCausal(_ Spec, o Options) (routers.Router, error) {
	if o.Causal.Endpoint == "" && o.Embedded != nil {
		return embedded("causal_llm", causal.AdapterSHA256, "to score any prompt: --endpoint URL --llm MODEL", o)
	}
	if o.CausalWeights == "" {
		return notNil(causal.New(o.Causal))
	}
	return notNil(causal.Adapt(o.Causal, o.CausalWeights))
}

func openEmbeddedBERT(_ Spec, o Options) (routers.Router, error) {
	if o.Embedded == nil {
		return nil, errors.New("router \"bert\" has no embedded scores")
	}
	return embedded("bert", bert.ModelSHA256, "to score any prompt: --router bert:DIR, in a build with ONNX Runtime", o)
}

// embedded opens the embedded scores of a router that was trained on no other prompts than
// the built-in mf.
func embedded(name, sha256, live string, o Options) (routers.Router, error) {
	e, err := scores.Embed(name, sha256, live, o.Embedded(name))
	if err != nil {
		return nil, err
	}
	m, err := mf.Builtin("")
	if err != nil {
		return nil, err
	}
	return e.WithTraining(m.TrainingPrompts()), nil
}

func openBERT(s Spec, o Options) (routers.Router, error) { return bert.Open(s.Arg, o.BERT) }

func openSWFile(s Spec, _ Options) (routers.Router, error) { return notNil(swranking.Open(s.Arg)) }

// notNil keeps a nil pointer from becoming a non-nil interface.
func notNil[R routers.Router](r R, err error) (routers.Router, error) {
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Open returns the router of a spec. For an unknown name or variant, the error has the
// known ones as a hint.
func Open(s Spec, o Options) (routers.Router, error) {
	want := s.Name
	if s.IsKind {
		want += ":"
	}
	entries := Entries()
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.Name == want })
	if i < 0 {
		err := fmt.Errorf("unknown router %q", want)
		if _, statErr := os.Stat(s.Name); statErr == nil && !s.IsKind {
			return nil, hint.With(err, fmt.Sprintf("%[1]s is a file: data are named by --bench or --data, a router's scores by --router scores:%[1]s", s.Name))
		}
		if s.Name == "static" && !s.IsKind {
			return nil, hint.With(err, "the static mix is a row of every table of eval --models: it is no router to name")
		}
		err = hint.With(err, "routers: "+knownNames(entries))
		return nil, hint.DidYouMean(err, want, similarNames(entries, s.IsKind))
	}
	if s.Variant != "" && !slices.Contains(entries[i].Variants, s.Variant) {
		return nil, unknownVariant(s, entries[i].Variants)
	}
	r, err := entries[i].open(s, o)
	return r, s.hintHub(s.HintList(err))
}

func unknownVariant(s Spec, known []string) error {
	err := fmt.Errorf("router %q has no variant %q", s.Name, s.Variant)
	if len(known) == 0 {
		return err
	}
	return hint.DidYouMean(hint.With(err, "variants: "+strings.Join(known, ", ")), s.Variant, known)
}

// similarNames returns the names of all kinds, or of all routers that are not kinds.
func similarNames(entries []Entry, kinds bool) []string {
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name, ":") == kinds {
			names = append(names, e.Name)
		}
	}
	return names
}

func knownNames(entries []Entry) string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name + e.Arg
	}
	return strings.Join(names, ", ")
}
