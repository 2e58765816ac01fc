package harness

import (
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/features"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
)

// addCues sets the cues of the prompts, which are those of the given rows: the stored ones, or else
// those of the text. Prompts without either get none.
func addCues(prompts []routers.Prompt, t *datasets.Table, rows []int) {
	stored := t.HasCues()
	for k, i := range rows {
		switch {
		case stored:
			prompts[k].Cues = t.Cues[i]
		case prompts[k].HasText:
			prompts[k].Cues = features.Of(prompts[k].Text)
		}
	}
}

// attach adds downloaded prompts to a table that lacks the text which a router needs, and refuses
// a table without the cues that it needs.
func attach(name string, t *datasets.Table, n routers.Needs) error {
	if n.Text && !t.HasPrompt {
		if err := AttachText(name, t); err != nil {
			return err
		}
	}
	if n.Cues {
		return checkCues(name, t)
	}
	return nil
}

// checkCues returns an error if a data set has neither cues nor prompts to compute them from.
func checkCues(name string, t *datasets.Table) error {
	if t.HasPrompt || t.HasCues() {
		return nil
	}
	why := "the data has neither prompts nor cues of them, which a router needs"
	if otherCues(t.Meta) {
		why = "a router needs cues of the prompts, but the data has those of another version of routellm, and no prompts to compute them from"
	}
	return hint.With(fmt.Errorf("%q: %s", name, why), "import the data again: routellm datasets import keeps the prompts, or writes their cues where --drop-text leaves them out")
}

// otherCues reports whether a data set's cues are those of another version of the program.
func otherCues(m datasets.Meta) bool { return m.CuesSHA256 != "" && m.CuesSHA256 != features.SHA256() }
