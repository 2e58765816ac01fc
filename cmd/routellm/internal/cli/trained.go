package cli

import (
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// knowledge is what routers say that they were trained on.
type knowledge struct {
	digests   map[string]bool // normalised
	witnesses []routers.TrainedOn
}

// knowledgeOf joins what the routers say.
func knowledgeOf(entrants []entrant) knowledge {
	k := knowledge{digests: map[string]bool{}}
	for _, e := range entrants {
		if t, ok := e.router.(routers.Trained); ok {
			for _, digest := range t.TrainingPrompts() {
				k.digests[digest] = true
			}
		}
		if w, ok := e.router.(routers.TrainedOn); ok {
			k.witnesses = append(k.witnesses, w)
		}
	}
	return k
}

// none reports whether no router says anything.
func (k knowledge) none() bool { return len(k.digests) == 0 && len(k.witnesses) == 0 }

// trainedOn reports whether one of the routers was trained on prompt p, row i of the
// table.
func (k knowledge) trainedOn(t *datasets.Table, p routers.Prompt, i int) bool {
	if t.PromptNormSHA256 != nil && k.digests[t.PromptNormSHA256[i]] {
		return true
	}
	return slices.ContainsFunc(k.witnesses, func(w routers.TrainedOn) bool { return w.TrainedOn(p) })
}
