package render

import (
	"fmt"
	"io"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
)

// PoolFolder writes the files of eval --models -o, as [Folder] does for two models. optimistic is as
// for [Pools].
func PoolFolder(dir string, e *harness.PoolEvaluation, optimistic bool, style plots.Style, has Has) error {
	samples, err := e.Set.SamplesFile()
	if err != nil {
		return err
	}
	return poolFolder(dir, e.Document, optimistic, style, has, withJSON(has, samplesFile(e.Document, samples))...)
}

// PoolSummaryFolder writes the files of eval --summary -o of routers among several models: those of
// [PoolFolder] but the samples.
func PoolSummaryFolder(dir string, d *results.Document, style plots.Style, has Has) error {
	return poolFolder(dir, d, false, style, has)
}

// poolFolder writes a document and the figures in the formats that are wanted, and the first files.
func poolFolder(dir string, d *results.Document, optimistic bool, style plots.Style, has Has, files ...cmdutil.File) error {
	write := func(w io.Writer, d *results.Document, format string) error { return Pools(w, d, format, optimistic) }
	documents, err := documentFiles(d, has, write)
	if err != nil {
		return err
	}
	files = append(files, documents...)
	for _, p := range d.Pools {
		figure, err := drawn(p.Name, style, PoolFigure(p), has)
		if err != nil {
			return err
		}
		files = append(files, figure...)
	}
	return cmdutil.WriteFiles(dir, files)
}

// PoolFigure returns the figure of a pool: quality against cost for every router, the models, the
// static mix and the oracle.
func PoolFigure(p results.Pool) plots.Pool {
	c, u := costUnitOf(p.Axis), poolUnit(p)
	points := func(path []results.PoolPoint) []plots.CostPoint {
		out := make([]plots.CostPoint, len(path))
		for k, x := range path {
			out[k] = plots.CostPoint{Cost: c.scale * float64(x.Cost), Quality: float64(x.Quality)}
		}
		return out
	}
	f := plots.Pool{
		Title:  fmt.Sprintf("%s: %s, n = %s", poolTitle(p), text.Plural(len(p.Models), "model"), text.Thousands(p.Samples)),
		XLabel: c.name, YLabel: u.label, YScale: u.Scale,
		Static: points(p.Controls.Static), Oracle: points(p.Controls.Oracle),
	}
	for _, m := range p.Models {
		x := plots.PoolModel{Name: m.Name, CostPoint: plots.CostPoint{Cost: c.scale * float64(m.Cost.Value), Quality: float64(m.Quality.Value)}}
		if m.Quality.Lo.Exists() && m.Quality.Hi.Exists() {
			x.Lo, x.Hi = float64(m.Quality.Lo), float64(m.Quality.Hi)
		}
		f.Models = append(f.Models, x)
	}
	for _, r := range p.Routers {
		switch path := points(r.Curve); {
		case r.Oracle: // drawn in any case
		case len(path) == 1:
			f.Dots = append(f.Dots, plots.CostDot{Name: r.Name, CostPoint: path[0]})
		default:
			f.Routers = append(f.Routers, plots.CostLine{Name: r.Name, Points: path})
		}
	}
	return f
}
