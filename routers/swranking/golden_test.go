package swranking

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/internal/neighbours"
	"github.com/routellm/routellm/routers/training"
)

// golden holds results of the reference implementation, and the exact solution of the
// same likelihood.
type golden struct {
	Battles      [][3]string
	StrongModel  string                    `json:"strong_model"`
	WeakModel    string                    `json:"weak_model"`
	Vectors      [][]float32               `json:"battle_embeddings"`
	Queries      [][]float32               `json:"prompt_embeddings"`
	Ratings      [][2]any                  `json:"ratings"`
	ExactRatings [][2]any                  `json:"exact_ratings"`
	Tiers        map[string]map[string]int `json:"tiers_by_num_tiers"`
	Routers      map[string]struct {
		NumTiers int `json:"num_tiers"`
		Within   int `json:"battles_within_one_tier"`
		Prompts  []struct {
			Prompt       int
			Similarities []float64
			Weightings   []float64
			Stopped      float64 `json:"strong_win_rate"`
			Exact        float64 `json:"exact_strong_win_rate"`
		}
	}
}

func readGolden(t *testing.T) (golden, []training.Battle) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "golden", "sw_ranking.json"))
	if err != nil {
		t.Skip("skipped: no ../shared")
	}
	var g golden
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	var battles []training.Battle
	for i, b := range g.Battles {
		won := map[string]float64{"model_a": 1, "model_b": 0, "tie": 0.5}[b[2]]
		battles = append(battles, training.Battle{Prompt: i, A: b[0], B: b[1], Won: won, Weight: 1})
	}
	return g, battles
}

// strengths returns the strengths from equally weighted battles, without a prior.
func strengths(t *testing.T, battles []training.Battle) (names []string, find func(string) int, s []float64) {
	t.Helper()
	names, find = training.Models(battles)
	wins := bradleyterry.NewWins(len(names))
	for _, b := range battles {
		wins.Add(find(b.A), find(b.B), b.Won, b.Weight)
	}
	s, err := wins.Fit(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return names, find, s
}

func TestGoldenRatings(t *testing.T) {
	g, battles := readGolden(t)
	_, find, s := strengths(t, battles)
	const anchor = "llama-2-70b-chat" // the reference pins its rating at 1082
	for i, r := range g.ExactRatings {
		name, want := r[0].(string), r[1].(float64)
		got := 400/math.Ln10*(s[find(name)]-s[find(anchor)]) + 1082
		if math.Abs(got-want) > 1e-9*want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		// The reference's optimizer stops early, 0.02 points of Elo from the
		// optimum.
		if stopped := g.Ratings[i][1].(float64); g.Ratings[i][0] == name && math.Abs(got-stopped) > 0.02 {
			t.Errorf("%s: %v, reference %v", name, got, stopped)
		}
	}
}

// TestGoldenTiers compares the division into tiers. With more tiers than models the
// reference skips a tier number, so the numbers are renumbered without gaps.
func TestGoldenTiers(t *testing.T) {
	g, battles := readGolden(t)
	names, _, s := strengths(t, battles)
	for key, want := range g.Tiers {
		k, err := strconv.Atoi(key)
		if err != nil {
			t.Fatal(err)
		}
		var used []int
		for _, tier := range want {
			used = append(used, tier)
		}
		slices.Sort(used)
		used = slices.Compact(used)
		for i, tier := range tiersOf(s, k) {
			if w, _ := slices.BinarySearch(used, want[names[i]]); tier != w {
				t.Errorf("%d tiers: %s is in tier %d, want %d", k, names[i], tier, w)
			}
		}
	}
}

func TestGoldenWinRates(t *testing.T) {
	g, battles := readGolden(t)
	_, find, s := strengths(t, battles)
	for _, router := range g.Routers {
		tier := tiersOf(s, router.NumTiers)
		r := newRanking(len(battles), battles, tier, find, true)
		r.strong, r.weak = tier[find(g.StrongModel)], tier[find(g.WeakModel)]
		within := 0
		for _, b := range battles {
			if tier[find(b.A)] == tier[find(b.B)] {
				within++
			}
		}
		if within != router.Within {
			t.Errorf("%d battles within one tier, want %d", within, router.Within)
		}
		for _, p := range router.Prompts {
			weight := slices.Clone(p.Similarities)
			if err := weigh(weight, max(0, slices.Max(weight))); err != nil {
				t.Fatal(err)
			}
			for i, w := range weight {
				if math.Abs(w-p.Weightings[i]) > 1e-9*w {
					t.Fatalf("weight %d is %v, want %v", i, w, p.Weightings[i])
				}
			}
			got, err := r.winRate(weight, 0)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got-p.Exact) > 1e-9 || math.Abs(got-p.Stopped) > 1e-5 {
				t.Errorf("%d tiers, prompt %d: win rate %v, want %v, reference %v", router.NumTiers, p.Prompt, got, p.Exact, p.Stopped)
			}
		}
	}
}

// TestGoldenSimilarities compares weights from float32 vectors.
func TestGoldenSimilarities(t *testing.T) {
	g, _ := readGolden(t)
	m := neighbours.Rows(g.Vectors, len(g.Vectors[0]), 0)
	for _, router := range g.Routers {
		err := m.Cosines(t.Context(), g.Queries, func(q int, got []float64) error {
			for i, want := range router.Prompts[q].Similarities {
				if math.Abs(got[i]-want) > 1e-6 {
					t.Errorf("similarity %d, %d is %v, want %v", q, i, got[i], want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
