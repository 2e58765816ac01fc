package audit

import (
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
)

func repeatedIDs(in Input) []Finding {
	return some(Finding{Code: "repeated-id", Severity: Error, Message: "the sample's id occurs before; eval refuses the file",
		Rows: repeats(in.Table.SampleID)})
}

// repeats lists the rows whose key occurs in an earlier row.
func repeats(keys []string) []int {
	seen := map[string]bool{}
	return rowsWhere(len(keys), func(i int) bool {
		again := seen[keys[i]]
		seen[keys[i]] = true
		return again
	})
}

// repeatedPrompts says nothing of battles and sets of prompts, where repeats are in the
// nature of things.
func repeatedPrompts(in Input) []Finding {
	if in.Table.Quality == nil {
		return nil
	}
	return some(Finding{Code: "repeated-prompt", Severity: Note, Message: "the prompt occurs before and counts again",
		Rows: repeats(in.Table.PromptSHA256)})
}

// conflicts compares repeated prompts with their first occurrence.
func conflicts(in Input) []Finding {
	digests, models := in.Table.PromptSHA256, judged(in)
	first := firstRows(digests)
	rows := rowsWhere(len(digests), func(i int) bool {
		return slices.ContainsFunc(models, func(c datasets.Column) bool {
			before, now := c.Values[first[digests[i]]], c.Values[i]
			return before != now && !math.IsNaN(before) && !math.IsNaN(now)
		})
	})
	return some(Finding{Code: "conflicting-outcomes", Severity: Warning,
		Message: "the prompt occurs before, and " + subject(in) + " fared otherwise there", Rows: rows})
}

func subject(in Input) string {
	if in.Strong != "" {
		return "one of the pair"
	}
	return "a model"
}

// judged are the qualities of the pair, of every model where there is none.
func judged(in Input) []datasets.Column {
	if in.Strong == "" {
		return in.Table.Quality
	}
	var pair []datasets.Column
	for _, c := range in.Table.Quality {
		if c.Name == in.Strong || c.Name == in.Weak {
			pair = append(pair, c)
		}
	}
	return pair
}

func firstRows(keys []string) map[string]int {
	first := map[string]int{}
	for i, key := range keys {
		if _, ok := first[key]; !ok {
			first[key] = i
		}
	}
	return first
}

// splitClusters finds repeats that count as independent.
func splitClusters(in Input) []Finding {
	digests, clusters := in.Table.PromptSHA256, in.Table.Cluster
	first := firstRows(digests)
	rows := rowsWhere(len(digests), func(i int) bool { return clusters[i] != clusters[first[digests[i]]] })
	return some(Finding{Code: "split-cluster", Severity: Warning, Mend: Nothing,
		Message: "the prompt occurs before in another cluster: standard errors come out too small", Rows: rows})
}

// variants finds prompts that are the same but for case, white space or composition.
func variants(in Input) []Finding {
	norms, digests := in.Table.PromptNormSHA256, in.Table.PromptSHA256
	if norms == nil || digests == nil {
		return nil
	}
	first := firstRows(norms)
	rows := rowsWhere(len(norms), func(i int) bool { return digests[i] != digests[first[norms[i]]] })
	return some(Finding{Code: "variant-prompt", Severity: Warning,
		Message: "the prompt occurs before but for case and white space", Rows: rows})
}

// nearCopies leaves out prompts that are the same: those are other findings.
func nearCopies(in Input) []Finding {
	norms := in.Table.PromptNormSHA256
	times := map[string]int{}
	for _, norm := range norms {
		times[norm]++
	}
	rows := rowsWhere(len(in.Near), func(i int) bool { return in.Near[i] && (norms == nil || times[norms[i]] == 1) })
	return some(Finding{Code: "near-prompt", Severity: Note, Message: "another row's prompt is nearly the same", Rows: rows})
}

func contaminated(in Input) []Finding {
	flags := in.Table.Contaminated
	return some(Finding{Code: "contaminated", Severity: Note, Mend: Restore,
		Message: "marked as contaminated: eval leaves it out", Rows: rowsWhere(len(flags), func(i int) bool { return flags[i] })})
}

// training finds prompts that a router may have learned from.
func training(in Input) []Finding {
	var found []Finding
	norms := in.Table.PromptNormSHA256
	for _, other := range in.Training {
		theirs := map[string]bool{}
		for _, norm := range other.Norms {
			theirs[norm] = true
		}
		found = append(found, some(Finding{Code: "training-prompt", Severity: Warning, About: other.Name,
			Message: "the prompt is in training data",
			Rows:    rowsWhere(len(norms), func(i int) bool { return theirs[norms[i]] })})...)
		found = append(found, some(Finding{Code: "near-training", Severity: Note, About: other.Name,
			Message: "training data has nearly the same prompt",
			Rows:    rowsWhere(len(other.Near), func(i int) bool { return other.Near[i] && (norms == nil || !theirs[norms[i]]) })})...)
	}
	return found
}
