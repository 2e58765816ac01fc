package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
)

// Bands says which routers have bands in figures: "best", "all", "none", or names separated by
// commas. "" stands for best.
type Bands string

// The values of [Bands] that are not names of routers.
const (
	BestBand Bands = "best" // the router with the highest APGR, but not the oracle
	AllBands Bands = "all"
	NoBands  Bands = "none"
)

// choose returns the figure of a benchmark without the bands of the other routers, which would cover
// each other. The legend names the router that has a band if there is only one.
func (s Bands) choose(c plots.Curves, b results.Benchmark) plots.Curves {
	chosen := s.names(b)
	var with []string
	for i := range c.Lines {
		l := &c.Lines[i]
		if s != AllBands && !slices.Contains(chosen, l.Name) {
			l.Lo, l.Hi = nil, nil
		}
		if len(l.Lo) > 0 {
			with = append(with, l.Name)
		}
	}
	switch {
	case len(with) == 0:
		c.Shade = ""
	case len(with) == 1:
		c.Shade = with[0] + ": " + strings.TrimPrefix(c.Shade, "shaded: ")
	}
	return c
}

// names returns the routers of a benchmark that have bands, unless all have.
func (s Bands) names(b results.Benchmark) []string {
	switch s {
	case BestBand, "":
		return bestRouter(b)
	case AllBands, NoBands:
		return nil
	}
	return strings.Split(string(s), ",")
}

// Check returns an error for a name that is not a router of any benchmark.
func (s Bands) Check(d *results.Document) error {
	var known []string
	for _, b := range d.Benchmarks {
		for _, r := range b.Routers {
			if !slices.Contains(known, r.Name) {
				known = append(known, r.Name)
			}
		}
	}
	for _, name := range s.names(results.Benchmark{}) {
		if !slices.Contains(known, name) {
			return hint.With(fmt.Errorf("--band %s: %q is not one of the evaluated routers: %s", s, name, strings.Join(known, ", ")),
				"or best, all or none")
		}
	}
	return nil
}

// bestRouter returns the name of the router that the table marks as the best or, if it marks none,
// that with the highest APGR.
func bestRouter(b results.Benchmark) []string {
	var best []string
	top := results.Missing
	for _, r := range b.Routers {
		if r.Standing == results.Best {
			return []string{r.Name}
		}
		if v := r.Metrics.APGR.Value; len(r.Band) > 0 && !isOracle(r) && (best == nil || v > top) {
			best, top = []string{r.Name}, v
		}
	}
	return best
}

// isOracle reports whether a router gets all that any router can: its headroom is 1.
func isOracle(r results.Router) bool {
	return r.Name == "oracle" || r.Metrics.Headroom.Value.Exists() && float64(r.Metrics.Headroom.Value) > 1-1e-9
}
