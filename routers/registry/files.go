package registry

import (
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/cascade"
	"github.com/routellm/routellm/routers/scores"
	"github.com/routellm/routellm/routers/weakfirst"
)

// openScores opens a file of scores: one per prompt, or one per prompt and model.
func openScores(s Spec, _ Options) (routers.Router, error) {
	path, column := s.File()
	if column == "" {
		several, err := datasets.HasModelScores(path)
		if err != nil {
			return nil, err
		}
		if several {
			p, err := scores.OpenPredictions(path)
			if err != nil {
				return nil, err
			}
			return routers.AnyPair(p), nil
		}
	}
	return scores.Open(s.Arg)
}

// openDecisions opens a file of decisions between two models, or among any number of them.
func openDecisions(s Spec, _ Options) (routers.Router, error) {
	path, setting := s.File()
	several, err := datasets.HasChoices(path)
	if err != nil {
		return nil, err
	}
	if several || setting != "" {
		return notNil(scores.OpenChoices(path, setting))
	}
	return scores.OpenDecisions(path)
}

// openCascade opens a trained cascade, or a file of scores, whose order of models follows a "#".
func openCascade(s Spec, _ Options) (routers.Router, error) {
	path, models := s.File()
	if weakfirst.IsFile(path) {
		return notNil(weakfirst.Open(path))
	}
	if models == "" {
		return notNil(cascade.Open(path, nil))
	}
	return notNil(cascade.Open(path, strings.Split(models, ",")))
}
