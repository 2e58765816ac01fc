package harness

import (
	"maps"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// knowledge is what routers were trained on, as far as they say.
type knowledge struct {
	digests   map[string]bool // normalised digests of training prompts
	witnesses []routers.TrainedOn
}

// knowledgeOf joins what the routers were trained on.
func knowledgeOf(rs []Router) knowledge {
	k := knowledge{digests: map[string]bool{}}
	for _, r := range rs {
		if t, ok := routers.As[routers.Trained](r.Router); ok {
			for _, digest := range t.TrainingPrompts() {
				k.digests[digest] = true
			}
		}
		if w, ok := routers.As[routers.TrainedOn](r.Router); ok {
			k.witnesses = append(k.witnesses, w)
		}
	}
	return k
}

// unscorable returns the training prompts for which the router has no held-out score.
func unscorable(r Router) knowledge {
	trained := knowledgeOf([]Router{r})
	if h, ok := routers.As[routers.HeldOut](r.Router); ok {
		maps.DeleteFunc(trained.digests, func(norm string, _ bool) bool { _, known := h.HeldOut(norm); return known })
	}
	if h, ok := routers.As[routers.HeldOutPredictor](r.Router); ok {
		maps.DeleteFunc(trained.digests, func(norm string, _ bool) bool { _, known := h.HeldOutPrediction(norm); return known })
	}
	return trained
}

// none reports whether no router says what it was trained on.
func (k knowledge) none() bool { return len(k.digests) == 0 && len(k.witnesses) == 0 }

// covers reports whether every digest of other is among those of k.
func (k knowledge) covers(other knowledge) bool {
	for digest := range other.digests {
		if !k.digests[digest] {
			return false
		}
	}
	return true
}

// trainedOn reports whether one of the routers was trained on the prompt of row i of the table.
func (k knowledge) trainedOn(t *datasets.Table, i int) bool {
	if t.PromptNormSHA256 != nil && k.digests[t.PromptNormSHA256[i]] {
		return true
	}
	if len(k.witnesses) == 0 {
		return false
	}
	p := promptAt(t, i)
	return slices.ContainsFunc(k.witnesses, func(w routers.TrainedOn) bool { return w.TrainedOn(p) })
}
