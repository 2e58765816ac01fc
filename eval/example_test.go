package eval_test

import (
	"fmt"

	"github.com/routellm/routellm/eval"
)

// outcomes returns the answers of two models to eight prompts, 1 for correct and 0 for wrong,
// and the scores that a router gave the prompts.
func outcomes() (eval.Outcomes, []float64) {
	o := eval.Outcomes{
		Strong: []float64{1, 1, 1, 1, 1, 1, 0, 1},
		Weak:   []float64{0, 0, 1, 0, 1, 1, 0, 1},
	}
	return o, []float64{0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1}
}

// The metrics of a router: half of the gap between the models is recovered with 18.75 % strong
// calls, where random routing needs 50 %.
func ExampleNewCurve() {
	o, scores := outcomes()
	curve, err := eval.NewCurve(o, scores)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("quality:", curve.Strong, "strong,", curve.Weak, "weak")
	fmt.Println("quality at 25 % strong calls:", curve.QualityAt(0.25))
	fmt.Printf("APGR: %.3f\n", curve.APGR())
	fmt.Println("CPT(50%):", curve.CPT(50).Value)
	// Output:
	// quality: 0.875 strong, 0.5 weak
	// quality at 25 % strong calls: 0.75
	// APGR: 0.771
	// CPT(50%): 0.1875
}

// The 95 % interval of a router's APGR. The samples are independent here, so each is a cluster
// of its own; samples that belong together have the same name.
func ExampleBootstrap_Resample() {
	o, scores := manyOutcomes()
	names := make([]string, o.N())
	for i := range names {
		names[i] = fmt.Sprint("prompt ", i)
	}
	b := eval.Bootstrap{Resamples: 2000, Confidence: 0.95, Seed: 1}
	replicates, err := b.Resample(o, eval.ClusterIDs(names), [][]float64{scores}, eval.Points{})
	if err != nil {
		fmt.Println(err)
		return
	}
	interval := eval.Percentile(replicates[0].APGR, b.Confidence)
	fmt.Printf("APGR: %.3f to %.3f\n", interval.Lo, interval.Hi)
	// Output:
	// APGR: 0.569 to 0.651
}

// manyOutcomes returns outcomes of 400 prompts. The router's score falls from 1 to 0, and the
// weak model fails more often on prompts with a high score.
func manyOutcomes() (o eval.Outcomes, scores []float64) {
	for i := range 400 {
		strong, weak := 1.0, 1.0
		if i%10 == 0 {
			strong = 0
		}
		if i%7 < 5-i/100 {
			weak = 0
		}
		o.Strong, o.Weak = append(o.Strong, strong), append(o.Weak, weak)
		scores = append(scores, 1-float64(i)/400)
	}
	return o, scores
}

// A threshold that sends half of the prompts to the strong model, and the share of later
// prompts for which it will do so with 95 % confidence.
func ExampleCalibrate() {
	scores := []float64{0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1}
	thresholds, err := eval.Calibrate(eval.StreamOf(scores), []float64{0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	t := thresholds[0]
	future := t.Future(0.95)
	fmt.Println("threshold:", t.Threshold)
	fmt.Printf("strong calls: %d of %d\n", t.AtOrAbove, t.N)
	fmt.Printf("later: %.1f %% to %.1f %%\n", 100*future.Lo, 100*future.Hi)
	// Output:
	// threshold: 0.6
	// strong calls: 4 of 8
	// later: 15.7 % to 75.5 %
}

// Whether one router is better than another on the same samples.
func ExampleComparer_Compare() {
	o, scores := manyOutcomes()
	cluster := make([]int, o.N())
	for i := range cluster {
		cluster[i] = i
	}
	random := make([]float64, o.N()) // equal scores: ties are broken at random
	c := eval.Comparer{Bootstrap: eval.Bootstrap{Resamples: 1000, Confidence: 0.95, Seed: 1}}
	comparison, err := c.Compare(o, cluster, [][]float64{scores, random})
	if err != nil {
		fmt.Println(err)
		return
	}
	d := comparison.Pairs[0]
	fmt.Printf("difference in APGR: %.3f, %.3f to %.3f: %s\n", d.Value, d.Interval.Lo, d.Interval.Hi, d.Verdict)
	// Output:
	// difference in APGR: 0.110, 0.069 to 0.151: better

}

// The boldest of a grid of thresholds at which routing keeps 95 % of the strong model's quality.
func ExampleFixedSequence() {
	o, scores := manyOutcomes()
	cluster := make([]int, o.N())
	for i := range cluster {
		cluster[i] = i
	}
	test, err := eval.StudentTest(cluster, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	grid := eval.Grid(scores, 101)
	claim := eval.QualityClaim(o, scores, 0.95, 0, 1)
	if last := eval.FixedSequence(grid, claim, test); last >= 0 {
		fmt.Printf("threshold: %.3f\n", grid[last])
	}
	// Output:
	// threshold: 0.120

}
