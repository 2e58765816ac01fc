package transfer

import (
	"context"
	"fmt"
	"strings"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/routers/familiar"
	"github.com/routellm/routellm/routers/training"
)

// Sources returns the sources that the default routers are trained on.
func Sources(ctx context.Context) ([]*training.Source, error) {
	return harness.TrainingSources(ctx, optionsOf(Builtin()[0].Sources))
}

// Forms returns the forms of [familiar.Known] among which the built-in one was chosen.
func Forms() []familiar.Options {
	var out []familiar.Options
	for _, clusters := range []int{1, 4, 8, 16, 32} {
		out = append(out, familiar.Options{Clusters: clusters, Counts: 1.4})
	}
	for _, counts := range []float64{0.35, 0.7, 1, 2} {
		out = append(out, familiar.Options{Clusters: 16, Counts: counts})
	}
	return out
}

// Detected is the share of each labelled source's prompts that are said to be unlike the prompts of
// the other labelled sources.
type Detected struct {
	familiar.Options
	Names []string
	Share []float64
}

// Detect measures one form.
func Detect(all []*training.Source, o familiar.Options) Detected {
	out := Detected{Options: o}
	labelled := training.Labelled(all)
	for _, left := range labelled {
		var others []familiar.Source
		for _, s := range labelled {
			if s != left {
				others = append(others, familiar.Source{Name: s.Name, Prompts: s.Prompts, Norm: s.Norm})
			}
		}
		known, n := familiar.Fit(others, o), 0
		for i := range left.Prompts {
			if known.Unlike(&left.Prompts[i]) {
				n++
			}
		}
		out.Names, out.Share = append(out.Names, left.Name), append(out.Share, float64(n)/float64(len(left.Prompts)))
	}
	return out
}

// Mean returns the mean share over the sources.
func (d Detected) Mean() float64 { return training.Mean(d.Share) }

// DetectedTable returns a Markdown table with one line per form.
func DetectedTable(all []Detected) string {
	var s strings.Builder
	s.WriteString("| clusters | weight of counts | " + strings.Join(all[0].Names, " | ") + " | mean |\n")
	s.WriteString("|" + strings.Repeat(" --- |", 3+len(all[0].Names)) + "\n")
	for _, d := range all {
		fmt.Fprintf(&s, "| %d | %g |", d.Clusters, d.Counts)
		for _, share := range d.Share {
			fmt.Fprintf(&s, " %.0f %% |", 100*share)
		}
		fmt.Fprintf(&s, " %.0f %% |\n", 100*d.Mean())
	}
	return s.String()
}
