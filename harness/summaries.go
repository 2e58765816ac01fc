package harness

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// Summaries holds the summaries of routers on the same samples, which [OpenSummaries] reads.
type Summaries struct {
	Routers []SummarizedRouter
	Inputs  []results.Input // the files that were read, refined ones last

	// Of a data set that [Summarise] summed up: its name, its pair of models, and how many rows were left out.
	Name     string
	Pair     results.Pair
	Excluded results.Excluded
}

// SummarizedRouter is a router of which a summary is known.
type SummarizedRouter struct {
	Name    string
	Summary *binned.Summary
}

// SummaryFiles names the files of summaries.
type SummaryFiles struct {
	// Paths name the summaries, each [LABEL=]PATH. Paths of the same label are parts of one summary,
	// which are added up. Without a label the file's name is the router's.
	Paths []string
	// Refined names rows of single scores that replace bins, each [LABEL=]PATH as in Paths.
	Refined []string
	// Rows says how the files are read.
	Rows rows.Options
	// ScoresOnly takes summaries without qualities too.
	ScoresOnly bool
}

// OpenSummaries reads summaries. It returns an error unless all are of the same samples, as far as
// their sums tell.
func OpenSummaries(ctx context.Context, f SummaryFiles) (*Summaries, error) {
	s, err := f.read(ctx, f.Paths)
	if err != nil {
		return nil, err
	}
	if err := f.refine(ctx, s); err != nil {
		return nil, err
	}
	for k, r := range s.Routers[1:] {
		if slices.ContainsFunc(s.Routers[:k+1], func(o SummarizedRouter) bool { return o.Name == r.Name }) {
			return nil, hint.With(fmt.Errorf("two routers are called %q", r.Name), "give the summaries labels: --summary LABEL=FILE")
		}
		if err := binned.CheckSame(s.Routers[0].Summary, r.Summary); err != nil && !f.ScoresOnly {
			return nil, fmt.Errorf("%q and %q: %w", s.Routers[0].Name, r.Name, err)
		}
	}
	return s, nil
}

// summaryGroup holds the paths of one label.
type summaryGroup struct {
	label string // "" without one
	paths []string
}

// groupSummaries puts the paths of the same label together.
func groupSummaries(texts []string) []summaryGroup {
	var out []summaryGroup
	for _, x := range texts {
		label, path := labelOf(x)
		if k := slices.IndexFunc(out, func(l summaryGroup) bool { return label != "" && l.label == label }); k >= 0 {
			out[k].paths = append(out[k].paths, path)
			continue
		}
		out = append(out, summaryGroup{label, []string{path}})
	}
	return out
}

// labelOf splits [LABEL=]PATH. A file whose name holds the = has no label.
func labelOf(text string) (label, path string) {
	label, path, ok := strings.Cut(text, "=")
	if _, err := os.Stat(text); !ok || err == nil || strings.ContainsAny(label, `:/\`) {
		return "", text
	}
	return label, path
}

// read reads the summaries of paths.
func (f SummaryFiles) read(ctx context.Context, texts []string) (*Summaries, error) {
	out := &Summaries{}
	for _, g := range groupSummaries(texts) {
		set, err := summaries.Read(ctx, g.paths, summaries.Options{Options: f.Rows, ScoresOnly: f.ScoresOnly})
		if err != nil {
			return nil, err
		}
		for _, x := range set.Files {
			out.Inputs = append(out.Inputs, results.Input{Path: x.Path, SHA256: x.SHA256, Format: x.Format, Parts: x.Parts})
		}
		for _, r := range set.Routers {
			out.Routers = append(out.Routers, SummarizedRouter{g.name(r.Name, len(set.Routers)), r.Summary})
		}
	}
	return out, nil
}

// name returns the name of one of so many routers of a group, from the column router or the label.
func (g summaryGroup) name(router string, routers int) string {
	switch {
	case router == "" && g.label == "":
		return nameOf(g.paths[0])
	case router == "" || g.label != "" && routers == 1:
		return g.label
	case g.label != "":
		return g.label + ":" + router
	}
	return router
}

// nameOf returns a router's name from the path of its summary: that of the file, or of the folder of a
// pattern.
func nameOf(path string) string {
	for strings.ContainsAny(filepath.Base(path), "*?[") {
		path = filepath.Dir(path)
	}
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	if name == "" || name == "-" || name == string(filepath.Separator) {
		return "router"
	}
	return name
}

// refine replaces bins by refined rows. A summary alone needs no label.
func (f SummaryFiles) refine(ctx context.Context, s *Summaries) error {
	if len(f.Refined) == 0 {
		return nil
	}
	refined, err := f.read(ctx, f.Refined)
	if err != nil {
		return err
	}
	s.Inputs = append(s.Inputs, refined.Inputs...)
	for _, r := range refined.Routers {
		k := slices.IndexFunc(s.Routers, func(o SummarizedRouter) bool { return o.Name == r.Name })
		if len(s.Routers) == 1 && len(refined.Routers) == 1 {
			k = 0
		}
		if k < 0 {
			return hint.With(fmt.Errorf("refined rows of %q: no summary has this name, expected one of %s", r.Name, text.Quoted(s.names(), 10)),
				"use the same labels: --summary LABEL=FILE --refined LABEL=FILE")
		}
		if s.Routers[k].Summary, err = s.Routers[k].Summary.Refine(r.Summary); err != nil {
			return fmt.Errorf("refined rows of %q: %w", s.Routers[k].Name, err)
		}
	}
	return nil
}

// names returns the names of the routers.
func (s *Summaries) names() []string {
	var out []string
	for _, r := range s.Routers {
		out = append(out, r.Name)
	}
	return out
}
