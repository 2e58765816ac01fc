package audit

import (
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
)

func repeatedIDs(in Input) []Finding {
	return ifAny(Finding{Code: "repeated-id", Severity: Error, Message: "the id repeats that of an earlier row: eval refuses the file",
		Rows: repeats(in.Table.SampleID)})
}

// repeats returns the rows whose key an earlier row has.
func repeats(keys []string) []int {
	seen := map[string]bool{}
	return rowsWhere(len(keys), func(i int) bool {
		again := seen[keys[i]]
		seen[keys[i]] = true
		return again
	})
}

// repeatedPrompts finds repeated prompts in a data set of outcomes. Battles and sets of prompts
// are expected to have some.
func repeatedPrompts(in Input) []Finding {
	if in.Table.Quality == nil {
		return nil
	}
	return ifAny(Finding{Code: "repeated-prompt", Severity: Note, Message: "the prompt repeats that of an earlier row and is counted again",
		Rows: repeats(in.Table.PromptSHA256)})
}

// conflicts finds repeated prompts whose qualities differ from those at their first occurrence.
func conflicts(in Input) []Finding {
	digests, models := in.Table.PromptSHA256, judged(in)
	first := firstRows(digests)
	rows := rowsWhere(len(digests), func(i int) bool {
		return slices.ContainsFunc(models, func(c datasets.Column) bool {
			before, now := c.Values[first[digests[i]]], c.Values[i]
			return before != now && !math.IsNaN(before) && !math.IsNaN(now)
		})
	})
	return ifAny(Finding{Code: "conflicting-outcomes", Severity: Warning,
		Message: "the prompt repeats that of an earlier row, where " + subject(in) + " has a different quality", Rows: rows})
}

func subject(in Input) string {
	if in.Strong != "" {
		return "a model of the pair"
	}
	return "a model"
}

// judged returns the qualities of the pair, or of every model if the input names no pair.
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

// splitClusters finds repeated prompts that count as independent samples.
func splitClusters(in Input) []Finding {
	digests, clusters := in.Table.PromptSHA256, in.Table.Cluster
	first := firstRows(digests)
	rows := rowsWhere(len(digests), func(i int) bool { return clusters[i] != clusters[first[digests[i]]] })
	return ifAny(Finding{Code: "split-cluster", Severity: Warning, Mend: Nothing,
		Message: "the prompt repeats that of a row in another cluster: eval joins them unless --cluster says otherwise", Rows: rows})
}

// variants finds prompts that differ from an earlier one only in case, white space or Unicode
// composition.
func variants(in Input) []Finding {
	norms, digests := in.Table.PromptNormSHA256, in.Table.PromptSHA256
	if norms == nil || digests == nil {
		return nil
	}
	first := firstRows(norms)
	rows := rowsWhere(len(norms), func(i int) bool { return digests[i] != digests[first[norms[i]]] })
	return ifAny(Finding{Code: "variant-prompt", Severity: Warning,
		Message: "the prompt differs from that of an earlier row only in case or white space", Rows: rows})
}

// nearCopies finds near-duplicates of prompts. It leaves out prompts that are equal after
// normalising, which repeatedPrompts and variants report.
func nearCopies(in Input) []Finding {
	norms := in.Table.PromptNormSHA256
	times := map[string]int{}
	for _, norm := range norms {
		times[norm]++
	}
	rows := rowsWhere(len(in.Near), func(i int) bool { return in.Near[i] && (norms == nil || times[norms[i]] == 1) })
	return ifAny(Finding{Code: "near-prompt", Severity: Note, Message: "another row has a near-duplicate of the prompt", Rows: rows})
}

func contaminated(in Input) []Finding {
	flags := in.Table.Contaminated
	return ifAny(Finding{Code: "contaminated", Severity: Note, Mend: Restore,
		Message: "marked as contaminated: eval excludes it", Rows: rowsWhere(len(flags), func(i int) bool { return flags[i] })})
}

// training finds prompts that are in the training data of a router.
func training(in Input) []Finding {
	var found []Finding
	norms := in.Table.PromptNormSHA256
	for _, other := range in.Training {
		theirs := map[string]bool{}
		for _, norm := range other.Norms {
			theirs[norm] = true
		}
		found = append(found, ifAny(Finding{Code: "training-prompt", Severity: Warning, About: other.Name,
			Message: "the prompt is in the training data",
			Rows:    rowsWhere(len(norms), func(i int) bool { return theirs[norms[i]] })})...)
		found = append(found, ifAny(Finding{Code: "training-copy", Severity: Warning, About: other.Name,
			Message: "the prompt holds one of the training data in another format, or is held in one",
			Rows:    rowsWhere(len(other.Copy), func(i int) bool { return other.Copy[i] })})...)
		found = append(found, ifAny(Finding{Code: "near-training", Severity: Note, About: other.Name,
			Message: "the training data has a near-duplicate of the prompt",
			Rows: rowsWhere(len(other.Near), func(i int) bool {
				return other.Near[i] && (norms == nil || !theirs[norms[i]]) && (other.Copy == nil || !other.Copy[i])
			})})...)
	}
	return found
}
