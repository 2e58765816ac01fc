package figures

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
)

func within(lo, value, hi float64) estimate { return estimate{value, eval.Interval{Lo: lo, Hi: hi}} }

func TestStandings(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		e         estimate
		published float64
		good      direction
		want      standing
	}{
		{within(0.5, 0.6, 0.7), 0.4, high, better},
		{within(0.5, 0.6, 0.7), 0.4, low, worse},
		{within(0.5, 0.6, 0.7), 0.8, high, worse},
		{within(0.5, 0.6, 0.7), 0.8, low, better},
		{within(0.5, 0.6, 0.7), 0.5, high, unclear}, // a point on the interval's end is inside
		{within(0.5, 0.6, 0.7), 0.55, low, unclear},
		{within(nan, 0.6, nan), 0.1, high, unclear}, // no interval
		{within(0.5, math.Inf(1), math.Inf(1)), 0.4, low, worse},
		{within(0.5, 0.6, 0.7), nan, high, notCompared},
		{point(math.NaN()), 0.5, high, notCompared},
	} {
		if got := test.e.against(test.published, test.good); got != test.want {
			t.Errorf("%v against %v (%d): %q, want %q", test.e, test.published, test.good, got, test.want)
		}
	}
}

func TestShown(t *testing.T) {
	for _, test := range []struct {
		e    estimate
		f    formatter
		want string
	}{
		{within(0.1, 0.2, 0.3), percent, "20.0 % (10.0 to 30.0 %)"},
		{within(0.1, 0.25, math.Inf(1)), percent, "25.0 % (10.0 to never)"},
		{within(math.NaN(), 0.25, math.NaN()), decimals(3), "0.250"},
		{point(math.NaN()), percent, "-"},
	} {
		if got := test.e.show(test.f); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
	if got := number(math.NaN()) + "," + number(math.Inf(1)) + "," + number(math.Inf(-1)) + "," + number(0.1); got != ",inf,-inf,0.1" {
		t.Errorf("numbers %q", got)
	}
}

func TestCounterparts(t *testing.T) {
	all := benchmarks.Published()
	for _, test := range []struct{ router, benchmark, name, data string }{
		{"mf@arena", "mmlu", "matrix factorization", "arena"},
		{"mf@judge", "mt-bench", "matrix factorization", "augmented"},
		{"sw_ranking", "gsm8k", "SW ranking", "augmented"},
		{"bert", "mmlu", "BERT", "augmented"},
		{"knn@gold", "mmlu", "SW ranking", "augmented"}, // the publication's best router
		{"knn", "gsm8k", "causal LLM", "augmented"},
	} {
		if p := counterpart(test.router, test.benchmark, all); p.Router != test.name || p.Data != test.data || p.Benchmark != test.benchmark {
			t.Errorf("%s on %s is compared with %+v", test.router, test.benchmark, p)
		}
	}
	for router, benchmark := range map[string]string{"mf": "none", "mf@gold": "gsm8k", "knn@gold": "gsm8k", "mf@judge": "mmlu"} {
		if p := counterpart(router, benchmark, all); !math.IsNaN(p.APGR) {
			t.Errorf("%s on %s is compared with %+v", router, benchmark, p)
		}
	}
}

// TestRatings expects the order that the votes imply, a mean of 1000, half-known ties that
// count between a tie and a loss, and a finite rating for a model without a win.
func TestRatings(t *testing.T) {
	all, err := ratings(context.Background(), madeUpVotes(), boot)
	if err != nil {
		t.Fatal(err)
	}
	mean := 0.0
	for i, r := range all {
		mean += r.value / float64(len(all))
		if !(r.Lo < r.value && r.value < r.Hi) || i > 0 && r.value > all[i-1].value {
			t.Errorf("%d: %+v", i, r)
		}
	}
	if math.Abs(mean-1000) > 1e-9 || all[0].model != "gpt-4-1106-preview" || all[0].price == nil || all[2].model != "hopeless" || all[2].price != nil || all[2].battles != 30 {
		t.Errorf("mean %v: %+v", mean, all)
	}
	if h := halfWins["tie_or_model_a"]; !(h > halfWins["tie"] && h < halfWins["model_a"]) || h+halfWins["tie_or_model_b"] != 1 {
		t.Errorf("half-known ties count %v and %v", h, halfWins["tie_or_model_b"])
	}
	for _, w := range datasets.Winners() {
		if _, ok := halfWins[w]; !ok {
			t.Errorf("halfWins lacks the winner %q", w)
		}
	}
}

// TestTieShare counts ties in the source of the votes, which also says whether the stronger
// model won, among the battles that it did not win and whose outcome is known.
func TestTieShare(t *testing.T) {
	f, err := os.Open("../../../../../shared/data/train/arena55k_battles.jsonl.gz")
	if err != nil {
		t.Skip("skipped: no ../shared")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	ties, known := 0.0, 0.0
	for rows := json.NewDecoder(z); ; {
		var row struct {
			Winner string
			Won    int `json:"strong_wins"`
		}
		if err := rows.Decode(&row); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		switch {
		case row.Winner == "tie":
			ties, known = ties+1, known+1
		case row.Won == 0 && !strings.HasPrefix(row.Winner, "tie_or"):
			known++
		}
	}
	if ties/known != tieShare {
		t.Errorf("%v ties of %v battles, want a share of %v", ties, known, tieShare)
	}
}

func TestCostCut(t *testing.T) {
	prices, err := datasets.Prices()
	if err != nil {
		t.Fatal(err)
	}
	cut, err := costCut(prices)
	if err != nil {
		t.Fatal(err)
	}
	// 24.708 and 0.24 dollars: what 14 % of strong calls cost, as published.
	if got := cut(0.14); math.Abs(got-0.86*(1-0.24/24.7075)) > 1e-5 || cut(1) != 0 {
		t.Errorf("at 14 %% of strong calls %v of the cost is saved", got)
	}
	if _, err := costCut(nil); err == nil {
		t.Error("no error without prices")
	}
}

func TestSimilarity(t *testing.T) {
	s := newSimilarity("mmlu", "arena", []float64{0.5, 0.7, 0.9}, 0.6, 0.95)
	if half := 1.959963984540054 * 0.2 / math.Sqrt(3); math.Abs(s.value-0.7) > 1e-12 || math.Abs(s.Hi-0.7-half) > 1e-9 || math.Abs(s.Lo-0.7+half) > 1e-9 {
		t.Errorf("%+v", s)
	}
	all, err := madeUp(t).similarities(context.Background(), 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 7 {
		t.Errorf("%d rows", len(all))
	}
	for i, s := range all {
		if i > 0 && s.benchmark == all[i-1].benchmark && s.value < all[i-1].value {
			t.Errorf("%+v: the similarity falls although prompts were added", s)
		}
	}
}

// TestCompareWith compares a commercial router with one of ours that makes the same
// decisions: on every resample the difference is 0, and half of the calls give the grade.
func TestCompareWith(t *testing.T) {
	d := madeUp(t)
	s := &d.Benchmarks[0]
	n, ours := len(s.Samples), slices.Index(s.Routers, "mf@judge")
	f := commercialRouter{grades: make([]float64, n), fraction: 0.5}
	for i := range n {
		f.grades[i] = (s.Outcomes.Strong[i] + s.Outcomes.Weak[i]) / 2
		f.grade += f.grades[i] / float64(n)
		s.Scores[ours][i] = 1 // all scores tie, so a random half of the calls is strong
	}
	r, err := measure(s, boot)
	if err != nil {
		t.Fatal(err)
	}
	duels, err := r.compareWith(f)
	if err != nil {
		t.Fatal(err)
	}
	is := func(e estimate, want float64) bool {
		return math.Abs(e.value-want) < 1e-9 && math.Abs(e.Lo-want) < 1e-9 && math.Abs(e.Hi-want) < 1e-9
	}
	if got := duels["mf@judge"]; len(duels) != len(commercialLines) || !is(got.ahead, 0) || !is(got.needs, 0.5) {
		t.Errorf("%+v", got)
	}
}

// TestRandomMetrics expects intervals of CPT around x and a symmetric interval of APGR.
func TestRandomMetrics(t *testing.T) {
	d := madeUp(t)
	m, err := randomMetrics(d.Benchmarks[1].Outcomes, boot)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(m.apgr.Lo+m.apgr.Hi-1) > 1e-12 || !(m.cpt50.Lo < 0.5 && m.cpt50.Hi > 0.5) || !(m.cpt80.Lo < 0.8 && m.cpt80.Hi > 0.8) {
		t.Errorf("%+v", m)
	}
}
