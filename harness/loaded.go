package harness

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
)

// The labels of the baselines that Run adds.
const (
	randomLabel       = "random"
	alwaysStrongLabel = "always strong"
	alwaysWeakLabel   = "always weak"
)

// checkRun refuses what would give wrong numbers without an error: routers that
// checkOpen refuses, and benchmarks that were loaded for other routers.
func checkRun(rs []Router, benches []*Benchmark) error {
	if len(benches) == 0 {
		return errors.New("no benchmark to evaluate on: expected at least one from Load")
	}
	if err := checkOpen(rs); err != nil {
		return err
	}
	names := map[string]bool{}
	for _, b := range benches {
		if names[b.name] {
			return fmt.Errorf("two benchmarks are called %q: expected one of each name", b.name)
		}
		names[b.name] = true
	}
	for _, r := range rs {
		for _, b := range benches {
			if err := b.checkLoadedFor(r); err != nil {
				return err
			}
			if err := b.checkOutcomes(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkOutcomes refuses a router that looks at outcomes if these are corrected ones: they are right on
// average, and not sample by sample.
func (b *evaluatedData) checkOutcomes(r Router) error {
	if _, ok := routers.As[routers.OutcomeScorer](r.Router); ok && b.gold != nil {
		return hint.With(fmt.Errorf("%s: router %q orders samples by their outcomes, of which corrected labels know the mean alone", b.name, r.Spec.Label),
			"leave it out, or leave out --gold-part")
	}
	return nil
}

// checkOpen refuses routers that are not open, that share a label, or that have the label
// of a baseline that Run adds.
func checkOpen(rs []Router) error {
	seen := map[string]bool{}
	for _, r := range rs {
		label := r.Spec.Label
		switch {
		case r.Router == nil:
			return fmt.Errorf("router %q is not open: expected a router from Open, OpenOne or Own", label)
		case seen[label]:
			return fmt.Errorf("two routers are called %q: expected a label of its own for each", label)
		case label == alwaysStrongLabel, label == alwaysWeakLabel, label == randomLabel && !r.isClosedForm():
			return fmt.Errorf("router label %q is the name of a baseline: expected another label", label)
		}
		seen[label] = true
	}
	return nil
}

// checkLoadedFor refuses a router that the benchmark was not loaded for: one that needs
// parts of the prompts that were not read, or that was trained on samples that the
// benchmark still has.
func (b *evaluatedData) checkLoadedFor(r Router) error {
	why := ""
	if lacking := b.lacking(r); len(lacking) > 0 {
		why = "which needs " + strings.Join(lacking, " and ")
	} else if n := b.trainedOn(r); n > 0 {
		why = fmt.Sprintf("which was trained on %d of its samples", n)
	} else {
		return nil
	}
	return fmt.Errorf("benchmark %q was not loaded for router %q, %s: expected a benchmark from a Load with this router", b.name, r.Spec.Label, why)
}

// lacking lists what the router needs of the data and Load did not read or check.
func (b *evaluatedData) lacking(r Router) []string {
	var out []string
	needs, read := r.Needs(), b.demand.needs
	for _, x := range []struct {
		needs, read bool
		what        string
	}{
		{needs.SHA256, read.SHA256 || b.table.PromptSHA256 != nil, "prompt digests"},
		{needs.Text, read.Text || b.table.HasPrompt, "text"},
		{needs.Features, read.Features, "text features"},
		{needs.Cues, read.Cues, "cues"},
	} {
		if x.needs && !x.read {
			out = append(out, x.what)
		}
	}
	if k, ok := kindOf(r.Router); ok && b.vectors[k] == nil {
		out = append(out, fmt.Sprintf("vectors of the encoder %q", k.name))
	}
	if !b.digests && !b.demand.trained.covers(knowledgeOf([]Router{r})) {
		out = append(out, "digests that show its training prompts")
	}
	if _, ok := routers.As[routers.Checker](r.Router); ok && !slices.ContainsFunc(b.demand.routers, func(o Router) bool { return o.Spec == r.Spec }) {
		out = append(out, "a check of its file against the prompts")
	}
	return out
}

// trainedOn returns the number of evaluated samples that the router was trained on; 0 if
// Load was asked to keep them.
func (b *evaluatedData) trainedOn(r Router) int {
	trained, n := knowledgeOf([]Router{r}), 0
	if b.demand.keep || trained.none() {
		return 0
	}
	for _, i := range b.used {
		if trained.trainedOn(b.table, i) {
			n++
		}
	}
	return n
}

// trainedOnSome returns the labels of the routers that were trained on at least one row.
func (b *evaluatedData) trainedOnSome(d demand) []string {
	var labels []string
	for _, r := range d.routers {
		trained := knowledgeOf([]Router{r})
		for i := range b.table.Rows() {
			if trained.trainedOn(b.table, i) {
				labels = append(labels, r.Spec.Label)
				break
			}
		}
	}
	return labels
}
