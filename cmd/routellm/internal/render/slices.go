package render

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// sliceTables has one row per task with the APGR of each router, in as many tables as it takes
// to fit 80 columns; only the first has the qualities. A single router's APGR comes with its
// interval.
func sliceTables(b results.Benchmark, u Unit, i results.Intervals) []*table.Table {
	rest := slicedRouters(b)
	if len(rest) == 1 && i.Method != "none" {
		return []*table.Table{sliceIntervals(rest[0], u, i)}
	}
	var tables []*table.Table
	for len(rest) > 0 {
		n, columns := len(rest), len(SliceHeader())
		if len(tables) > 0 {
			columns = 2
		}
		t := sliceNumbers(rest, u, columns)
		for ; n > 1 && t.Width() > text.Width; n-- {
			t = sliceNumbers(rest[:n-1], u, columns)
		}
		tables, rest = append(tables, t), rest[n:]
	}
	return tables
}

// slicedRouters returns the routers that have slices, without the random one.
func slicedRouters(b results.Benchmark) []results.Router {
	var out []results.Router
	for _, r := range b.Routers {
		if len(r.Slices) > 0 && r.Scores != results.ClosedForm {
			out = append(out, r)
		}
	}
	return out
}

// sliceNumbers has one row per task with the first columns of [SliceCells] and the APGR of each
// router.
func sliceNumbers(routers []results.Router, u Unit, columns int) *table.Table {
	t := &table.Table{Header: SliceHeader()[:columns]}
	for _, r := range routers {
		t.Header = append(t.Header, r.Name)
	}
	for k, s := range routers[0].Slices {
		row := SliceCells(s, u)[:columns]
		for _, r := range routers {
			row = append(row, Number(r.Slices[k].APGR.Value, r))
		}
		t.Add(row...)
	}
	return t
}

// sliceIntervals has one row per task with the APGR of one router and its interval.
func sliceIntervals(r results.Router, u Unit, i results.Intervals) *table.Table {
	t := &table.Table{Header: append(SliceHeader(), "APGR", Confidence(i))}
	for _, s := range r.Slices {
		t.Add(append(SliceCells(s, u), Number(s.APGR.Value, r), Interval(s.APGR, r, ShortNumber))...)
	}
	return t
}

// SliceHeader returns the headers of the cells of [SliceCells].
func SliceHeader() []string { return []string{"task", "n", "strong", "weak", "gap"} }

// SliceCells returns the first cells of a slice's row: its name, size and qualities, and how
// well the gap is established.
func SliceCells(s results.Slice, u Unit) []string {
	name := s.Task
	if s.Tasks > 1 {
		name += fmt.Sprintf(" (%s)", text.Plural(s.Tasks, "task"))
	}
	return []string{name, text.Thousands(s.Samples), u.Quality(s.StrongQuality), u.Quality(s.WeakQuality), sliceGap(s)}
}

// gapWords are the words for the states of a slice's gap.
var gapWords = map[results.GapState]string{
	results.GapEstablished: "ok", results.GapThin: "thin", results.GapNotEstablished: "none", results.GapReversed: "reversed",
}

// few stands for the gap of a slice that has too few clusters for an APGR.
const few = "few"

func sliceGap(s results.Slice) string {
	if s.Clusters > 0 && s.Clusters < eval.MinIntervalClusters {
		return few
	}
	return gapWords[s.GapState]
}

// SliceNotes explains the words in the gap column of a benchmark's slices, and which tasks are
// measured together.
func SliceNotes(b results.Benchmark) []string {
	routers := slicedRouters(b)
	if len(routers) == 0 {
		return nil
	}
	all := routers[0].Slices
	has := func(word string) bool {
		return slices.ContainsFunc(all, func(s results.Slice) bool { return sliceGap(s) == word })
	}
	var notes []string
	for _, n := range []struct{ word, meaning string }{
		{"thin", "below 4 standard errors, APGR may be far off"},
		{"none", "the strong model is not significantly better"},
		{"reversed", "the weak model is significantly better"},
		{few, fmt.Sprintf("fewer than %d independent samples, too few for an APGR", eval.MinIntervalClusters)},
	} {
		if has(n.word) {
			notes = append(notes, "gap "+n.word+": "+n.meaning)
		}
	}
	if last := all[len(all)-1]; last.Tasks > 1 {
		notes = append(notes, last.Task+": the tasks with too few samples, measured together")
	}
	return notes
}
