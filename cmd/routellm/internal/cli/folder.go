package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/plots"
)

// file is a file that is ready to be written.
type file struct {
	name string
	data []byte
}

// writeFolder writes everything that eval -o promises. All of it is made before
// the first file is written, so that an error leaves the folder as it was.
func writeFolder(dir string, d *result.Document, benches []*bench, scores map[string]map[string][]float64) error {
	samples, err := samplesFile(benches, d, scores)
	if err != nil {
		return err
	}
	d.Samples = &result.Input{Path: samples.name, SHA256: datasets.DigestBytes(samples.data)}
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
	figures, err := figureFiles(d, benches)
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

// samplesFile is samples.parquet: every evaluated sample of every benchmark with
// both qualities and each router's score; a score is null on the benchmarks
// where the router has none.
func samplesFile(benches []*bench, d *result.Document, scores map[string]map[string][]float64) (file, error) {
	var name, id, task, cluster []string
	var strong, weak []float64
	for _, b := range benches {
		for _, i := range b.used {
			name = append(name, b.name)
			id = append(id, b.table.SampleID[i])
			task = append(task, b.table.Task[i])
			cluster = append(cluster, b.table.Cluster[i])
		}
		strong = append(strong, b.subject.Outcomes.Strong...)
		weak = append(weak, b.subject.Outcomes.Weak...)
	}
	columns := []datasets.AnyColumn{
		{Name: "sample_id", Strings: id}, {Name: "benchmark", Strings: name}, {Name: "task", Strings: task},
		{Name: "cluster", Strings: cluster}, {Name: "quality_strong", Floats: strong}, {Name: "quality_weak", Floats: weak},
	}
	for _, r := range d.Benchmarks[0].Routers {
		if scores[benches[0].name][r.Name] == nil {
			continue
		}
		var column []float64
		for _, b := range benches {
			column = append(column, scores[b.name][r.Name]...)
		}
		columns = append(columns, datasets.AnyColumn{Name: "score:" + r.Name, Floats: column})
	}
	var b bytes.Buffer
	err := datasets.WriteColumns(&b, columns, map[string]string{"routellm.schema_version": "1"})
	return file{"samples.parquet", b.Bytes()}, err
}

// figureFiles draws each benchmark in each format.
func figureFiles(d *result.Document, benches []*bench) ([]file, error) {
	var files []file
	for i, b := range d.Benchmarks {
		figure := curvesFigure(b, benches[i].subject.Outcomes, d.Conventions.Intervals)
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
func curvesFigure(b result.Benchmark, o eval.Outcomes, i result.Intervals) plots.Curves {
	u := unitOf(b)
	c := plots.Curves{
		Title:  fmt.Sprintf("%s: %s / %s, n = %s", titleOf(b), b.Pair.Strong, b.Pair.Weak, thousands(b.Samples)),
		YLabel: u.label, YScale: u.scale,
		Strong: plots.Level{Name: b.Pair.Strong, Quality: float64(b.StrongQuality)},
		Weak:   plots.Level{Name: b.Pair.Weak, Quality: float64(b.WeakQuality)},
		Random: plots.NewBand(eval.NewRandom(o)),
	}
	for _, r := range b.Routers {
		switch {
		case r.Scores == "closed form" || r.Scores == "none": // the band and the levels
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
func routerLine(b result.Benchmark, r result.Router) plots.Line {
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
