package eval_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
)

// logs is a population of logged prompts, in clusters, with the scores of two routers. All that is
// not seen is jointly normal, so that the true curves have a closed form: a prompt's hardness, what its
// cluster shares, and noise. A model is right if its own number is above 0.
type logs struct {
	size   func(r *rand.Rand) int // number of prompts of a cluster
	common float64                // share of the variance of the models' numbers that a cluster shares
	grades bool                   // graded from 1 to 10, and not right or wrong: the numbers, rounded
	tail   float64                // else, unless 0, the quality is exp(tail x)
}

// weight holds the loadings of a number on hardness, cluster and its own noise; its variance is 1.
type weight struct{ mean, hard, shared, own float64 }

// number returns a number of the given mean that hardness lowers.
func (p logs) number(mean, hard float64) weight {
	rest := 1 - hard*hard
	return weight{mean, -hard, math.Sqrt(rest * p.common), math.Sqrt(rest * (1 - p.common))}
}

// models and routers return how the models' numbers and the routers' scores come about.
func (p logs) models() (strong, weak weight) { return p.number(0.9, 0.1), p.number(0.3, 0.6) }

func (p logs) routers() [2]weight {
	return [2]weight{{0, 0.8, -0.2, math.Sqrt(1 - 0.64 - 0.04)}, {0, 0.7, 0, math.Sqrt(1 - 0.49)}}
}

func (w weight) draw(r *rand.Rand, hardness, shared float64) float64 {
	return w.mean + w.hard*hardness + w.shared*shared + w.own*r.NormFloat64()
}

// quality returns what a model's number is worth.
func (p logs) quality(x float64) float64 {
	if p.grades {
		return min(10, max(1, math.Round(5+3*x)))
	}
	if p.tail > 0 {
		return math.Exp(p.tail * x)
	}
	if x > 0 {
		return 1
	}
	return 0
}

// mean returns the expected quality of a model where a router's score is z.
func (p logs) mean(model, router weight, z float64) float64 {
	cov := model.hard*router.hard + model.shared*router.shared
	at, sd := model.mean+cov*z, math.Sqrt(1-cov*cov)
	if p.tail > 0 {
		return math.Exp(p.tail*at + p.tail*p.tail*sd*sd/2)
	}
	above := func(x float64) float64 { return math.Erfc((x-at)/sd/math.Sqrt2) / 2 }
	if !p.grades {
		return above(0)
	}
	sum := 1.0
	for g := 2.0; g <= 10; g++ {
		sum += above((g - 0.5 - 5) / 3)
	}
	return sum
}

// truth returns the true curve of a router.
func (p logs) truth(router weight) *eval.Curve {
	strong, weak := p.models()
	var blocks []eval.Block
	const step = 1. / 500
	for k := 4000; k >= -4000; k-- {
		z := float64(k) * step
		share := math.Exp(-z*z/2) * step / math.Sqrt(2*math.Pi)
		blocks = append(blocks, eval.Block{Threshold: z, Size: share, Strong: share * p.mean(strong, router, z), Weak: share * p.mean(weak, router, z)})
	}
	c, err := eval.NewBlockCurve(blocks, len(blocks))
	if err != nil {
		panic(err)
	}
	return c
}

// summaries draws n prompts and sums them up for each router, in bins of a width of 1/32 and buckets.
func (p logs) summaries(r *rand.Rand, n, buckets int) [2]*binned.Summary {
	strong, weak := p.models()
	var of [2]binned.Summary
	place := [2]map[float64]int32{{}, {}}
	left, shared, bucket := 0, 0.0, int32(0)
	for range n {
		if left == 0 {
			left, shared, bucket = p.size(r), r.NormFloat64(), int32(r.IntN(buckets))
		}
		left--
		hardness := r.NormFloat64()
		a, b := p.quality(strong.draw(r, hardness, shared)), p.quality(weak.draw(r, hardness, shared))
		for k, w := range p.routers() {
			score, s := w.draw(r, hardness, shared), &of[k]
			key := math.Floor(score * 32)
			at, known := place[k][key]
			if !known {
				at = int32(len(s.Bins))
				place[k][key] = at
				s.Bins = append(s.Bins, binned.Bin{Min: score, Max: score})
			}
			s.Bins[at].Min, s.Bins[at].Max = min(s.Bins[at].Min, score), max(s.Bins[at].Max, score)
			s.Cells = append(s.Cells, binned.Cell{Bin: at, Bucket: bucket, Rows: 1, N: 1, Strong: a, Weak: b, Gain2: (a - b) * (a - b)})
		}
	}
	var out [2]*binned.Summary
	for k := range of {
		of[k].Bucketed = true
		var err error
		if out[k], err = binned.New(of[k]); err != nil {
			panic(err)
		}
	}
	return out
}

// covered counts the runs in which the intervals of the table hold the truth.
func (p logs) covered(n, buckets int) func(runs int) []int {
	return func(runs int) []int {
		r, counts := rand.New(rand.NewPCG(91, uint64(n+buckets))), make([]int, len(summaryHeader)-4)
		truth := [2]*eval.Curve{p.truth(p.routers()[0]), p.truth(p.routers()[1])}
		for run := range runs {
			for k, ok := range summaryHeld(p.summaries(r, n, buckets), truth, uint64(run)) {
				if ok {
					counts[k]++
				}
			}
		}
		return counts
	}
}

// summaryHeld says whether there are intervals, and then which of two summaries hold the truth or are not
// shown, in the order of the table.
func summaryHeld(s [2]*binned.Summary, truth [2]*eval.Curve, seed uint64) []bool {
	const resamples, confidence = 399, 0.95
	var routers [2]eval.Scored
	for k := range s {
		routers[k].Outcomes, routers[k].Cluster, routers[k].Scores = s[k].Samples()
	}
	boot := eval.Bootstrap{Resamples: resamples, Confidence: confidence, Seed: seed}
	all, err := boot.ResampleScored(routers[:], eval.Points{CPT: []float64{50, 80}, Fractions: []float64{0.2}})
	if err != nil {
		panic(err)
	}
	supports, err := eval.NewPairSupportsScored(routers[:])
	if err != nil {
		panic(err)
	}
	support := eval.NewSupport(routers[0].Outcomes, routers[0].Cluster)
	difference := slices.Clone(all[0].APGR)
	for i, x := range all[1].APGR {
		difference[i] -= x
	}
	holds := func(i eval.Interval, x float64) bool { return math.IsNaN(i.Lo) || i.Lo <= x && x <= i.Hi }
	level := support.Level(confidence)
	gap := s[0].Gap()
	half := eval.StudentQuantile(confidence, support.Clusters) * gap.SE
	return []bool{
		!math.IsNaN(level),
		holds(eval.Percentile(all[0].APGR, level), truth[0].APGR()),
		holds(eval.Percentile(all[0].CPT[0], level), truth[0].CPT(50).Value),
		holds(eval.Percentile(all[0].CPT[1], level), truth[0].CPT(80).Value),
		holds(eval.Percentile(all[0].QualityAt[0], level), truth[0].QualityAt(0.2)),
		math.IsNaN(level) || math.Abs(gap.Value-(truth[0].Strong-truth[0].Weak)) <= half,
		holds(eval.Percentile(difference, supports.Of(eval.Pairing{A: 0, B: 1}).Paired(confidence)), truth[0].APGR()-truth[1].APGR()),
	}
}

// summaryHeader names the columns of the table in docs/summaries.md.
var summaryHeader = []string{"outcome", "rows", "clusters", "buckets", "shown", "APGR", "CPT50", "CPT80", "quality @ 20 %", "gap", "difference in APGR"}

func summaryReport() eval.Report {
	within := func(column int, percent float64) bool { return column == 0 || percent >= 93 }
	var rows []eval.ReportRow
	for _, x := range summaryRegimes {
		rows = append(rows, eval.ReportRow{Labels: x.labels, Count: x.logs.covered(x.n, x.buckets), Want: x.want})
	}
	return eval.NewReport("summaries", 4, summaryHeader, within, rows).In("../docs/summaries.md")
}

func always(n int) func(*rand.Rand) int { return func(*rand.Rand) int { return n } }

// someSize draws a geometric size with the mean 5.
func someSize(r *rand.Rand) int {
	n := 1
	for r.Float64() < 0.8 {
		n++
	}
	return n
}

var summaryRegimes = []struct {
	labels     string
	logs       logs
	n, buckets int
	want       []int
}{
	{"right or wrong | 2,000 | none | 200", logs{size: always(1)}, 2000, 200, []int{100, 93, 97, 93, 94, 96, 96}},
	{"right or wrong | 2,000 | of 5 | 200", logs{size: always(5), common: 0.5}, 2000, 200, []int{100, 96, 97, 96, 96, 98, 98}},
	{"right or wrong | 2,000 | of 5 | 50", logs{size: always(5), common: 0.5}, 2000, 50, []int{100, 95, 95, 92, 95, 95, 94}},
	{"right or wrong | 2,000 | geometric, mean 5 | 200", logs{size: someSize, common: 0.5}, 2000, 200, []int{100, 96, 98, 97, 93, 96, 96}},
	{"right or wrong | 10,000 | of 5 | 200", logs{size: always(5), common: 0.5}, 10000, 200, []int{100, 94, 98, 89, 99, 94, 93}},
	{"grades | 2,000 | of 5 | 200", logs{size: always(5), common: 0.5, grades: true}, 2000, 200, []int{100, 95, 97, 96, 94, 96, 91}},
	{"lognormal, 1 | 2,000 | of 5 | 200", logs{size: always(5), common: 0.5, tail: 1}, 2000, 200, []int{73, 96, 98, 97, 93, 94, 94}},
	{"lognormal, 2 | 2,000 | of 5 | 200", logs{size: always(5), common: 0.5, tail: 2}, 2000, 200, []int{0, 100, 100, 100, 100, 100, 98}},
}

// TestSummaryCoverage holds the counts of the table in docs/summaries.md at few runs, and what the
// table promises.
func TestSummaryCoverage(t *testing.T) { summaryReport().Check(t) }

func TestCoverageReportSummaries(t *testing.T) { summaryReport().Write(t) }
