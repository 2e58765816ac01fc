package eval

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/text"
)

// Probability measures how good scores are as probabilities that the strong model is needed.
// A sample needs the strong model if its quality there is higher than the weak model's; on a
// tie the weak model is good enough.
type Probability struct {
	N        int     // number of samples
	Ties     float64 // share of samples on which both models are equally good
	Event    float64 // share of samples that need the strong model
	Brier    float64 // mean squared error of the scores; 0 is perfect
	Constant float64 // Brier score of the best constant score, which is Event
	Skill    float64 // 1 - Brier/Constant: 1 is perfect, 0 as good as the constant; NaN if Constant is 0
	// Miscalib is Murphy's reliability: the mean squared difference between a bin's Score and
	// its Event. 0 is best.
	Miscalib float64
	// Resolution is Murphy's resolution: the mean squared difference between a bin's Event and
	// the overall Event. Larger is better.
	Resolution float64
	Within     float64 // spread of scores inside bins: Brier - (Miscalib - Resolution + Constant)
	Error      float64 // expected calibration error: mean absolute difference between a bin's Score and Event
	Bins       []Bin   // bins in order of descending scores
}

// Bin is one point of the reliability diagram: a group of samples with neighbouring scores.
type Bin struct {
	N        int      // number of samples
	Lo, Hi   float64  // smallest and largest score
	Score    float64  // mean score
	Event    float64  // share of the samples that need the strong model
	Interval Interval // interval of Event, from Proportion
}

// NewProbability compares scores in [0,1] with the outcomes in at most bins bins of nearly
// equal size. Equal scores share a bin. Brier scores and their decomposition follow Brier 1950
// and Murphy, J. Appl. Meteorol. 12, 1973; the part inside bins follows Stephenson, Coelho and
// Jolliffe, Weather and Forecasting 23, 2008. cluster[i] is the cluster of sample i, from
// [ClusterIDs]. The bins' intervals have the given confidence, in (0,1). It returns an error if
// the outcomes are not valid, the lengths differ or a score is outside [0,1].
func NewProbability(o Outcomes, cluster []int, scores []float64, bins int, confidence float64) (Probability, error) {
	p := Probability{N: o.N()}
	if err := o.Validate(); err != nil {
		return p, err
	}
	if len(scores) != o.N() || len(cluster) != o.N() {
		return p, fmt.Errorf("%s and %s for %s: want one of each per sample", text.Plural(len(scores), "score"), text.Plural(len(cluster), "cluster"), text.Plural(o.N(), "sample"))
	}
	for i, s := range scores {
		if !(s >= 0 && s <= 1) {
			return p, fmt.Errorf("score %d is %v: not a probability: want every score in [0,1]", i+1, s)
		}
	}
	order, err := rank(scores)
	if err != nil {
		return p, err
	}
	need := p.events(o, scores)
	for start := 0; start < len(order); {
		end := binEnd(order, start, len(p.Bins), bins)
		p.Bins = append(p.Bins, newBin(order[start:end], need, cluster, confidence))
		start = end
	}
	p.decompose()
	return p, nil
}

// events fills in the fields that need no bins and returns, for each sample, whether it needs
// the strong model.
func (p *Probability) events(o Outcomes, scores []float64) []bool {
	need, n := make([]bool, p.N), float64(p.N)
	for i, g := range o.Gains() {
		need[i] = g > 0
		target := 0.0
		switch {
		case g > 0:
			target = 1
			p.Event += 1 / n
		case g == 0:
			p.Ties += 1 / n
		}
		d := scores[i] - target
		p.Brier += float64(d * d / n)
	}
	return need
}

// binEnd returns the end of the bin that begins at start: the end of its share of the
// samples, moved past all scores that equal the last one.
func binEnd(order []ranked, start, bin, bins int) int {
	end := max(start+1, (bin+1)*len(order)/bins)
	for end < len(order) && order[end].score == order[end-1].score {
		end++
	}
	return min(end, len(order))
}

// newBin returns the bin of some members. need says which samples need the strong model.
func newBin(members []ranked, need []bool, cluster []int, confidence float64) Bin {
	b := Bin{N: len(members), Hi: members[0].score, Lo: members[len(members)-1].score}
	hit, of := make([]bool, b.N), make([]int, b.N)
	for i, m := range members {
		b.Score += m.score / float64(b.N)
		hit[i], of[i] = need[m.index], cluster[m.index]
	}
	b.Event, b.Interval = Proportion(hit, ClusterIDs(of), confidence)
	return b
}

// decompose fills in the fields that follow from the bins.
func (p *Probability) decompose() {
	p.Constant = p.Event * (1 - p.Event)
	p.Skill = math.NaN()
	if p.Constant > 0 {
		p.Skill = 1 - p.Brier/p.Constant
	}
	for _, b := range p.Bins {
		share, off, out := float64(b.N)/float64(p.N), b.Score-b.Event, b.Event-p.Event
		p.Miscalib += float64(share * off * off)
		p.Resolution += float64(share * out * out)
		p.Error += float64(share * math.Abs(off))
	}
	p.Within = p.Brier - (p.Miscalib - p.Resolution + p.Constant)
}
