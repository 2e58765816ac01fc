package cli

import (
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
)

// selection is what has to be read of a file so that promptsOf can meet the
// needs. Text stands in for features and vectors that a file does not have.
func selection(f *datasets.File, n routers.Needs) datasets.Select {
	noFeatures := n.Features && !f.HasColumn("feature:chars")
	return datasets.Select{
		Digests:   n.SHA256 || n.Text,
		Features:  n.Features,
		Embedding: n.Vector,
		Prompts:   n.Text || noFeatures || n.Vector,
	}
}

// promptsOf is what routers may see of a table's rows, less the vectors, which depend on
// the router: see [encoders.vectorsOf].
func promptsOf(t *datasets.Table, n routers.Needs) []routers.Prompt {
	out := make([]routers.Prompt, t.Rows())
	for i := range out {
		out[i].ID, out[i].Task = t.SampleID[i], t.Task[i]
		if t.PromptSHA256 != nil {
			out[i].SHA256 = t.PromptSHA256[i]
		}
		if t.HasPrompt {
			out[i].Text, out[i].HasText = t.Prompt[i], true
		}
	}
	if n.Features {
		addFeatures(out, t)
	}
	return out
}

// addFeatures attaches the counts: those of the text, or else the columns that
// there are.
func addFeatures(prompts []routers.Prompt, t *datasets.Table) {
	for i := range prompts {
		if t.HasPrompt {
			prompts[i].Features = routers.FeaturesOf(t.Prompt[i])
		}
	}
	if t.HasPrompt {
		return
	}
	for _, name := range []routers.Feature{routers.Chars, routers.Words, routers.Lines, routers.Numbers} {
		values, _ := t.FeatureOf(name.String())
		for i, v := range values {
			prompts[i].Features = prompts[i].Features.With(name, v)
		}
	}
}
