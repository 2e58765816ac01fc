package transfer

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers/registry"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/results.md")

const (
	page   = "../../docs/results.md"
	shared = "../../../shared/data"
)

// builtinSets reads the sets; it skips the test without them.
func builtinSets(t *testing.T) []*Set {
	t.Helper()
	if _, err := os.Stat(shared); errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: no ../shared")
	}
	sets, err := Read(shared)
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

// TestTransferTables compares the tables of docs/results.md, which make transfer writes, with what
// the program computes. Unless nightly or with -update, it compares only the router length, which
// is not trained.
func TestTransferTables(t *testing.T) {
	sets := builtinSets(t)
	ctx := context.Background()
	length, err := Length(ctx, sets)
	if err != nil {
		t.Fatal(err)
	}
	rows := []Row{{"length", length}}
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !*update && os.Getenv("ROUTELLM_NIGHTLY") != "1" {
		checkLength(t, string(raw), sets, rows)
		return
	}
	for _, recipe := range Builtin() {
		found, err := recipe.Run(ctx, sets)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, Row{recipe.Name, found})
	}
	want := place(t, place(t, string(raw), "summary", Summary(rows)), "sets", Table(sets, defaults(rows)))
	if want == string(raw) {
		return
	}
	if !*update {
		t.Fatalf("the tables of %s are not what the program computes: make transfer\n%s", page, want)
	}
	if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// defaults returns the rows of routers without variants.
func defaults(rows []Row) []Row {
	var out []Row
	for _, r := range rows {
		if !strings.Contains(r.Router, "@") {
			out = append(out, r)
		}
	}
	return out
}

// place puts a table between its marks on the page.
func place(t *testing.T, page, name, table string) string {
	t.Helper()
	marks := regexp.MustCompile(`(?s)(<!-- transfer: ` + name + ` -->\n).*?(<!-- end -->)`)
	if !marks.MatchString(page) {
		t.Fatalf("no place for the table %q", name)
	}
	return marks.ReplaceAllLiteralString(page, "<!-- transfer: "+name+" -->\n\n"+table+"\n<!-- end -->")
}

// checkLength checks that the page has the length's line of the summary and, per set, its cell.
func checkLength(t *testing.T, page string, sets []*Set, rows []Row) {
	t.Helper()
	want := strings.Split(strings.TrimSpace(Summary(rows)), "\n")[2:]
	for _, line := range strings.Split(strings.TrimSpace(Table(sets, rows)), "\n")[2:] {
		want = append(want, strings.TrimSpace(line))
	}
	for _, line := range want {
		if !strings.Contains(page, "\n"+line) {
			t.Errorf("no line %q on the page: make transfer", line)
		}
	}
}

// tiny returns a set of three models, two of which are always right, and the third on every other
// prompt.
func tiny() *Set {
	s := &Set{Name: "tiny"}
	for i := range 40 {
		quality := map[string]float64{"strong": 1, "weak": 0, "GPT": 1, "gpt-4-1106-preview": 1}
		if i%2 == 0 {
			quality["weak"] = 1
		}
		if i == 3 {
			delete(quality, "GPT")
		}
		s.add("p", strings.Repeat("word ", i+1), quality)
	}
	return s
}

func TestMeasure(t *testing.T) {
	s := tiny()
	if err := s.finish(); err != nil {
		t.Fatal(err)
	}
	if len(s.Columns) != 3 || len(s.pairs) != 2 {
		t.Fatalf("%d models and %d pairs, want 3 and 2: the pair's own model is left out, and two equal models are no pair", len(s.Columns), len(s.pairs))
	}
	oracle, constant := make([]float64, 40), make([]float64, 40)
	for i := range oracle {
		oracle[i] = float64(i % 2)
	}
	best, err := Measure(s, oracle)
	if err != nil || !(best.APGR > 0.74) || !(best.P < 1e-6) || !(best.Lo > 0.6) {
		t.Errorf("%+v, %v: the oracle of gains in half of the prompts has APGR 0.75", best, err)
	}
	none, err := Measure(s, constant)
	if err != nil || math.Abs(none.APGR-0.5) > 1e-12 || !(none.P > 0.99) {
		t.Errorf("%+v, %v: equal scores are random", none, err)
	}
}

// TestMeasureAgainstResamples compares the standard error with that of resampled prompts.
func TestMeasureAgainstResamples(t *testing.T) {
	s := tiny()
	if err := s.finish(); err != nil {
		t.Fatal(err)
	}
	scores := make([]float64, len(s.Prompts))
	for i := range scores {
		scores[i] = math.Mod(float64(i*7), 11) + float64(i%2)
	}
	got, err := Measure(s, scores)
	if err != nil {
		t.Fatal(err)
	}
	sum, squares, n := 0.0, 0.0, 400.0
	rng := rand.New(rand.NewPCG(1, 1))
	for range int(n) {
		again, drawn := &Set{}, []float64{}
		for k := range s.Prompts {
			i := rng.IntN(len(s.Prompts))
			quality := map[string]float64{}
			for _, c := range s.Columns {
				if !math.IsNaN(c.Quality[i]) {
					quality[c.Model] = c.Quality[i]
				}
			}
			again.add("p", strings.Repeat("x", k+1), quality)
			drawn = append(drawn, scores[i])
		}
		if err := again.finish(); err != nil {
			t.Fatal(err)
		}
		x, err := Measure(again, drawn)
		if err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(x.APGR) {
			n--
			continue
		}
		sum, squares = sum+x.APGR, squares+x.APGR*x.APGR
	}
	if sd := math.Sqrt(squares/n - sum/n*sum/n); got.SE < 0.7*sd || got.SE > 1.4*sd {
		t.Errorf("standard error %v, and %v over resamples", got.SE, sd)
	}
}

func TestRows(t *testing.T) {
	r := Row{"r", []Result{{1, 0.6, 0.01, 0.58, 0.62, 1e-9}, missing(0), {1, 0.4, 0.01, 0.38, 0.42, 0.02}, {1, 0.4, 0.01, 0.38, 0.42, 0.04}}}
	want := []int{1, 0, -1, -1}
	for i, side := range r.Sides() {
		if side != want[i] {
			t.Errorf("set %d: side %d, want %d", i, side, want[i])
		}
	}
	if mean, se, n := r.Mean(); math.Abs(mean-1.4/3) > 1e-12 || math.Abs(se-0.01/math.Sqrt(3)) > 1e-12 || n != 3 {
		t.Errorf("mean %v, se %v of %d sets", mean, se, n)
	}
	if got := cell(missing(0), 0); got != "?" {
		t.Errorf("missing is %q", got)
	}
}

func TestRecipes(t *testing.T) {
	r := Recipe{"mf", []string{"arena", "judge", "mmlu:1500", "gsm8k:300"}}
	for source, want := range map[string]string{"": "arena judge mmlu:1500 gsm8k:300", "mmlu": "arena judge gsm8k:300", "judge": "arena mmlu:1500 gsm8k:300"} {
		if got := strings.Join(r.Without(source), " "); got != want {
			t.Errorf("without %q: %q, want %q", source, got, want)
		}
	}
}

// TestSummaryOfMF checks that the help of mf has the number of the page.
func TestSummaryOfMF(t *testing.T) {
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	mean := regexp.MustCompile(`(?m)^\| mf \| (0\.\d+) \| 0\.\d+ to`).FindSubmatch(raw)
	if mean == nil {
		t.Fatal("the page has no mean of mf: make transfer")
	}
	for _, e := range registry.Entries() {
		if e.Name == "mf" && !strings.Contains(e.Summary, "unseen data: "+string(mean[1])+" ") {
			t.Errorf("the summary of mf is %q, and its mean is %s", e.Summary, mean[1])
		}
	}
}
