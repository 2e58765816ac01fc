package harness

import (
	"slices"

	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// demand is what the routers of an evaluation ask of its data.
type demand struct {
	routers    []Router      // the routers
	needs      routers.Needs // parts of a prompt to read
	kinds      []vectorKind  // kinds of vectors to read, each once
	trained    knowledge     // prompts to leave out
	keep       bool          // keep training prompts and only count them
	byTask     bool          // evaluate each task by itself too
	digests    bool          // read the digests of prompts
	clusters   Clustering    // rule for dependent samples
	keys       bool          // keep the keys by which calibrate splits rows
	threshold  *Calibrated   // threshold whose samples are left out, unless inSample; nil for none
	inSample   bool
	division   *Division // parts of the data, of which the training part is left out; nil for none
	calibrates bool      // keep the calibration part
	extras     bool      // read columns besides qualities, such as costs

	lessons     []lesson // training prompts whose near copies are counted
	excludeNear bool     // leave out near copies
	strict      bool     // refuse data that would be warned of
	pricing     Pricing  // where costs come from
	gold        string   // gold labels of a part of the rows, or their file; "" for none
}

// demandOf returns what the routers need.
func demandOf(rs []Router) demand {
	return demand{routers: rs, needs: needsOf(rs), kinds: kindsOf(rs), trained: knowledgeOf(rs), lessons: lessonsOf(rs)}
}

// forget lets go of the routers, of which only the names are asked for once the data is read: their files may
// be large.
func (d *demand) forget() {
	var names []Router
	for _, r := range d.routers {
		names = append(names, Router{Spec: r.Spec})
	}
	d.routers, d.trained.witnesses = names, nil
}

// divide asks for the parts of the data.
func (d *demand) divide(by *Division, calibrates bool) {
	d.division, d.calibrates = by, calibrates
	d.digests = d.digests || by != nil
}

// kindsOf lists the kinds of vectors that the routers need, each once.
func kindsOf(rs []Router) []vectorKind {
	var kinds []vectorKind
	for _, r := range rs {
		if k, ok := kindOf(r.Router); ok && !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Calibrated is a threshold from an artifact, for [RunOptions].
type Calibrated struct {
	input    results.Input
	artifact *results.Artifact
}
