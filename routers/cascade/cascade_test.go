package cascade

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "c.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// random returns a file with scores of three models, many of them tied, and outcomes.
func random(t *testing.T, n int) (path string, prompts []routers.Prompt, scores pool.Matrix, o pool.Outcomes) {
	r := rand.New(rand.NewPCG(1, 2))
	scores = pool.NewMatrix(n, 3)
	o = pool.Outcomes{Quality: pool.NewMatrix(n, 3), Cost: pool.NewMatrix(n, 3)}
	text := "sample_id,score:a,score:b,score:c\n"
	for i := range n {
		for m := range 3 {
			scores.Row(i)[m] = float64(r.IntN(6))
			o.Quality.Row(i)[m], o.Cost.Row(i)[m] = float64(r.IntN(2)), r.Float64()+float64(3*m)
		}
		id := fmt.Sprint("p", i)
		text += fmt.Sprintf("%s,%v,%v,%v\n", id, scores.At(i, 0), scores.At(i, 1), scores.At(i, 2))
		prompts = append(prompts, routers.Prompt{ID: id})
	}
	return write(t, text), prompts, scores, o
}

func decisions(t *testing.T, c *Cascade, of routers.Pool, prompts []routers.Prompt) pool.Decided {
	t.Helper()
	p, err := routers.ForPool(c, of)
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.(routers.PoolDecider).Decide(context.Background(), prompts)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestEveryThresholdIsAPoint replays the cascade at each threshold, by its definition.
func TestEveryThresholdIsAPoint(t *testing.T) {
	path, prompts, scores, o := random(t, 60)
	for _, order := range [][]int{{0, 1, 2}, {2, 0, 1}, {0, 2}, {1}} {
		var names []string
		for _, m := range order {
			names = append(names, string(rune('a'+m)))
		}
		c, err := Open(path, names)
		if err != nil {
			t.Fatal(err)
		}
		d := decisions(t, c, routers.Pool{Models: []string{"a", "b", "c"}}, prompts).Sorted(o)
		s, err := pool.NewDecided(o, d, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := s.Path(nil).Vertices
		knobs := []float64{d.Start.Knob}
		for _, p := range d.Points {
			knobs = append(knobs, p.Knob)
		}
		distinct := []float64{math.Inf(1)}
		for i := range prompts {
			for _, m := range order[:len(order)-1] {
				distinct = append(distinct, scores.At(i, m))
			}
		}
		slices.Sort(distinct)
		if distinct = slices.Compact(distinct); !slices.Equal(knobs, distinct) {
			t.Fatalf("order %v: thresholds %v, want %v", order, knobs, distinct)
		}
		for k, threshold := range knobs {
			cost, quality := 0.0, 0.0
			for i := range prompts {
				for place, m := range order {
					cost += o.Cost.At(i, m)
					if place == len(order)-1 || scores.At(i, m) >= threshold {
						quality += o.Quality.At(i, m)
						break
					}
				}
			}
			n := float64(len(prompts))
			if math.Abs(got[k].Cost-cost/n) > 1e-12 || math.Abs(got[k].Quality-quality/n) > 1e-12 {
				t.Errorf("order %v, threshold %v: %v, want cost %v and quality %v", order, threshold, got[k], cost/n, quality/n)
			}
		}
	}
}

func TestTheCheapestModelIsAskedFirst(t *testing.T) {
	c, err := Open(write(t, "sample_id,score:a,score:b\nx,1,2\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	prompts := []routers.Prompt{{ID: "x"}}
	d := decisions(t, c, routers.Pool{Models: []string{"b", "a", "dear"}, Cost: []float64{2, 1, 3}}, prompts)
	if !slices.Equal(d.Cascade, []int{1, 0, 2}) {
		t.Errorf("order %v", d.Cascade)
	}
	for want, of := range map[string]routers.Pool{
		"order in which to ask":     {Models: []string{"a", "b"}},
		`column "score:dear"`:       {Models: []string{"a", "dear", "b"}, Cost: []float64{1, 2, 3}},
		`column "score:other model`: {Models: []string{"other model", "b"}, Cost: []float64{1, 2}},
	} {
		if _, err := c.ForPool(of); err == nil || !strings.Contains(err.Error(), want) || len(hint.Of(err)) == 0 {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestForPair(t *testing.T) {
	path := write(t, "sample_id,score:a,score:b\nx,1,5\ny,3,5\n")
	for _, order := range [][]string{nil, {"a", "b"}} {
		c, err := Open(path, order)
		if err != nil {
			t.Fatal(err)
		}
		r, err := c.ForPair("b", "a")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.Scores(context.Background(), []routers.Prompt{{ID: "y"}, {ID: "x"}}); err != nil || !slices.Equal(got, []float64{-3, -1}) {
			t.Errorf("scores %v, %v", got, err)
		}
	}
	c, err := Open(path, []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	for pair, want := range map[[2]string]string{{"a", "b"}: "before", {"c", "a"}: "does not ask"} {
		if _, err := c.ForPair(pair[0], pair[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v", pair, err)
		}
	}
	if _, err := c.Scores(context.Background(), nil); err == nil {
		t.Error("scores without a pair")
	}
}

func TestOpenRefuses(t *testing.T) {
	path := write(t, "sample_id,score:a,score:b\nx,1,5\n")
	for _, order := range [][]string{{"a", "a"}, {"a", ""}} {
		if _, err := Open(path, order); err == nil {
			t.Errorf("order %v: no error", order)
		}
	}
	if _, err := Open(write(t, "sample_id,score\nx,1\n"), nil); err == nil || !strings.Contains(err.Error(), "score:MODEL") {
		t.Errorf("error %v", err)
	}
	c, err := Open(write(t, "sample_id,score:a,score:b\nx,,5\n"), []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.ForPool(routers.Pool{Models: []string{"a", "b"}}); err == nil || !strings.Contains(err.Error(), `row 1 ("x": "")`) {
		t.Errorf("error %v", err)
	}
	if _, err := c.ForPool(routers.Pool{Models: []string{"a", "d"}}); err == nil || !strings.Contains(err.Error(), `"b"`) {
		t.Errorf("error %v", err)
	}
}
