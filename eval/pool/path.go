package pool

import (
	"cmp"
	"math"
	"slices"

	"github.com/routellm/routellm/eval/sweep"
)

// sameLambda is the relative distance within which breakpoints are one. (0.4-0.3)/k and
// (0.7-0.6)/k are the same lambda but not the same float; unmerged, the order of rounding would
// become an order of prompts. Two models keep every distinct score, as their curves do.
const sameLambda = 1e-9

// Vertex is one operating point: the router's choices for every lambda just below Lambda, down to
// the next vertex. The first vertex of a path has the lambda +Inf.
type Vertex struct {
	Lambda  float64
	Cost    float64 // mean cost per prompt, the router's own included
	Quality float64 // mean quality
}

// Path holds all operating points of a router, the cheapest prediction first. The straight line
// between two vertices is reached by randomising at the second one's lambda. The realised cost
// may fall along the path: it is not the predicted one.
type Path struct {
	Vertices []Vertex
}

// Sweep holds a router's path in the form that a resample needs: the changes along it in order, so
// that the path of weighted prompts takes one pass.
type Sweep struct {
	events        sweep.Events
	cost, quality []float64 // cost and quality of each prompt at the first vertex
	weight        []float64 // weight of each prompt; nil stands for 1
	cluster       []int
	own           float64
}

// NewSweep sorts the breakpoints of all prompts. own is the router's own cost per prompt. It takes
// O(nN log nN) time.
func NewSweep(o Outcomes, p Predictions, own float64) (*Sweep, error) {
	return newSweep(o, p, own, nil)
}

// newSweep does what NewSweep does or, with folds, what [NewFoldedSweep] does.
func newSweep(o Outcomes, p Predictions, own float64, fold []int) (*Sweep, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if err := p.check(o.N(), o.Models()); err != nil {
		return nil, err
	}
	s := &Sweep{cost: make([]float64, o.N()), quality: make([]float64, o.N()), own: own, weight: o.Weight, cluster: o.Cluster}
	var moves []move
	var e enveloper
	for i := range s.cost {
		if i > 0 && i == o.N()/32 { // room for all, by the first ones
			moves = slices.Grow(moves, len(moves)*33)
		}
		steps := e.envelope(p.Quality.Row(i), p.costs(i))
		q, c := o.Quality.Row(i), o.Cost.Row(i)
		s.quality[i], s.cost[i] = share(q, steps[0].models), share(c, steps[0].models)
		for k, to := range steps[1:] {
			if to.from <= 0 && !p.Scores {
				break
			}
			from := steps[k].models
			moves = append(moves, move{to.from, int32(i), share(q, to.models) - share(q, from), share(c, to.models) - share(c, from)})
		}
	}
	slack := 0.0
	if o.Models() > 2 { // two models keep every distinct score
		slack = sameLambda
	}
	sortMoves(moves)
	if fold != nil {
		placeWithin(moves, fold, slack)
		sortMoves(moves)
	}
	s.record(moves, slack)
	return s, nil
}

// sortMoves sorts moves by falling lambda.
func sortMoves(moves []move) {
	slices.SortFunc(moves, func(a, b move) int { return cmp.Or(cmp.Compare(b.lambda, a.lambda), cmp.Compare(a.prompt, b.prompt)) })
}

// move is a change of the chosen model of one prompt.
type move struct {
	lambda        float64
	prompt        int32
	quality, cost float64
}

// record stores the sorted moves and where a block of equal lambdas ends: of lambdas whose relative
// distance is at most slack.
func (s *Sweep) record(moves []move, slack float64) {
	first := math.Inf(1)
	s.events = sweep.Events{Cluster: make([]int32, 0, len(moves)), Quality: make([]float64, 0, len(moves)),
		Cost: make([]float64, 0, len(moves)), Knob: make([]float64, 0, len(moves)), Last: make([]bool, 0, len(moves))}
	for k, m := range moves {
		cluster, w := m.prompt, 1.0
		if s.cluster != nil {
			cluster = int32(s.cluster[m.prompt])
		}
		if s.weight != nil {
			w = s.weight[m.prompt]
		}
		s.events.Cluster = append(s.events.Cluster, cluster)
		s.events.Quality = append(s.events.Quality, w*m.quality)
		s.events.Cost = append(s.events.Cost, w*m.cost)
		s.events.Knob = append(s.events.Knob, m.lambda)
		if k == 0 || first-m.lambda > slack*math.Abs(first) {
			first = m.lambda
			if k > 0 {
				s.events.Last[k-1] = true
			}
		}
		s.events.Last = append(s.events.Last, k+1 == len(moves))
	}
}

// Path returns the path. draws[c] is the number of times that cluster c is drawn; nil stands for
// once each.
func (s *Sweep) Path(draws []int32) *Path {
	p := &Path{Vertices: make([]Vertex, 0, s.events.Vertices())}
	s.each(draws, func(cost, quality float64) { p.Vertices = append(p.Vertices, Vertex{math.Inf(1), cost, quality}) })
	at := 1
	for k, last := range s.events.Last {
		if last {
			p.Vertices[at].Lambda = s.events.Knob[k]
			at++
		}
	}
	return p
}

// each visits the mean cost and quality at each vertex where clusters are drawn so often. It takes
// one pass and needs no memory.
func (s *Sweep) each(draws []int32, visit func(cost, quality float64)) {
	total, cost, quality := 0.0, 0.0, 0.0
	for i := range s.cost {
		v := weightOf(i, s.weight, s.cluster, draws)
		total += v
		cost += float64(v * s.cost[i])
		quality += float64(v * s.quality[i])
	}
	each := 1 / total
	s.events.Each(cost, quality, draws, func(c, q float64) { visit(float64(c*each)+s.own, q*each) })
}

// pass lets the path pass by a meter.
func (s *Sweep) pass(draws []int32, m *meter) {
	first := true
	s.each(draws, func(cost, quality float64) {
		if first {
			m.start(cost, quality)
			first = false
		} else {
			m.step(cost, quality)
		}
	})
	m.end()
}

// NewPath returns every operating point of a router. own is the router's own cost per prompt.
func NewPath(o Outcomes, p Predictions, own float64) (*Path, error) {
	s, err := NewSweep(o, p, own)
	if err != nil {
		return nil, err
	}
	return s.Path(nil), nil
}

// End returns the last vertex, the router's choice where cost does not matter.
func (p *Path) End() Vertex { return p.Vertices[len(p.Vertices)-1] }

// Peak returns the vertex with the highest quality.
func (p *Path) Peak() Vertex {
	return slices.MaxFunc(p.Vertices, func(a, b Vertex) int { return cmp.Compare(a.Quality, b.Quality) })
}

// CostFor returns the smallest cost at which the path, walked from its cheap end, reaches the
// quality, or NaN if it never does. The quality counts as reached within 1e-9.
func (p *Path) CostFor(quality float64) float64 {
	m := meter{targets: []float64{quality}, reached: []float64{0}}
	p.pass(&m)
	return m.reached[0]
}
