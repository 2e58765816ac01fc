package harness

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/registry"
)

// ScoreSet holds the scores of several routers on the same benchmarks. [Score] makes one,
// and [ReadScoreSet] reads one from a results file.
type ScoreSet struct {
	Name       string             // what errors call the set
	Label      string             // the user's name for a results file; "" for none
	Routers    []string           // the routers' names within the set
	Benchmarks []*ScoredBenchmark // one per benchmark
	Inputs     []results.Input    // files and built-in data that were read
	Document   *results.Document  // the results file; nil for a run
}

// ScoredBenchmark is one benchmark of a [ScoreSet], with one value per evaluated sample in
// each slice.
type ScoredBenchmark struct {
	Name, Title, Unit    string
	Pair                 results.Pair
	Input                results.Input       // the data set
	Unmeasured           *results.Unmeasured // samples left out because a model was not measured; nil if there are none
	Warnings             []string            // warnings about the outcomes
	IDs, Tasks, Clusters []string
	Outcomes             eval.Outcomes
	Costs                *eval.Outcomes // cost of each model's answer in USD; nil if that is not known
	// Gold holds the gold labels, NaN for a sample without, if Outcomes are labels corrected by them.
	Gold       *eval.Outcomes
	Correction *results.Correction // nil without gold labels
	Scores     [][]float64         // [router][sample]; all equal for a random router
	Texts      *SampleTexts        // nil unless [ScoreSet.ReadTexts] found some
}

// Heading returns the benchmark's title, or else its name.
func (s *ScoredBenchmark) Heading() string { return cmp.Or(s.Title, s.Name) }

// pick keeps the samples with the given indices.
func (s *ScoredBenchmark) pick(index []int) {
	s.IDs, s.Tasks, s.Clusters = slicesx.Pick(s.IDs, index), slicesx.Pick(s.Tasks, index), slicesx.Pick(s.Clusters, index)
	s.Outcomes = s.Outcomes.Select(index)
	if s.Costs != nil {
		costs := s.Costs.Select(index)
		s.Costs = &costs
	}
	if s.Gold != nil {
		gold := s.Gold.Select(index)
		s.Gold = &gold
	}
	s.Texts = s.Texts.Pick(index)
	scores := make([][]float64, len(s.Scores))
	for k := range scores {
		scores[k] = slicesx.Pick(s.Scores[k], index)
	}
	s.Scores = scores
}

// samples returns the samples as package measure takes them.
func (s *ScoredBenchmark) samples() measure.Samples {
	return measure.Samples{Outcomes: s.Outcomes, Clusters: eval.ClusterIDs(s.Clusters)}
}

// Contender is one router of a comparison: a row of a [ScoreSet], under its own label.
type Contender struct {
	Label  string
	Set    *ScoreSet
	Router int // index in the set
}

// scores returns the contender's scores on benchmark i of its set.
func (c Contender) scores(i int) []float64 { return c.Set.Benchmarks[i].Scores[c.Router] }

// Operand names what to compare: a results file, or a router as [Open] takes it.
type Operand struct {
	Text   string
	Path   string // the results file; "" for a router
	Label  string // text before the =; "" for none
	Router string // text after the @ of a results file; "" for all its routers
}

// ParseOperand parses [LABEL=]FILE.json[@ROUTER], in which a folder that has results may stand for the
// file, and a folder that ends in a slash for its results. Anything else is a router.
func ParseOperand(text string) Operand {
	a, rest := Operand{Text: text}, text
	if label, after, ok := strings.Cut(text, "="); ok && !strings.ContainsAny(label, `:/\`) {
		a.Label, rest = label, after
	}
	isKind := func(e registry.Entry) bool { return strings.HasSuffix(e.Name, ":") && strings.HasPrefix(rest, e.Name) }
	if slices.ContainsFunc(registry.Entries(), isKind) {
		return a
	}
	const ending = ".json"
	switch at := strings.LastIndex(rest, ending+"@"); {
	case at >= 0:
		a.Path, a.Router = rest[:at+len(ending)], rest[at+len(ending)+1:]
	case strings.HasSuffix(rest, ending):
		a.Path = rest
	default:
		a.Path, a.Router = folderOperand(rest)
	}
	return a
}

// folderOperand parses FOLDER[@ROUTER]. The path is "" for a router, also if a folder has its name.
func folderOperand(text string) (path, router string) {
	names := func(path string) bool {
		if strings.HasSuffix(path, "/") || strings.HasSuffix(path, string(filepath.Separator)) {
			info, err := os.Stat(path)
			return err == nil && info.IsDir()
		}
		isRouter := func(e registry.Entry) bool { return e.Name == path }
		return !slices.ContainsFunc(registry.Entries(), isRouter) && HoldsResults(path)
	}
	if names(text) {
		return text, ""
	}
	if at := strings.LastIndex(text, "@"); at >= 0 && names(text[:at]) {
		return text[:at], text[at+1:]
	}
	return "", ""
}

// Contenders returns the set's routers as contenders. Without a label they have their own
// names. With one they are called LABEL:NAME, or only LABEL if the set has one router.
func (s *ScoreSet) Contenders(label string) []Contender {
	var out []Contender
	for k, name := range s.Routers {
		switch {
		case label != "" && len(s.Routers) == 1:
			name = label
		case label != "":
			name = label + ":" + name
		}
		out = append(out, Contender{name, s, k})
	}
	return out
}

// FolderOf returns the name of the folder that a results file lies in.
func FolderOf(path string) string {
	if dir := filepath.Base(filepath.Dir(path)); dir != "." {
		return dir
	}
	return strings.TrimSuffix(path, ".json")
}

// Distinguish changes the labels of routers that have the same label in several results
// files: it puts the folder's name before them. Labels that are still equal are an error.
func Distinguish(all []Contender) error {
	count := func(label string) (n int) {
		for _, c := range all {
			if c.Label == label {
				n++
			}
		}
		return n
	}
	repeated := map[string]bool{}
	for _, c := range all {
		repeated[c.Label] = count(c.Label) > 1
	}
	for i, c := range all {
		if repeated[c.Label] && strings.HasSuffix(c.Set.Name, ".json") {
			all[i].Label = FolderOf(c.Set.Name) + ":" + c.Label
		}
	}
	for _, c := range all {
		if count(c.Label) > 1 {
			return fmt.Errorf("two routers would be called %q: give a file a label, LABEL=%s", c.Label, c.Set.Name)
		}
	}
	return nil
}

// ScoreSet returns the scores of the evaluation's routers as [ReadScoreSet] would read them from
// its folder. Errors call the set by the given name.
func (e *Evaluation) ScoreSet(name string) (*ScoreSet, error) {
	s := &ScoreSet{Name: name, Document: e.Document}
	var err error
	if s.Routers, err = routersOf(name, e.Document, ""); err != nil {
		return nil, err
	}
	for i, b := range e.benches {
		x := &ScoredBenchmark{
			Name: b.name, Title: e.Document.Benchmarks[i].Title, Unit: b.table.Meta.Unit, Pair: b.pair, Input: b.input, Unmeasured: b.unmeasured,
			IDs: b.SampleIDs(), Tasks: slicesx.Pick(b.table.Task, b.used), Clusters: slicesx.Pick(b.table.Cluster, b.used), Outcomes: b.samples.Outcomes,
			Gold: b.goldOutcomes, Correction: b.correction,
		}
		if c := b.samples.Costs; c != nil {
			x.Costs = &eval.Outcomes{Strong: c.Strong, Weak: c.Weak, Weight: b.samples.Outcomes.Weight}
		}
		for _, router := range s.Routers {
			x.Scores = append(x.Scores, e.Scores(b.name, router))
		}
		s.Benchmarks = append(s.Benchmarks, x)
	}
	return s, nil
}
