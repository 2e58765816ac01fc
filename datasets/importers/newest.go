package importers

import (
	"cmp"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/text"
)

// run is a file of results that a tool wrote at some time. Of the runs of one group, such as a
// model and a task, the newest counts.
type run[T any] struct {
	group string
	stamp string // time of the run; later ones are larger texts
	path  string
	value T
}

// newest keeps the newest run of each group, in the order of the groups, and says which it left
// out. Runs of one group with the same time are all kept.
func newest[T any](in *input, runs []run[T]) []run[T] {
	slices.SortStableFunc(runs, func(a, b run[T]) int {
		return cmp.Or(strings.Compare(a.group, b.group), strings.Compare(b.stamp, a.stamp), strings.Compare(a.path, b.path))
	})
	var kept []run[T]
	var older []string
	for _, r := range runs {
		if n := len(kept); n > 0 && kept[n-1].group == r.group && kept[n-1].stamp != r.stamp {
			older = append(older, r.path)
			in.unused(r.path)
			continue
		}
		kept = append(kept, r)
	}
	if len(older) > 0 {
		in.Notef("of repeated runs the newest counts; left out %s: %s", text.Plural(len(older), "older file"), text.Sample(older))
	}
	return kept
}
