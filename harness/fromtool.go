package harness

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/importers"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// fromTool makes a data set of an evaluation tool's files. It returns nil, and no error, if no
// tool's files are there, if they hold nothing of the tool, or if the user says what their columns
// mean.
func (o *opener) fromTool(ctx context.Context, name string) (*made, error) {
	tool, found := importers.Detect(name)
	if !found || !o.suits(tool) {
		return nil, nil
	}
	out, summary, err := importers.Import(ctx, tool, []string{name}, o.toolOptions(ctx))
	if err != nil {
		return nil, err
	}
	if tool.Gives == importers.Answers && out.Answers.Rows() == 0 && out.Battles == nil {
		return nil, nil // a table with some of the tool's columns
	}
	o.tellTool(name, tool, summary)
	table, coverage, err := tableOf(name, tool, out)
	if err != nil {
		return nil, err
	}
	table.Meta = tool.Meta()
	table.Meta.Name, table.Meta.Title = NameOf(name), NameOf(name)
	if err := o.bound(name, table); err != nil {
		return nil, err
	}
	rename(table, coverage, o.reading.Columns.Aliases)
	o.tellCoverage(name, coverage)
	in := results.Input{Path: name, Tool: tool.Name, Coverage: coverageOf(coverage)}
	if in.SHA256, err = digestOf(summary.Files); err != nil {
		return nil, err
	}
	if len(summary.Files) > 1 {
		in.Parts = summary.Files
	}
	return madeOf(table, in)
}

// suits reports whether the tool heeds what the user has set. Otherwise the file is read as a
// table.
func (o *opener) suits(t importers.Tool) bool {
	general := []string{"repeat", "errors", "text", "range", "alias", "skip-bad"}
	for name := range importers.Flags() {
		if name != "prompt" && name != "model" { // which mean columns of a table too
			general = append(general, name)
		}
	}
	return !slices.ContainsFunc(o.reading.Given, func(flag string) bool {
		flag = strings.TrimPrefix(flag, "--")
		return !slices.Contains(general, flag) && !slices.Contains(t.Uses, flag)
	})
}

// toolOptions returns what the options say that tools can heed.
func (o *opener) toolOptions(ctx context.Context) importers.Options {
	out, c := o.reading.Tool, o.reading.Columns
	out.Text, out.Progress, out.Notef = c.Text, o.watch(ctx, "reading"), o.feedback.note
	out.Collect = datasets.CollectOptions{Repeat: c.Repeat, FailWrong: c.FailWrong, SkipBad: c.SkipBad, KeepPrompt: true}
	if out.Prompt == "" {
		out.Prompt = c.Prompt
	}
	if out.Model == "" && len(c.Models) == 1 {
		out.Model = c.Models[0].Model
	}
	return out
}

// bound leaves out qualities outside the bounds that the user gave, or refuses those outside the
// tool's own.
func (o *opener) bound(name string, t *datasets.Table) error {
	c := o.reading.Columns
	given := c.Min < c.Max
	if given {
		t.Meta.Min, t.Meta.Max = c.Min, c.Max
	}
	id, model, n := t.DropOutside()
	switch {
	case n > 0 && !given:
		return hint.With(fmt.Errorf("%q: sample %q: model %q: found a quality outside %v to %v", name, id, model, t.Meta.Min, t.Meta.Max),
			"--range MIN,MAX gives other bounds, and leaves out what is outside")
	case n > 0:
		o.feedback.note("%s: %s outside --range not measured", name, text.Plural(n, "value"))
	}
	return nil
}

// rename gives models other names.
func rename(t *datasets.Table, coverage []datasets.Coverage, names map[string]string) {
	renamed := func(model string) string { return cmp.Or(names[model], model) }
	for i := range t.Quality {
		t.Quality[i].Name = renamed(t.Quality[i].Name)
	}
	for i, c := range t.Extras {
		if kind, model, ok := strings.Cut(c.Name, ":"); ok {
			t.Extras[i].Name = kind + ":" + renamed(model)
		}
	}
	for i := range coverage {
		coverage[i].Model = renamed(coverage[i].Model)
	}
}

// tellTool says what was read as which tool's, and what was left out.
func (o *opener) tellTool(name string, t importers.Tool, s importers.Summary) {
	o.feedback.note("reading %s: %s of %s", name, text.Plural(len(s.Files), "file"), t.Title)
	var left []string
	for _, l := range s.LeftOut {
		left = append(left, fmt.Sprintf("%s (%s)", l.What, text.Thousands(l.N)))
	}
	if left != nil {
		o.feedback.note("%s: left out: %s", name, strings.Join(left, ", "))
	}
}

// tableOf returns the data set that a tool's files hold.
func tableOf(name string, t importers.Tool, out *importers.Output) (*datasets.Table, []datasets.Coverage, error) {
	switch t.Gives {
	case importers.Answers:
		return out.Answers.Table()
	case importers.Votes:
		table, err := importers.BattleTable(out.Battles)
		return table, nil, err
	case importers.Calls:
		table, _, err := importers.TrafficTable(out.Traffic)
		return table, nil, err
	}
	return nil, nil, hint.With(fmt.Errorf("%q: %s files have %s, but no prompts", name, t.Title, t.Gives),
		fmt.Sprintf("routellm datasets import %s %s shows them", t.Name, name))
}

// digestOf returns the digest of files: of the only one or, of several, of their digests.
func digestOf(files []string) (string, error) {
	if len(files) == 1 {
		return datasets.Digest(files[0])
	}
	hash := sha256.New()
	for _, f := range files {
		digest, err := datasets.Digest(f)
		if err != nil {
			return "", err
		}
		io.WriteString(hash, digest+"\n") // a hash never fails
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
