package transfer

import (
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
)

// Row holds the results of one router on all sets.
type Row struct {
	Router  string
	Results []Result
}

// level is the adjusted p value below which a result differs significantly from random.
const level = 0.05

// Sides returns, per set, 1 where the router is significantly better than random, -1 where it is
// significantly worse, and else 0. The p values are adjusted over the sets (Holm 1979).
func (r Row) Sides() []int {
	p := make([]float64, len(r.Results))
	for i, x := range r.Results {
		p[i] = x.P
	}
	out := make([]int, len(p))
	for i, adjusted := range eval.Holm(p) {
		switch x := r.Results[i]; {
		case !(adjusted < level):
		case x.APGR > 0.5:
			out[i] = 1
		default:
			out[i] = -1
		}
	}
	return out
}

// Mean returns the mean APGR over the sets that have one, with its standard error and their number.
// Every set counts alike; sets share no prompts.
func (r Row) Mean() (mean, se float64, sets int) {
	squares := 0.0
	for _, x := range r.Results {
		if !math.IsNaN(x.APGR) {
			mean, squares, sets = mean+x.APGR, squares+float64(x.SE*x.SE), sets+1
		}
	}
	return mean / float64(sets), math.Sqrt(squares) / float64(sets), sets
}

// Summary returns a Markdown table with one line per router: its mean, and on how many sets it is
// significantly better and worse than random.
func Summary(rows []Row) string {
	var s strings.Builder
	s.WriteString("| router | mean APGR | 95 % interval | sets | better than random | worse |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, r := range rows {
		mean, se, sets := r.Mean()
		better, worse := 0, 0
		for _, side := range r.Sides() {
			if side > 0 {
				better++
			} else if side < 0 {
				worse++
			}
		}
		half := 1.96 * se
		fmt.Fprintf(&s, "| %s | %.3f | %.3f to %.3f | %d | %d | %d |\n", r.Router, mean, mean-half, mean+half, sets, better, worse)
	}
	return s.String()
}

// Table returns a Markdown table with one line per set and one column per router. Results that
// differ significantly from random are bold.
func Table(sets []*Set, rows []Row) string {
	var s strings.Builder
	s.WriteString("| prompts | number | pairs | without |")
	for _, r := range rows {
		s.WriteString(" " + r.Router + " |")
	}
	s.WriteString("\n|" + strings.Repeat(" --- |", 4+len(rows)) + "\n")
	sides := make([][]int, len(rows))
	for k, r := range rows {
		sides[k] = r.Sides()
	}
	for i, set := range sets {
		fmt.Fprintf(&s, "| %s | %s | %d | %s |", set.Name, text.Thousands(len(set.Prompts)), len(set.pairs), set.Kin)
		for k, r := range rows {
			s.WriteString(" " + cell(r.Results[i], sides[k][i]) + " |")
		}
		s.WriteString("\n")
	}
	return s.String()
}

func cell(r Result, side int) string {
	switch {
	case math.IsNaN(r.APGR):
		return "?"
	case side == 0:
		return fmt.Sprintf("%.3f ± %.3f", r.APGR, r.Hi-r.APGR)
	}
	return fmt.Sprintf("**%.3f** ± %.3f", r.APGR, r.Hi-r.APGR)
}
