package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/routers/registry"
)

// lineup is routers and their scores on benchmarks, from one results file or from one
// run.
type lineup struct {
	name    string           // what errors call it
	label   string           // what a report's reader calls it; "" for no name of its own
	routers []string         // names within the lineup
	benches []*contest       // one a benchmark
	inputs  []result.Input   // what was read
	doc     *result.Document // the results file; nil for a run
}

// contest is one benchmark of a lineup: what is known of each evaluated sample.
type contest struct {
	name, title, unit    string
	pair                 result.Pair
	input                result.Input // the data set
	ids, tasks, clusters []string
	outcomes             eval.Outcomes
	scores               [][]float64 // [router][sample]
}

// pick keeps the samples with the given indices.
func (s *contest) pick(index []int) {
	s.ids, s.tasks, s.clusters = slicesx.Pick(s.ids, index), slicesx.Pick(s.tasks, index), slicesx.Pick(s.clusters, index)
	s.outcomes = s.outcomes.Select(index)
	scores := make([][]float64, len(s.scores))
	for k := range scores {
		scores[k] = slicesx.Pick(s.scores[k], index)
	}
	s.scores = scores
}

// contender is one row of the comparison: a router of a lineup.
type contender struct {
	label  string
	lineup *lineup
	router int
}

// argument is one argument of compare: a results file, or a router as --router has it.
type argument struct {
	text   string
	path   string // of a results file; "" for a router
	label  string // before the =
	router string // after the @ of a results file; "" for all
}

// parseArgument reads [LABEL=]FILE.json[@ROUTER]. Anything else is a router.
func parseArgument(text string) argument {
	a, rest := argument{text: text}, text
	if label, after, ok := strings.Cut(text, "="); ok && !strings.ContainsAny(label, `:/\`) {
		a.label, rest = label, after
	}
	isKind := func(e registry.Entry) bool { return strings.HasSuffix(e.Name, ":") && strings.HasPrefix(rest, e.Name) }
	if slices.ContainsFunc(registry.Entries(), isKind) {
		return a
	}
	const ending = ".json"
	switch at := strings.LastIndex(rest, ending+"@"); {
	case at >= 0:
		a.path, a.router = rest[:at+len(ending)], rest[at+len(ending)+1:]
	case strings.HasSuffix(rest, ending):
		a.path = rest
	}
	return a
}

// contenders names the routers of a results file: by their own names, below the label if
// there is one, alone under it where the file gives one router.
func (a argument) contenders(l *lineup) []contender {
	var out []contender
	for k, name := range l.routers {
		switch {
		case a.label != "" && len(l.routers) == 1:
			name = a.label
		case a.label != "":
			name = a.label + ":" + name
		}
		out = append(out, contender{name, l, k})
	}
	return out
}

// folderOf is the name of the folder that a results file lies in.
func folderOf(path string) string {
	if dir := filepath.Base(filepath.Dir(path)); dir != "." {
		return dir
	}
	return strings.TrimSuffix(path, ".json")
}

// tellApart puts the folder's name before routers of the same name in several files.
func tellApart(all []contender) error {
	count := func(label string) (n int) {
		for _, c := range all {
			if c.label == label {
				n++
			}
		}
		return n
	}
	repeated := map[string]bool{}
	for _, c := range all {
		repeated[c.label] = count(c.label) > 1
	}
	for i, c := range all {
		if repeated[c.label] && strings.HasSuffix(c.lineup.name, ".json") {
			all[i].label = folderOf(c.lineup.name) + ":" + c.label
		}
	}
	for _, c := range all {
		if count(c.label) > 1 {
			return fmt.Errorf("two routers would be called %q: give a file a label, LABEL=%s", c.label, c.lineup.name)
		}
	}
	return nil
}
