package training

import (
	"strings"

	"github.com/routellm/routellm/routers/bradleyterry"
)

// halfWins maps a winner to model_a's share of the win. A tie that may also be a loss of
// the other model counts as that loss.
var halfWins = map[string]float64{"model_a": 1, "model_b": 0, "tie": 0.5, "tie_or_model_a": 1, "tie_or_model_b": 0}

// Prior is the precision of the normal prior on ratings, in 1/nats^2. It keeps the rating
// of a model that never lost finite.
const Prior = 1.0

// voteLabels returns, for each battle, whether the stronger model won (1 or 0), and that
// minus its Bradley-Terry expectation.
func voteLabels(battles []Battle, winner []string) (label, won []float64, err error) {
	models, find := Models(battles)
	wins := bradleyterry.NewWins(len(models))
	for _, b := range battles {
		wins.Add(find(b.A), find(b.B), b.Won, b.Weight)
	}
	rating, err := wins.Fit(Prior, bradleyterry.Free)
	if err != nil {
		return nil, nil, err
	}
	for i, b := range battles {
		gap := rating[find(b.A)] - rating[find(b.B)]
		// A partly known tie itself says which model was the stronger.
		aStrong := winner[i] == "tie_or_model_b" || winner[i] != "tie_or_model_a" && gap >= 0
		strongWon := winner[i] == "model_a"
		if !aStrong {
			gap, strongWon = -gap, winner[i] == "model_b"
		}
		y := 0.0
		if strongWon {
			y = 1
		}
		won = append(won, y)
		if own := max(b.Won, 1-b.Won); own < 1 && winner[i] != "tie" { // a share
			y = own
			if !strongWon {
				y = 1 - own
			}
		}
		label = append(label, y-bradleyterry.Sigmoid(gap))
	}
	return label, won, nil
}

// Models lists the models of battles in the order of their first battle. find returns a
// model's index in that list, or -1. Names that differ only in case or in the part before
// the last slash are one model: data sets write both
// "mistralai/Mixtral-8x7B-Instruct-v0.1" and "mixtral-8x7b-instruct-v0.1".
func Models(battles []Battle) (models []string, find func(name string) int) {
	known, keys := map[string]int{}, map[string]int{} // caches the key of each name
	find = func(name string) int {
		i, ok := known[name]
		if !ok {
			if i, ok = keys[key(name)]; !ok {
				return -1
			}
			known[name] = i
		}
		return i
	}
	for _, b := range battles {
		for _, name := range []string{b.A, b.B} {
			if find(name) < 0 {
				keys[key(name)] = len(models)
				models = append(models, name)
			}
		}
	}
	return models, find
}

func key(name string) string { return strings.ToLower(name[strings.LastIndexByte(name, '/')+1:]) }
