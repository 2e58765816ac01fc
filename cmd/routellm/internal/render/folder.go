package render

import (
	"bytes"
	"fmt"
	"io"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
)

// FolderFormats are the formats of the files of eval -o: of its pictures, tables and results.
var FolderFormats = []string{"svg", "png", "pdf", "csv", "tidy", "md", "txt", "json"}

// UsualFormats lists the formats that eval -o and figures -o write by default.
var UsualFormats = []string{"svg", "png", "pdf", "csv", "md", "txt", "json"}

// Has reports whether a format is wanted.
type Has func(format string) bool

// Folder writes the files of eval -o in the formats that are wanted: the result, and a figure per
// benchmark. samples.parquet is written with results.json, which stores its digest. Folder makes all
// files before it writes the first one, so that an error leaves the folder as it was. Of summaries it
// writes summaries.parquet in place of samples.parquet. Figures have the style, and bands of the
// routers that bands chooses.
func Folder(dir string, e *harness.Evaluation, style plots.Style, bands Bands, has Has) error {
	first, err := dataFile(e)
	if err != nil {
		return err
	}
	files := withJSON(has, first)
	documents, err := documentFiles(e.Document, has, Document)
	if err != nil {
		return err
	}
	files = append(files, documents...)
	for i, b := range e.Document.Benchmarks {
		curves := bands.choose(Curves(b, e.Random(i), e.Document.Conventions.Intervals), b)
		figure, err := drawn(b.Name, style, curves, has)
		if err != nil {
			return err
		}
		files = append(files, figure...)
	}
	return cmdutil.WriteFiles(dir, files)
}

// dataFile returns the file of samples, or of summaries, whose digest it stores in the document.
func dataFile(e *harness.Evaluation) (cmdutil.File, error) {
	if e.HasSamples() {
		samples, err := e.SamplesFile()
		return samplesFile(e.Document, samples), err
	}
	data, err := e.SummariesFile()
	e.Document.Summaries = &results.Input{Path: harness.SummariesName, SHA256: datasets.DigestBytes(data)}
	return cmdutil.File{Name: harness.SummariesName, Data: data}, err
}

// samplesFile returns the file of samples, whose digest it stores in the document.
func samplesFile(d *results.Document, samples []byte) cmdutil.File {
	d.Samples = &results.Input{Path: "samples.parquet", SHA256: datasets.DigestBytes(samples)}
	return cmdutil.File{Name: d.Samples.Path, Data: samples}
}

// withJSON returns files that belong to results.json, none if that is not wanted.
func withJSON(has Has, files ...cmdutil.File) []cmdutil.File {
	if !has("json") {
		return nil
	}
	return files
}

// documentFiles returns a document in the formats that are wanted.
func documentFiles(d *results.Document, has Has, write func(w io.Writer, d *results.Document, format string) error) ([]cmdutil.File, error) {
	var files []cmdutil.File
	for _, f := range []struct{ name, chosen, format string }{
		{harness.ResultsName, "json", "json"}, {"results.csv", "csv", "csv"}, {harness.TidyName, "tidy", "tidy"},
		{"results.md", "md", "markdown"}, {"results.txt", "txt", "table"},
	} {
		if !has(f.chosen) {
			continue
		}
		var b bytes.Buffer
		if err := write(&b, d, f.format); err != nil {
			return nil, err
		}
		files = append(files, cmdutil.File{Name: f.name, Data: b.Bytes()})
	}
	return files, nil
}

// Curves returns the figure of a benchmark: quality against strong calls for every router.
func Curves(b results.Benchmark, random eval.Random, i results.Intervals) plots.Curves {
	u := UnitOf(b)
	c := plots.Curves{
		Title:  fmt.Sprintf("%s: %s / %s, n = %s", Title(b), b.Pair.Strong, b.Pair.Weak, text.Thousands(b.Samples)),
		YLabel: u.label, YScale: u.Scale,
		Strong: plots.Level{Name: b.Pair.Strong, Quality: float64(b.StrongQuality)},
		Weak:   plots.Level{Name: b.Pair.Weak, Quality: float64(b.WeakQuality)},
		Random: plots.NewBand(random),
	}
	for _, r := range b.Routers {
		switch {
		case r.Scores == results.ClosedForm || r.Scores == results.NoScores: // drawn as the band and the levels
		case r.Point != nil:
			c.Dots = append(c.Dots, plots.Dot{Name: r.Name, StrongFraction: float64(r.Point.StrongFraction), Quality: float64(r.Point.Quality)})
		default:
			c.Lines = append(c.Lines, routerLine(b, r))
			if len(r.Band) > 0 {
				c.Shade = "shaded: simultaneous " + Confidence(i) + " band"
			}
		}
	}
	return c
}

// routerLine returns a router's curve with its band and its CPT points.
func routerLine(b results.Benchmark, r results.Router) plots.Line {
	line := plots.Line{Name: r.Name, Limit: isOracle(r)}
	for _, p := range r.Curve {
		line.Points = append(line.Points, plots.Point{StrongFraction: float64(p.StrongFraction), Quality: float64(p.Quality)})
	}
	for _, x := range r.Band {
		line.Lo = append(line.Lo, plots.Point{StrongFraction: float64(x.StrongFraction), Quality: float64(x.Lo)})
		line.Hi = append(line.Hi, plots.Point{StrongFraction: float64(x.StrongFraction), Quality: float64(x.Hi)})
	}
	for _, k := range SortedKeys(r.Metrics.CPT) {
		if c := r.Metrics.CPT[k]; c.Value.Exists() {
			share := KeyNumber(k) / 100
			quality := float64(b.WeakQuality) + share*float64(b.StrongQuality-b.WeakQuality)
			line.CPT = append(line.CPT, plots.Marker{Percent: int(KeyNumber(k)), StrongFraction: float64(c.Value), Quality: quality})
		}
	}
	return line
}
