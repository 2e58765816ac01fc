package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
)

// file is a file that is ready to be written.
type file struct {
	name string
	data []byte
}

// writeFolder writes everything that eval -o promises. All of it is made before
// the first file is written, so that an error leaves the folder as it was.
func writeFolder(dir string, e *harness.Evaluation) error {
	data, err := e.SamplesFile()
	if err != nil {
		return err
	}
	samples, d := file{"samples.parquet", data}, e.Document
	d.Samples = &results.Input{Path: samples.name, SHA256: datasets.DigestBytes(samples.data)}
	files := []file{samples}
	for _, f := range []struct{ name, format string }{
		{"results.json", "json"}, {"results.csv", "csv"}, {"results.md", "markdown"}, {"results.txt", "table"},
	} {
		var b bytes.Buffer
		if err := writeDocument(&b, d, f.format); err != nil {
			return err
		}
		files = append(files, file{f.name, b.Bytes()})
	}
	figures, err := figureFiles(e)
	if err != nil {
		return err
	}
	return writeFiles(dir, append(files, figures...))
}

func writeFiles(dir string, files []file) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		if err := maybe.WriteFile(filepath.Join(dir, f.name), f.data, 0o644); err != nil {
			return fmt.Errorf("writing %q: %w", f.name, err)
		}
	}
	return nil
}

// writeFile writes one file as writeFiles does.
func writeFile(path string, data []byte) error {
	return writeFiles(filepath.Dir(path), []file{{filepath.Base(path), data}})
}

// figureFiles draws each benchmark in each format.
func figureFiles(e *harness.Evaluation) ([]file, error) {
	var files []file
	for i, b := range e.Document.Benchmarks {
		figure := curvesFigure(b, e.Benchmarks()[i].Outcomes(), e.Document.Conventions.Intervals)
		for _, format := range []plots.Format{plots.SVG, plots.PNG, plots.PDF} {
			var w bytes.Buffer
			if err := figure.Write(&w, format); err != nil {
				return nil, fmt.Errorf("drawing %s: %w", b.Name, err)
			}
			files = append(files, file{b.Name + "." + string(format), w.Bytes()})
		}
	}
	return files, nil
}

// curvesFigure is quality against strong-model calls for every router.
func curvesFigure(b results.Benchmark, o eval.Outcomes, i results.Intervals) plots.Curves {
	u := unitOf(b)
	c := plots.Curves{
		Title:  fmt.Sprintf("%s: %s / %s, n = %s", titleOf(b), b.Pair.Strong, b.Pair.Weak, text.Thousands(b.Samples)),
		YLabel: u.label, YScale: u.scale,
		Strong: plots.Level{Name: b.Pair.Strong, Quality: float64(b.StrongQuality)},
		Weak:   plots.Level{Name: b.Pair.Weak, Quality: float64(b.WeakQuality)},
		Random: plots.NewBand(eval.NewRandom(o)),
	}
	for _, r := range b.Routers {
		switch {
		case r.Scores == results.ClosedForm || r.Scores == results.NoScores: // the band and the levels
		case r.Point != nil:
			c.Dots = append(c.Dots, plots.Dot{Name: r.Name, StrongFraction: float64(r.Point.StrongFraction), Quality: float64(r.Point.Quality)})
		default:
			c.Lines = append(c.Lines, routerLine(b, r))
			if len(r.Band) > 0 {
				c.Shade = "shaded: simultaneous " + levelOf(i) + " band"
			}
		}
	}
	return c
}

// routerLine is a router's curve with its CPT points.
func routerLine(b results.Benchmark, r results.Router) plots.Line {
	line := plots.Line{Name: r.Name}
	for _, p := range r.Curve {
		line.Points = append(line.Points, plots.Point{StrongFraction: float64(p.StrongFraction), Quality: float64(p.Quality)})
	}
	for _, x := range r.Band {
		line.Lo = append(line.Lo, plots.Point{StrongFraction: float64(x.StrongFraction), Quality: float64(x.Lo)})
		line.Hi = append(line.Hi, plots.Point{StrongFraction: float64(x.StrongFraction), Quality: float64(x.Hi)})
	}
	for _, k := range sortedKeys(r.Metrics.CPT) {
		if c := r.Metrics.CPT[k]; c.Value.Exists() {
			share := parseKey(k) / 100
			quality := float64(b.WeakQuality) + share*float64(b.StrongQuality-b.WeakQuality)
			line.CPT = append(line.CPT, plots.Marker{Percent: int(parseKey(k)), StrongFraction: float64(c.Value), Quality: quality})
		}
	}
	return line
}
