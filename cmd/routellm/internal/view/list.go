package view

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// line holds the words of the list about one file.
type line struct{ benchmarks, best, wrong string }

// list answers with the list of all results.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	all, more, err := find(s.paths)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	s.page(w, r, statesOf(all), func(context.Context) (func(io.Writer) error, error) {
		l := report.List{
			Title: "Results", Action: "/diff", Live: live(),
			Notes: []string{text.Plural(len(all), "result") + " below " + strings.Join(s.paths, ", ") + ", the newest first. The list loads itself again when files change."},
		}
		if more {
			l.Notes = append(l.Notes, fmt.Sprintf("There are more than the %s that are listed: name a folder with fewer.", text.Thousands(maxFound)))
		}
		if len(all) == 0 {
			l.Notes = append(l.Notes, "routellm eval -o DIR writes results.")
		}
		for _, f := range all {
			x := s.lineOf(f)
			l.Items = append(l.Items, report.Item{
				Key: f.key, Href: "/r/" + f.key, Name: f.name, Error: x.wrong,
				Cells: []string{f.changed.Format("2006-01-02 15:04:05"), x.benchmarks, x.best},
			})
		}
		return l.HTML, nil
	})
}

// lineOf returns what the list says of a file. It reads each state of a file once.
func (s *Server) lineOf(f found) line {
	s.lock.Lock()
	have, ok := s.lines[f.state()]
	s.lock.Unlock()
	if ok {
		return have
	}
	d, _, err := harness.ReadDocument(f.path)
	made := line{}
	if err != nil {
		made.wrong = err.Error()
	} else {
		made = describe(d)
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if len(s.lines) > 2*maxFound {
		clear(s.lines)
	}
	s.lines[f.state()] = made
	return made
}

// describe names the benchmarks of a document, and the best router on each.
func describe(d *results.Document) line {
	var names, best []string
	for _, b := range d.Benchmarks {
		names = append(names, render.Title(b))
		if r, ok := bestOf(b); ok {
			best = append(best, r.Name+apgr(r))
		} else {
			best = append(best, "none")
		}
	}
	for _, p := range d.Pools {
		names = append(names, render.PoolTitle(p)+", "+text.Plural(len(p.Models), "model"))
		best = append(best, bestOfPool(p))
	}
	return line{benchmarks: strings.Join(names, "; "), best: strings.Join(best, "; ")}
}

// apgr writes a router's APGR with its interval, as far as it has them.
func apgr(r results.Router) string {
	m := r.Metrics.APGR
	switch {
	case !m.Value.Exists():
		return ""
	case !m.Lo.Exists() || !m.Hi.Exists():
		return ", APGR " + render.Number(m.Value, r)
	}
	return ", APGR " + render.Number(m.Value, r) + " " + render.Interval(m, r, render.ShortNumber)
}

// bestOf returns the best router: the one that results mark so, or the only one that has scores.
func bestOf(b results.Benchmark) (results.Router, bool) {
	var only []results.Router
	for _, r := range b.Routers {
		if r.Standing == results.Best {
			return r, true
		}
		if r.Point == nil && r.Scores != results.ClosedForm {
			only = append(only, r)
		}
	}
	if len(only) == 1 {
		return only[0], true
	}
	return results.Router{}, false
}

// bestOfPool names the router with the largest lift.
func bestOfPool(p results.Pool) string {
	best := -1
	for i, r := range p.Routers {
		if !r.Oracle && r.Metrics.Lift.Value.Exists() && (best < 0 || r.Metrics.Lift.Value > p.Routers[best].Metrics.Lift.Value) {
			best = i
		}
	}
	if best < 0 {
		return "none"
	}
	r := p.Routers[best]
	return r.Name + ", lift " + render.PoolUnit(p).Quality(r.Metrics.Lift.Value)
}
