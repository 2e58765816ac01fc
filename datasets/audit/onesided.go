package audit

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Limits of oneSided.
const (
	minTask   = 10   // smallest number of samples of a task that is checked
	minOthers = 3    // smallest number of other tasks that show how much tasks differ
	minOther  = 5    // smallest number of samples of such a task
	maxChance = 0.01 // largest probability of a report by chance, per data set, corrected for the number of tasks and models
)

// oneSided finds models that are always or never right in a task, if that is too improbable
// for a task like the others. Tasks differ in difficulty, so that the others' mean rate alone
// would not do.
func oneSided(in Input) []Finding {
	names, rows := byTask(in.Table.Task)
	var found []Finding
	for _, c := range in.Table.Quality {
		lo, hi := extremes(c.Values)
		if !(lo < hi) {
			found = append(found, oneValue(c)...)
			continue
		}
		for _, side := range []struct {
			value float64
			word  string
		}{{hi, "always"}, {lo, "never"}} {
			rates := ratesOf(c.Values, rows, side.value)
			for k := range rates {
				if chance := rates.chance(k); chance*float64(2*len(rows)*len(in.Table.Quality)) < maxChance {
					found = append(found, Finding{Code: side.word + "-right", Severity: Warning, About: c.Name,
						Message: fmt.Sprintf("%s right in all %d samples of the task %q, but in %.0f %% of the others", side.word, rates[k].n, names[k], 100*rates.elsewhere(k, side.word)),
						Rows:    measured(c.Values, rows[k])})
				}
			}
		}
	}
	return found
}

// rate counts the measured samples of a task, and those with a given quality.
type rate struct{ n, hits int }

type rates []rate

func ratesOf(values []float64, tasks [][]int, value float64) rates {
	out := make(rates, len(tasks))
	for k, index := range tasks {
		for _, i := range index {
			switch {
			case math.IsNaN(values[i]):
			case values[i] == value:
				out[k].n, out[k].hits = out[k].n+1, out[k].hits+1
			default:
				out[k].n++
			}
		}
	}
	return out
}

// elsewhere returns the share of right samples in the tasks other than k.
func (r rates) elsewhere(k int, word string) float64 {
	var all rate
	for j, x := range r {
		if j != k {
			all.n, all.hits = all.n+x.n, all.hits+x.hits
		}
	}
	share := float64(all.hits) / float64(all.n)
	if word == "never" {
		return 1 - share
	}
	return share
}

// chance returns the probability that all samples of a task like the others are hits, or 1 if
// task k has a miss or the tasks are too few to tell. The log odds of a task's rate have
// Student's predictive distribution given those of the other tasks. Their scatter includes
// sampling error, which makes a report less likely.
func (r rates) chance(k int) float64 {
	if r[k].n < minTask || r[k].hits < r[k].n {
		return 1
	}
	var odds []float64
	for j, x := range r {
		if j != k && x.n >= minOther {
			odds = append(odds, math.Log((float64(x.hits)+0.5)/(float64(x.n-x.hits)+0.5)))
		}
	}
	if len(odds) < minOthers {
		return 1
	}
	m := float64(len(odds))
	mean, sd := stat.MeanStdDev(odds, nil)
	another := distuv.StudentsT{Mu: mean, Sigma: max(sd*math.Sqrt(1+1/m), minSpread), Nu: m - 1}
	return allHits(another, r[k].n)
}

// minSpread is the smallest scale of the predictive distribution, in log odds.
const minSpread = 0.1

// allHits returns the probability of n hits in n samples for log odds with the given
// distribution, by the midpoint rule.
func allHits(odds distuv.StudentsT, n int) float64 {
	const bound, step = 30.0, minSpread / 2 // beyond the bound, the rate is 0 or 1
	sum := odds.Survival(bound)
	for x := -bound + step/2; x < bound; x += step {
		sum += step * odds.Prob(x) * math.Pow(1+math.Exp(-x), -float64(n))
	}
	return sum
}
