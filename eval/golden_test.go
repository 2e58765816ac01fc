package eval

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// shared returns a path in the folder of inputs beside the repository. It skips the test if
// there is none.
func shared(t testing.TB, elem ...string) string {
	t.Helper()
	root := filepath.Join("..", "..", "shared")
	if _, err := os.Stat(root); err != nil {
		t.Skip("skipped: no ../shared")
	}
	return filepath.Join(append([]string{root}, elem...)...)
}

type goldenPoint struct {
	Threshold     float64 `json:"threshold"`
	StrongPercent float64 `json:"strong_percentage"`
	Accuracy      float64 `json:"accuracy"`
}

type goldenFile struct {
	Rows    [][5]any             `json:"rows"`
	Vectors map[string][]float64 `json:"vectors"`
	Cases   []struct {
		Vector     string             `json:"vector"`
		NumResults int                `json:"num_results"`
		Raises     any                `json:"raises"`
		Points     []goldenPoint      `json:"points"`
		Qual       map[string]float64 `json:"qual"`
		AUC, APGR  float64
	} `json:"cases"`
}

// readGolden reads the reference implementation's output for a benchmark.
func readGolden(t testing.TB, name string) goldenFile {
	t.Helper()
	f, err := os.Open(shared(t, "golden", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var g goldenFile
	if err := json.NewDecoder(z).Decode(&g); err != nil {
		t.Fatal(err)
	}
	return g
}

// outcomes returns the qualities in the file's rows, with booleans as 0 or 1.
func (g goldenFile) outcomes() Outcomes {
	value := func(x any) float64 {
		if b, ok := x.(bool); ok {
			if b {
				return 1
			}
			return 0
		}
		return x.(float64)
	}
	var o Outcomes
	for _, r := range g.Rows {
		o.Strong = append(o.Strong, value(r[3]))
		o.Weak = append(o.Weak, value(r[4]))
	}
	return o
}

// near fails the test unless got is within 1e-12 of want, relative to want if that is above 1.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

func TestCompatMatchesReference(t *testing.T) {
	for name, unit := range map[string]float64{"mmlu": 100, "gsm8k": 100, "mt-bench": 1} {
		g := readGolden(t, name)
		o := g.outcomes()
		matched := 0
		for _, c := range g.Cases {
			t.Run(fmt.Sprintf("%s/%s/%d", name, c.Vector, c.NumResults), func(t *testing.T) {
				got, err := NewCompat(o, g.Vectors[c.Vector], c.NumResults)
				if c.Vector == "random-router" {
					got, err = NewCompatRandom(o, c.NumResults)
				}
				if c.Raises != nil {
					var tied *TiedEdgesError
					if !errors.As(err, &tied) {
						t.Fatalf("error %v, want a TiedEdgesError", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				matched++
				near(t, "AUC", got.AUC()*unit, c.AUC)
				near(t, "APGR", got.APGR(), c.APGR)
				for percent, want := range c.Qual {
					var p float64
					fmt.Sscan(percent, &p)
					near(t, "CPT "+percent, got.CPT(p)*100, want)
				}
				comparePoints(t, got.Points, c.Points, unit)
			})
		}
		if matched < 11 {
			t.Errorf("%s: %d cases compared, want at least 11 of 14", name, matched)
		}
	}
}

// comparePoints compares the points, whichever way the golden ones are ordered.
func comparePoints(t *testing.T, got []Vertex, want []goldenPoint, unit float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d points, want %d", len(got), len(want))
	}
	descending := want[0].StrongPercent > want[len(want)-1].StrongPercent
	for i, p := range want {
		j := i
		if descending {
			j = len(got) - 1 - i
		}
		near(t, "threshold", got[j].Threshold, p.Threshold)
		near(t, "strong fraction", got[j].StrongFraction*100, p.StrongPercent)
		near(t, "quality", got[j].Quality*unit, p.Accuracy)
	}
}

func TestQuantileEdgesMatchPandas(t *testing.T) {
	raw, err := os.ReadFile(shared(t, "golden", "qcut.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		N          int       `json:"n"`
		NumResults int       `json:"num_results"`
		Scores     []float64 `json:"scores"`
		Edges      []float64 `json:"edges"`
	}
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, c := range cases {
		if len(c.Edges) == 0 {
			continue
		}
		got, err := quantileEdges(c.Scores, c.NumResults)
		if err != nil {
			t.Errorf("n=%d k=%d: %v", c.N, c.NumResults, err)
			continue
		}
		for i := range got {
			near(t, fmt.Sprintf("n=%d k=%d edge %d", c.N, c.NumResults, i), got[i], c.Edges[i])
		}
		compared++
	}
	if compared < 50 {
		t.Errorf("%d vectors compared, want at least 50 of %d", compared, len(cases))
	}
}
