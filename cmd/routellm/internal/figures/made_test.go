package figures

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

// madeUp returns small data of the same form as the real data.
func madeUp(t *testing.T) *Data {
	t.Helper()
	commercial, err := benchmarks.CommercialRouters()
	if err != nil {
		t.Fatal(err)
	}
	d := &Data{Votes: madeUpVotes()}
	for _, name := range benchmarks.Names() {
		d.Benchmarks = append(d.Benchmarks, madeUpBenchmark(t, name, commercial[0].SampleID, Routers(name)))
	}
	for _, p := range Pairs() {
		d.Pairs = append(d.Pairs, madeUpBenchmark(t, p.Benchmark, commercial[0].SampleID, PairRouters()))
	}
	for _, kind := range []training.Kind{training.Arena, training.Judge, training.Gold} {
		d.Trained = append(d.Trained, &training.Source{Kind: kind, Prompts: []routers.Prompt{{Vector: []float32{1, 0.5}}, {Vector: []float32{-1, 2}}}})
	}
	return d
}

func madeUpBenchmark(t *testing.T, name string, ids, names []string) EvaluatedBenchmark {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, uint64(len(name))))
	s := EvaluatedBenchmark{Samples: ids, N: fmt.Sprint(len(ids))}
	s.Benchmark = results.Benchmark{Name: name, Title: strings.ToUpper(name), Samples: len(ids), Pair: results.Pair{Strong: "big", Weak: "small"}}
	for i := range ids {
		weak := 5 + 3*rng.Float64()
		s.Outcomes.Strong = append(s.Outcomes.Strong, weak+1.5*rng.Float64())
		s.Outcomes.Weak = append(s.Outcomes.Weak, weak)
		s.Clusters = append(s.Clusters, i)
		s.Vectors = append(s.Vectors, []float32{rng.Float32(), 1})
	}
	strong, weak := s.Outcomes.Means()
	s.Curves = plots.Curves{YLabel: "quality", Strong: plots.Level{Name: "big", Quality: strong}, Weak: plots.Level{Name: "small", Quality: weak}}
	for _, router := range names {
		scores := make([]float64, len(ids))
		for i := range scores {
			scores[i] = rng.Float64()
		}
		c, err := eval.NewCurve(s.Outcomes, scores)
		if err != nil {
			t.Fatal(err)
		}
		line := plots.Line{Name: router}
		for _, v := range c.Vertices {
			line.Points = append(line.Points, plots.Point{StrongFraction: v.StrongFraction, Quality: v.Quality})
		}
		s.Routers, s.Scores, s.Curves.Lines = append(s.Routers, router), append(s.Scores, scores), append(s.Curves.Lines, line)
	}
	return s
}

// madeUpVotes returns votes in which one model mostly wins and another never does.
func madeUpVotes() *datasets.Table {
	t := &datasets.Table{}
	for i := range 90 {
		a, b := "gpt-4-1106-preview", "mixtral-8x7b-instruct-v0.1"
		winner := []string{"model_a", "model_a", "tie_or_model_b", "tie", "model_b"}[i%5]
		if i%3 == 0 {
			a, winner = "hopeless", "model_b"
		}
		t.ModelA, t.ModelB, t.Winner = append(t.ModelA, a), append(t.ModelB, b), append(t.Winner, winner)
		t.Cluster = append(t.Cluster, fmt.Sprint(i/2))
	}
	return t
}

var boot = eval.Bootstrap{Resamples: 60, Confidence: 0.95, Seed: 1}

// drawing draws as the command does, with fewer pixels.
var drawing = Drawing{Style: smallStyle(), Formats: plots.Formats(), Has: func(string) bool { return true }}

func smallStyle() plots.Style {
	s := plots.DefaultStyle()
	s.PNGScale = 0.5
	return s
}

// made holds what makeOnce returned.
var made *Made

// makeOnce returns what makeAll does, and makes it only once.
func makeOnce(t *testing.T) *Made {
	t.Helper()
	if made == nil {
		made = makeAll(t)
	}
	return made
}

func makeAll(t *testing.T) *Made {
	t.Helper()
	done, total := 0, 0
	made, err := Make(context.Background(), madeUp(t), boot, drawing, func(d, n int) { done, total = d, n })
	if err != nil {
		t.Fatal(err)
	}
	if done != total || total != 6*boot.Resamples {
		t.Errorf("progress ends at %d of %d", done, total)
	}
	return made
}

// TestMake checks every file: pictures decode, tables have rows, and the page links to all
// files and to no others.
func TestMake(t *testing.T) {
	made := makeOnce(t)
	files, page := map[string]bool{}, ""
	for _, f := range made.Files {
		files[f.Name] = true
		switch {
		case f.Name == "figures.md":
			page = string(f.Data)
		case strings.HasSuffix(f.Name, ".png"):
			if _, err := png.Decode(bytes.NewReader(f.Data)); err != nil {
				t.Errorf("%s: %v", f.Name, err)
			}
		case bytes.Count(f.Data, []byte("\n")) < 3:
			t.Errorf("%s: %d bytes", f.Name, len(f.Data))
		}
	}
	linked := map[string]bool{"figures.md": true, "figures.txt": true, "figures.json": true}
	for _, m := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(page, -1) {
		linked[m[1]] = true
		if !files[m[1]] {
			t.Errorf("the page links to %s, which is not made", m[1])
		}
	}
	for name := range files {
		if !linked[name] {
			t.Errorf("the page does not link to %s", name)
		}
	}
	for i := range 7 {
		for _, want := range []string{fmt.Sprintf("## Figure %d: ", i+1), fmt.Sprintf("## Table %d: ", i+1)} {
			if strings.Count(page, want) != 1 {
				t.Errorf("the page does not have %q once", want)
			}
		}
	}
	if len(made.Claims.Rows) != 8 {
		t.Errorf("%d claims", len(made.Claims.Rows))
	}
}

// TestMakeSome expects only the files of the formats that are wanted, and a page that links to no others.
func TestMakeSome(t *testing.T) {
	some := Drawing{Style: smallStyle(), Formats: []plots.Format{plots.PDF}, Has: func(format string) bool { return format == "md" || format == "json" }}
	made, err := Make(context.Background(), madeUp(t), boot, some, func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range made.Files {
		switch filepath.Ext(f.Name) {
		case ".pdf":
		case ".md":
			if bytes.Contains(f.Data, []byte("[numbers]")) || !bytes.Contains(f.Data, []byte("(figure-1.pdf)")) {
				t.Errorf("%s links to other files", f.Name)
			}
		case ".json":
			var all []numbersOf
			if err := json.Unmarshal(f.Data, &all); err != nil || len(all) < 14 {
				t.Errorf("%d figures and tables: %v", len(all), err)
			}
		default:
			if f.Name == "unify.csv" { // decisions, to which the page links
				continue
			}
			t.Errorf("%s is not wanted", f.Name)
		}
	}
}

// TestTyped expects numbers where a column has only numbers, and texts elsewhere.
func TestTyped(t *testing.T) {
	x := table.Table{Header: []string{"name", "n", "calls"}}
	x.Add("3", "0.5", "inf")
	x.Add("b", "", "1e-7")
	if got := fmt.Sprint(typed(x)); got != "[[3 0.5 inf] [b <nil> 1e-07]]" {
		t.Error(got)
	}
	if _, isText := typed(x)[0][0].(string); !isText {
		t.Error("a column with texts has a number")
	}
}

// TestMakeAgain expects the same bytes on one core as on several.
func TestMakeAgain(t *testing.T) {
	want := makeOnce(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	got := makeAll(t)
	for i, f := range want.Files {
		if !bytes.Equal(f.Data, got.Files[i].Data) {
			t.Errorf("%s: the bytes differ on one core", f.Name)
		}
	}
}

func TestMakeStops(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if made, err := Make(ctx, madeUp(t), boot, drawing, func(int, int) {}); !errors.Is(err, context.Canceled) || made != nil {
		t.Errorf("%v, %v", made, err)
	}
}

// TestEveryRouterIsEvaluated expects the routers of other pairs, which reuse the
// benchmarks' scores, and the routers that answer claims among those evaluated.
func TestEveryRouterIsEvaluated(t *testing.T) {
	for _, p := range Pairs() {
		for _, name := range PairRouters() {
			if !slices.Contains(Routers(p.Benchmark), name) {
				t.Errorf("%s is not evaluated on %s", name, p.Benchmark)
			}
		}
	}
	for bench, name := range best {
		if !slices.Contains(Routers(bench), name) {
			t.Errorf("%s is not evaluated on %s", name, bench)
		}
	}
	for _, name := range commercialLines {
		if !slices.Contains(Routers("mt-bench"), name) {
			t.Errorf("%s is not evaluated on mt-bench", name)
		}
	}
}

// TestMissingGrade expects an error that names the question without a commercial grade.
func TestMissingGrade(t *testing.T) {
	d := madeUp(t)
	d.Benchmarks[0].Samples = append([]string{"mt-bench/0"}, d.Benchmarks[0].Samples[1:]...)
	_, err := Make(context.Background(), d, boot, drawing, func(int, int) {})
	if err == nil || !strings.Contains(err.Error(), `the recorded grades of unify lack question "mt-bench/0"`) {
		t.Errorf("error %v", err)
	}
}

// TestRoutersLookTheSameInEveryFigure: the colour of each router in a figure is that of its look.
func TestRoutersLookTheSameInEveryFigure(t *testing.T) {
	shown := map[string][]string{"figure-3.svg": {"mf@judge", "knn", "bert"}, "figure-4.svg": {"mf@gold", "knn", "bert"}, "figure-6.svg": {"mf@judge", "knn"}, "figure-7.svg": {"mf", "knn", "bert"}}
	for _, f := range makeOnce(t).Files {
		for _, name := range shown[f.Name] {
			c := plots.LookOf(name).Colour
			if colour := fmt.Sprintf("stroke:#%02X%02X%02X", c.R, c.G, c.B); !bytes.Contains(f.Data, []byte(colour)) {
				t.Errorf("%s: %s is not drawn in its colour, %s", f.Name, name, colour)
			}
		}
		delete(shown, f.Name)
	}
	if len(shown) > 0 {
		t.Errorf("these figures are not made: %v", shown)
	}
}

// TestBenchmarkFiguresHaveTwoPanels: figures 3 to 5 are one picture of two panels each, with the same
// axis.
func TestBenchmarkFiguresHaveTwoPanels(t *testing.T) {
	d := madeUp(t)
	for i := range d.Benchmarks {
		f := benchmarkFigure(3+i, &d.Benchmarks[i])
		p, ok := f.picture.Figure.(plots.Panels)
		if !ok || len(p.Panels) != 2 || !p.SameY {
			t.Errorf("%s: %T, want two panels with the same axis", f.name, f.picture.Figure)
		}
	}
}
