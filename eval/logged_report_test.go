package eval_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/logged"
)

// traffic is a population of requests whose scores are standard normal. means returns the mean
// outcome of the strong and the weak model at a score.
type traffic struct {
	means func(z float64) (strong, weak float64)
	// outcome draws an outcome with a given mean; shared is standard normal and the same for
	// requests that are not independent.
	outcome func(r *rand.Rand, mean, shared float64) float64
	size    func(r *rand.Rand) int // number of decisions on a prompt; nil for one
	graded  bool                   // outcomes are 1 to 10 and not 0 to 1
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// The ways in which quality depends on the score.
var (
	sloped  = func(z float64) (strong, weak float64) { return sigmoid(1.5 - 0.5*z), sigmoid(0.8 - z) }
	seldom  = func(z float64) (strong, weak float64) { return 0.97, sigmoid(3 - z) }
	stepped = func(z float64) (strong, weak float64) {
		if z > 0 {
			return 0.85, 0.3
		}
		return 0.85, 0.8
	}
	humped = func(z float64) (strong, weak float64) { return 0.8, 0.4 + 0.5*math.Exp(-2*z*z) }
)

// rightWrong is an outcome of 0 or 1.
func rightWrong(r *rand.Rand, mean, _ float64) float64 {
	if r.Float64() < mean {
		return 1
	}
	return 0
}

// grades are between 1 and 10.
func grades(r *rand.Rand, mean, _ float64) float64 {
	return 1 + 9*(mean+(1-math.Abs(2*mean-1))*0.5*(2*r.Float64()-1))
}

// alike is an outcome of 0 or 1 that requests with the same prompt share for the most part: the
// normal quantile of their own luck is 0.8 of it.
func alike(r *rand.Rand, mean, shared float64) float64 {
	if 0.5*math.Erfc(-(0.8*shared+0.6*r.NormFloat64())/math.Sqrt2) < mean {
		return 1
	}
	return 0
}

// talk is the mean of the outcomes of a conversation of a geometric number of requests, 3 on
// average, half of whose luck is shared.
func talk(r *rand.Rand, mean, _ float64) float64 {
	shared, sum, n := r.NormFloat64(), 0.0, 0.0
	for n == 0 || r.Float64() < 2.0/3 {
		sum += alike(r, mean, shared)
		n++
	}
	return sum / n
}

// dollars are lognormal with a deviation of s and the given mean.
func dollars(s float64) func(r *rand.Rand, mean, _ float64) float64 {
	return func(r *rand.Rand, mean, _ float64) float64 { return mean * math.Exp(s*r.NormFloat64()-s*s/2) }
}

// cutAt returns the score that a share of the requests reach.
func cutAt(share float64) float64 { return math.Sqrt2 * math.Erfinv(1-2*share) }

// truth returns the mean outcome of a threshold.
func (p traffic) truth(cut float64) float64 {
	sum, whole := 0.0, 0.0
	for i := -6000; i <= 6000; i++ {
		z := float64(i) / 1000
		strong, weak := p.means(z)
		value, density := weak, math.Exp(-z*z/2)
		if z >= cut {
			value = strong
		}
		sum += density * value
		whole += density
	}
	if p.graded {
		return 1 + 9*sum/whole
	}
	return sum / whole
}

// truths holds the truth about the thresholds of the table.
type truths struct {
	cuts, values []float64 // by threshold; the last two are always and never strong
	mixture      float64   // mean outcome of what is logged
}

// truths returns the truth where a share of the requests is explored.
func (p traffic) truths(explore float64) truths {
	t := truths{cuts: []float64{cutAt(0.1), cutAt(0.5), math.Inf(-1), math.Inf(1)}}
	for _, cut := range t.cuts {
		t.values = append(t.values, p.truth(cut))
	}
	t.mixture = (1-explore)*p.truth(cutAt(inForce)) + explore*(t.values[2]+t.values[3])/2
	return t
}

const inForce = 0.3 // share of strong calls of the threshold in force

// draw draws n decisions of a server that explores a share of the requests.
func (p traffic) draw(r *rand.Rand, n int, explore float64) logged.Log {
	var l logged.Log
	for c := 0; len(l.Scores) < n; c++ {
		z, shared, m := r.NormFloat64(), r.NormFloat64(), 1
		if p.size != nil {
			m = p.size(r)
		}
		greedy := z >= cutAt(inForce)
		for range m {
			strong, propensity := greedy, 1-explore/2
			if r.Float64() < explore {
				strong = r.Float64() < 0.5
			}
			if strong != greedy {
				propensity = explore / 2
			}
			mean, other := p.means(z)
			if !strong {
				mean = other
			}
			l.Scores, l.Strong = append(l.Scores, z), append(l.Strong, strong)
			l.Propensity, l.Cluster = append(l.Propensity, propensity), append(l.Cluster, c)
			l.Outcome = append(l.Outcome, p.outcome(r, mean, shared))
		}
	}
	return l
}

// covered counts the runs in which the intervals of the table hold the truth.
func (p traffic) covered(n int, explore float64) func(runs int) []int {
	return func(runs int) []int {
		r := rand.New(rand.NewPCG(61, uint64(n)))
		counts, t := make([]int, len(loggedHeader)-3), p.truths(explore)
		for run := range runs {
			for k, held := range t.held(p.draw(r, n, explore), uint64(run)) {
				if held {
					counts[k]++
				}
			}
		}
		return counts
	}
}

// held says which intervals of a log hold the truth, in the order of the table.
func (t truths) held(l logged.Log, seed uint64) (out []bool) {
	const resamples, confidence = 99, 0.95
	e, err := logged.New(l)
	if err != nil {
		panic(err)
	}
	r, err := e.Resample(eval.Bootstrap{Resamples: resamples, Confidence: confidence, Seed: seed}, t.cuts)
	if err != nil {
		panic(err)
	}
	add := func(estimate, missing, truth float64, of func(b int) float64) {
		all := make([]float64, resamples)
		for b := range all {
			all[b] = of(b)
		}
		i := logged.Widen(eval.Percentile(all, confidence), estimate, missing, confidence)
		out = append(out, i.Lo <= truth && truth <= i.Hi)
	}
	value := func(j int, m logged.Method, missing float64) {
		add(e.At(t.cuts[j]).Estimates[m], missing, t.values[j], func(b int) float64 { return r.Values[j][m][b] })
	}
	for j, cut := range t.cuts {
		value(j, logged.SNDR, e.Missing(cut, logged.SNDR).Value)
	}
	const at, m = 1, logged.SNDR
	half, lack := e.At(t.cuts[at]), e.Missing(t.cuts[at], m)
	add(half.Estimates[m]-e.Mean(), lack.Logged, t.values[at]-t.mixture, func(b int) float64 { return r.Values[at][m][b] - r.Mean[b] })
	add(half.Estimates[m]-e.Random(half.StrongFraction)[m], lack.Random, t.values[at]-(t.values[2]+t.values[3])/2, func(b int) float64 { return r.Values[at][m][b] - r.Random[at][m][b] })
	for _, other := range []logged.Method{logged.IPS, logged.SNIPS, logged.DR} {
		value(at, other, e.Missing(t.cuts[at], other).Value)
	}
	value(at, m, 0)
	return out
}

// loggedHeader names the columns of the table in docs/metrics.md.
var loggedHeader = []string{
	"outcome", "n", "explored", "quality @ 10 %", "@ 50 %", "always strong", "never", "less logged", "less random", "IPS", "SNIPS", "DR", "resamples alone",
}

func loggedReport() eval.Report {
	within := func(column int, percent float64) bool { return column == len(loggedHeader)-4 || percent >= 92 }
	var rows []eval.ReportRow
	for _, x := range loggedRegimes {
		rows = append(rows, eval.ReportRow{Labels: x.labels, Count: x.traffic.covered(x.n, x.explore), Want: x.want})
	}
	return eval.NewReport("logged decisions", 3, loggedHeader, within, rows)
}

var loggedRegimes = []struct {
	labels  string
	traffic traffic
	n       int
	explore float64
	want    []int
}{
	{"right or wrong | 300 | 5 %", traffic{means: sloped, outcome: rightWrong}, 300, 0.05, []int{98, 100, 100, 97, 100, 99, 100, 100, 100, 88}},
	{"right or wrong | 300 | 20 %", traffic{means: sloped, outcome: rightWrong}, 300, 0.2, []int{95, 98, 98, 96, 98, 96, 94, 99, 98, 96}},
	{"right or wrong | 1,000 | 1 %", traffic{means: sloped, outcome: rightWrong}, 1000, 0.01, []int{97, 100, 100, 98, 100, 99, 100, 100, 100, 88}},
	{"right or wrong | 1,000 | 5 %", traffic{means: sloped, outcome: rightWrong}, 1000, 0.05, []int{97, 100, 95, 95, 99, 94, 98, 98, 100, 88}},
	{"right or wrong | 1,000 | 20 %", traffic{means: sloped, outcome: rightWrong}, 1000, 0.2, []int{95, 100, 94, 93, 97, 98, 97, 100, 100, 99}},
	{"right or wrong | 5,000 | 1 %", traffic{means: sloped, outcome: rightWrong}, 5000, 0.01, []int{98, 100, 96, 97, 100, 96, 98, 100, 100, 86}},
	{"right or wrong | 5,000 | 5 %", traffic{means: sloped, outcome: rightWrong}, 5000, 0.05, []int{99, 99, 97, 99, 100, 99, 99, 100, 99, 99}},
	{"mostly right | 300 | 20 %", traffic{means: seldom, outcome: rightWrong}, 300, 0.2, []int{99, 98, 100, 97, 100, 98, 98, 99, 99, 86}},
	{"mostly right | 1,000 | 5 %", traffic{means: seldom, outcome: rightWrong}, 1000, 0.05, []int{100, 100, 100, 99, 100, 100, 99, 100, 100, 83}},
	{"mostly right | 5,000 | 1 %", traffic{means: seldom, outcome: rightWrong}, 5000, 0.01, []int{100, 100, 100, 99, 100, 99, 97, 100, 100, 59}},
	{"model wrong: a step | 1,000 | 5 %", traffic{means: stepped, outcome: rightWrong}, 1000, 0.05, []int{95, 99, 92, 98, 99, 98, 100, 99, 99, 80}},
	{"model wrong: a hump | 1,000 | 5 %", traffic{means: humped, outcome: rightWrong}, 1000, 0.05, []int{93, 100, 92, 91, 100, 97, 98, 98, 100, 87}},
	{"grades | 300 | 5 %", traffic{means: sloped, outcome: grades, graded: true}, 300, 0.05, []int{96, 100, 100, 95, 100, 100, 100, 100, 100, 95}},
	{"grades | 1,000 | 5 %", traffic{means: sloped, outcome: grades, graded: true}, 1000, 0.05, []int{96, 100, 100, 96, 99, 100, 97, 100, 100, 94}},
	{"conversations | 1,000 | 5 %", traffic{means: sloped, outcome: talk}, 1000, 0.05, []int{97, 100, 92, 93, 100, 96, 98, 100, 100, 84}},
	{"repeated prompts | 1,000 | 5 %", traffic{means: sloped, outcome: alike, size: func(r *rand.Rand) int { return 1 + r.IntN(5) }}, 1000, 0.05, []int{97, 99, 90, 96, 99, 96, 98, 100, 99, 82}},
	{"lognormal costs, 1 | 1,000 | 5 %", traffic{means: sloped, outcome: dollars(1)}, 1000, 0.05, []int{100, 100, 100, 100, 100, 100, 100, 100, 100, 95}},
	{"lognormal costs, 1 | 5,000 | 5 %", traffic{means: sloped, outcome: dollars(1)}, 5000, 0.05, []int{100, 99, 98, 100, 100, 99, 99, 99, 99, 94}},
	{"lognormal costs, 1.5 | 5,000 | 5 %", traffic{means: sloped, outcome: dollars(1.5)}, 5000, 0.05, []int{100, 100, 100, 100, 100, 100, 100, 100, 100, 93}},
}

// TestLogged holds the counts of the table in docs/metrics.md at few runs, and what the table
// promises.
func TestLogged(t *testing.T) { loggedReport().Check(t) }

func TestCoverageReportLogged(t *testing.T) { loggedReport().Write(t) }
