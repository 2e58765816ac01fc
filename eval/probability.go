package eval

import (
	"fmt"
	"math"
)

// Probability says how good scores are as probabilities that the strong model is
// needed, which it is where its quality is above the weak one's. A tie does not
// need it: the weak model would have done.
type Probability struct {
	N          int
	Ties       float64 // share of samples on which both models do equally well
	Event      float64 // share of samples that need the strong model
	Brier      float64 // mean squared error of the scores; 0 is perfect
	Constant   float64 // the Brier score of always saying Event, the best constant
	Skill      float64 // 1 - Brier/Constant: 0 is the constant, below 0 worse; NaN where Constant is 0
	Miscalib   float64 // Murphy's reliability: mean squared distance of score and share in the bins, 0 is best
	Resolution float64 // Murphy's resolution: how far the bins' shares are from Event, squared; more is better
	Within     float64 // the rest, Brier - (Miscalib - Resolution + Constant): spread of scores inside bins
	Error      float64 // expected calibration error: mean distance of score and share in the bins
	Bins       []Bin   // from high to low scores
}

// Bin is a point of the reliability diagram: samples with neighbouring scores.
type Bin struct {
	N        int
	Lo, Hi   float64 // scores, inclusive
	Score    float64 // mean
	Event    float64 // share that needs the strong model
	Interval Interval
}

// NewProbability compares scores in [0,1] with the outcomes in about as many bins
// of equal mass as given; equal scores are in one bin, so that there may be fewer.
// (Brier 1950; Murphy, J. Appl. Meteorol. 12, 1973; the rest within bins:
// Stephenson, Coelho and Jolliffe, Weather and Forecasting 23, 2008.)
// cluster is as from [ClusterIDs]; the bins' intervals are those of [Proportion].
func NewProbability(o Outcomes, cluster []int, scores []float64, bins int, confidence float64) (Probability, error) {
	p := Probability{N: o.N()}
	if err := o.Validate(); err != nil {
		return p, err
	}
	if len(scores) != o.N() || len(cluster) != o.N() {
		return p, fmt.Errorf("%d scores and %d clusters for %d samples", len(scores), len(cluster), o.N())
	}
	for i, s := range scores {
		if !(s >= 0 && s <= 1) {
			return p, fmt.Errorf("score %d is %v: not a probability, want all in [0,1]", i+1, s)
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

// events fills what needs no bins and returns which samples need the strong model.
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

// binEnd is where the bin that begins at start ends: at its share of the samples or
// after all scores that equal the last one.
func binEnd(order []ranked, start, bin, bins int) int {
	end := max(start+1, (bin+1)*len(order)/bins)
	for end < len(order) && order[end].score == order[end-1].score {
		end++
	}
	return min(end, len(order))
}

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
