package training

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// meansOfOthers returns the mean gain of the rows outside each row's fold.
func meansOfOthers(gain []float64, fold []int) []float64 {
	out := make([]float64, len(gain))
	for i := range gain {
		sum, n := 0.0, 0.0
		for j, g := range gain {
			if fold[j] != fold[i] {
				sum, n = sum+g, n+1
			}
		}
		out[i] = sum / n
	}
	return out
}

// TestWithinFolds gives gains and scores that have nothing to do with each other: APGR must be 0.5 on
// average. Scores that leave out one prompt order prompts backwards, and so do, weakly, scores of
// different folds that are compared.
func TestWithinFolds(t *testing.T) {
	const n, runs = 60, 200
	rng := rand.New(rand.NewPCG(1, 1))
	var within, pooled, alone, errors float64
	for run := range runs {
		gain, noise, one := make([]float64, n), make([]float64, n), make([]int, n)
		norm := make([]string, n)
		for i := range gain {
			gain[i], noise[i], one[i], norm[i] = rng.Float64(), 0.001*rng.NormFloat64(), i, fmt.Sprint(run, i)
		}
		gain[7] = math.NaN() // not measured
		known := func(x []float64) []float64 { y := append([]float64{}, x...); y[7] = 0; return y }
		fold, none := FoldsOf(norm, 0), make([]int, n)
		add := func(scores []float64, fold []int) float64 {
			for i := range scores {
				scores[i] += noise[i]
			}
			apgr, se := WithinFolds(gain, norm, []Folded{{scores, fold}})
			errors += se / (3 * runs)
			return apgr / runs
		}
		within += add(meansOfOthers(known(gain), fold), fold)
		pooled += add(meansOfOthers(known(gain), fold), none)
		alone += add(meansOfOthers(known(gain), one), none)
	}
	if se := errors / math.Sqrt(runs); math.Abs(within-0.5) > 3*se {
		t.Errorf("within folds: APGR %.4f, standard error %.4f, want 0.5", within, se)
	}
	if !(pooled < 0.48 && alone < 0.4) {
		t.Errorf("without folds: APGR %.3f and, leaving out one prompt, %.3f: the test shows nothing", pooled, alone)
	}
}

// TestWithinFoldsByPairs compares with all pairs of prompts inside a fold.
func TestWithinFoldsByPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	gain, score, norm, fold := make([]float64, 40), make([]float64, 40), make([]string, 40), make([]int, 40)
	for i := range gain {
		gain[i], score[i], norm[i], fold[i] = rng.Float64()-0.2, float64(rng.IntN(9)), fmt.Sprint(i), i*i%3
	}
	fold[0] = 7 // alone in its fold
	area, total := 0.0, 0.0
	for f := range 3 {
		sum, n := 0.0, 0.0
		for i := range gain {
			if fold[i] != f {
				continue
			}
			n++
			for j := range gain {
				if fold[j] == f && score[j] < score[i] {
					sum += gain[i] - gain[j]
				}
			}
		}
		if n > 1 {
			area, total = area+sum/(2*(n-1)), total+n
		}
	}
	want := 0.5 + area/total/Mean(gain)
	got, se := WithinFolds(gain, norm, []Folded{{score, fold}, {score, fold}})
	if math.Abs(got-want) > 1e-12 || !(se > 0) {
		t.Errorf("APGR %v +- %v, want %v", got, se, want)
	}
	for name, g := range map[string][]float64{"no gain": make([]float64, 40), "unknown": append([]float64{math.NaN()}, make([]float64, 39)...)} {
		if apgr, se := WithinFolds(g, norm, []Folded{{score, fold}}); !math.IsNaN(apgr) || !math.IsNaN(se) {
			t.Errorf("%s: APGR %v +- %v, want NaN", name, apgr, se)
		}
	}
	if apgr, _ := WithinFolds(gain, norm, nil); !math.IsNaN(apgr) {
		t.Errorf("APGR %v without a division", apgr)
	}
}

// TestLevel moves a router without inputs, whose scores are the means of what it was trained on, to
// one score for all prompts, and leaves scores of one fold alone.
func TestLevel(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	gain, fold := make([]float64, 50), make([]int, 50)
	for i := range gain {
		gain[i], fold[i] = rng.NormFloat64(), rng.IntN(Folds-2)
	}
	d := Folded{Score: meansOfOthers(gain, fold), Fold: fold}
	before := d.Score[0]
	for i, v := range d.Level(gain) {
		if math.Abs(v-Mean(gain)) > 1e-12 {
			t.Fatalf("row %d: %v, want the mean %v", i, v, Mean(gain))
		}
	}
	if d.Score[0] != before {
		t.Error("the scores that were given have changed")
	}
	one := Folded{Score: []float64{1, 2}, Fold: []int{3, 3}}
	if got := one.Level([]float64{5, 6}); got[0] != 1 || got[1] != 2 {
		t.Errorf("one fold: %v", got)
	}
	if got := (Folded{}).Level(nil); len(got) != 0 {
		t.Errorf("no rows: %v", got)
	}
}
