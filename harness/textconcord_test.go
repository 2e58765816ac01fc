package harness_test

import (
	"fmt"
	"math"
	"testing"
)

// concordance is the probability that of two samples with different outcomes the one with the
// larger outcome has the larger score, where equal scores count one half. For two outcomes it is
// the area under the ROC curve. influence has one number per cluster; the square root of the sum
// of their squares is the standard error (the jackknife's, to first order).
type concordance struct {
	value     float64
	influence []float64
}

// concord computes the concordance over all pairs. cluster has one number per sample, from 0 on.
func concord(scores, outcomes []float64, cluster []int, clusters int) concordance {
	n := len(scores)
	won, counted := make([]float64, n), make([]float64, n) // per sample, over its pairs
	pairs, all := 0.0, 0.0
	for i := range n {
		for j := range i {
			if outcomes[i] == outcomes[j] {
				continue
			}
			c := agreement((scores[i] - scores[j]) * (outcomes[i] - outcomes[j]))
			won[i], won[j], all = won[i]+c, won[j]+c, all+c
			counted[i], counted[j], pairs = counted[i]+1, counted[j]+1, pairs+1
		}
	}
	out := concordance{all / pairs, make([]float64, clusters)}
	for i := range n {
		out.influence[cluster[i]] += (won[i] - float64(out.value*counted[i])) / pairs
	}
	return out
}

func agreement(product float64) float64 {
	switch {
	case product > 0:
		return 1
	case product < 0:
		return 0
	}
	return 0.5
}

// minus returns the difference of two concordances of the same samples.
func (c concordance) minus(other concordance) concordance {
	out := concordance{c.value - other.value, make([]float64, len(c.influence))}
	for i := range out.influence {
		out.influence[i] = c.influence[i] - other.influence[i]
	}
	return out
}

// error returns the standard error, robust to dependence within clusters.
func (c concordance) error() float64 {
	sum, n := 0.0, float64(len(c.influence))
	for _, x := range c.influence {
		sum += float64(x * x)
	}
	return math.Sqrt(sum * n / (n - 1))
}

// String returns the value with its 95 % interval.
func (c concordance) String() string { return c.format("%.3f (%.3f to %.3f)") }

func (c concordance) format(form string) string {
	arm := 1.96 * c.error()
	return fmt.Sprintf(form, c.value, c.value-arm, c.value+arm)
}

// TestConcord compares with values computed by hand, and the standard error with the jackknife.
func TestConcord(t *testing.T) {
	scores, outcomes := []float64{1, 2, 3, 3, 5}, []float64{0, 1, 0, 1, 1}
	alone := []int{0, 1, 2, 3, 4}
	c := concord(scores, outcomes, alone, 5) // of 6 pairs 4 agree and one is tied
	if math.Abs(c.value-4.5/6) > 1e-12 {
		t.Errorf("value %v", c.value)
	}
	if same := concord([]float64{1, 1}, []float64{0, 1}, []int{0, 1}, 2); same.value != 0.5 || same.error() != 0 {
		t.Errorf("equal scores: %v", same)
	}
	if d := c.minus(c); d.value != 0 || d.error() != 0 {
		t.Errorf("difference with itself: %v", d)
	}
	// A sample that is there twice, in one cluster, changes nothing but the weights.
	twice := concord(append(scores, scores...), append(outcomes, outcomes...), append(alone, alone...), 5)
	if math.Abs(twice.value-c.value) > 1e-12 || math.Abs(twice.error()-c.error()) > 1e-12 {
		t.Errorf("twice: %v, once %v", twice, c)
	}
}
