package registry

import (
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/cluster"
	"github.com/routellm/routellm/routers/factors"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/knn"
	"github.com/routellm/routellm/routers/linear"
	"github.com/routellm/routellm/routers/mf"
	"github.com/routellm/routellm/routers/nearest"
	"github.com/routellm/routellm/routers/subject"
)

// OpenPredictor returns the router of a spec as one among any number of models. A router that
// chooses between two models does so between the pair of each pool: see [routers.PredictorOf].
func OpenPredictor(s Spec, o Options) (routers.Predictor, error) {
	r, err := Open(s, o)
	if err != nil {
		return nil, err
	}
	return routers.PredictorOf(r), nil
}

func openLinear(s Spec, _ Options) (routers.Router, error)  { return anyPair(linear.Open(s.Arg)) }
func openCluster(s Spec, _ Options) (routers.Router, error) { return anyPair(cluster.Open(s.Arg)) }

// The next kinds have files for two models and others for several.

func openMFFile(s Spec, _ Options) (routers.Router, error) {
	if modelfile.ForPool(s.Arg) {
		return anyPair(factors.Open(s.Arg))
	}
	return mf.Open(s.Arg)
}

func openKNNFile(s Spec, _ Options) (routers.Router, error) {
	if modelfile.ForPool(s.Arg) {
		return anyPair(nearest.Open(s.Arg))
	}
	return notNil(knn.Open(s.Arg))
}

func openSubjectFile(s Spec, _ Options) (routers.Router, error) {
	if modelfile.ForPool(s.Arg) {
		return anyPair(subject.OpenPool(s.Arg))
	}
	return notNil(subject.Open(s.Arg))
}

// anyPair returns a predictor as a router that is told its pair later.
func anyPair[P routers.Predictor](p P, err error) (routers.Router, error) {
	if err != nil {
		return nil, err
	}
	return routers.AnyPair(p), nil
}
