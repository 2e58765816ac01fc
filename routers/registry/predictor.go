package registry

import "github.com/routellm/routellm/routers"

// OpenPredictor returns the router of a spec as one among any number of models. A router that
// chooses between two models does so between the pair of each pool: see [routers.PredictorOf].
func OpenPredictor(s Spec, o Options) (routers.Predictor, error) {
	r, err := Open(s, o)
	if err != nil {
		return nil, err
	}
	return routers.PredictorOf(r), nil
}
