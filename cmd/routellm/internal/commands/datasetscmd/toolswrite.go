package datasetscmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/importers"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/text"
)

func note(s cmdutil.Streams, line string) { fmt.Fprintln(s.Err, text.Wrap(line)) }

// noteSummary reports which files were read and what was left out.
func noteSummary(s cmdutil.Streams, t importers.Tool, sum importers.Summary) {
	note(s, fmt.Sprintf("read %s of %s: %s", text.Plural(len(sum.Files), "file"), t.Title, text.Sample(sum.Files)))
	for _, l := range sum.LeftOut {
		note(s, "left out "+text.Plural(l.N, l.What))
	}
}

// write writes what the files hold: a data set, and what the flags ask for besides.
func (o *toolOptions) write(ctx context.Context, s cmdutil.Streams, t importers.Tool, out *importers.Output) error {
	table, err := o.table(s, t, out)
	if err != nil {
		return err
	}
	var files []outfile.File
	for _, f := range []struct {
		flag, path string
		none       bool
		data       func() ([]byte, error)
	}{
		{"--decisions", o.Decisions, len(out.Decisions) == 0, func() ([]byte, error) { return importers.DecisionsCSV(out.Decisions) }},
		{"--prices", o.prices(t), len(out.Prices) == 0, func() ([]byte, error) { return importers.PricesCSV(out.Prices) }},
	} {
		if f.path == "" {
			continue
		}
		if f.none {
			return fmt.Errorf("%s: found none in the files of %s", f.flag, t.Title)
		}
		data, err := f.data()
		if err != nil {
			return fault.Wrap(err)
		}
		files = append(files, outfile.File{Path: f.path, Data: data})
	}
	for _, f := range files {
		if err := outfile.MkdirAll(filepath.Dir(f.Path)); err != nil {
			return fault.Wrap(err)
		}
	}
	if table != nil {
		if err := writeImport(ctx, s, o.Out, table, o.DropText); err != nil {
			return err
		}
	}
	if err := outfile.WriteAll(files); err != nil {
		return fault.Wrap(err)
	}
	for _, f := range files {
		fmt.Fprintf(s.Out, "%s: %s\n", f.Path, text.Plural(strings.Count(string(f.Data), "\n")-1, "row"))
	}
	return nil
}

// prices returns where prices go: of a tool that has nothing else, to --out too.
func (o *toolOptions) prices(t importers.Tool) string {
	if t.Gives == importers.Rates {
		return cmp.Or(o.Prices, o.Out)
	}
	return o.Prices
}

// table returns the data set that the files make; nil if --out asks for none.
func (o *toolOptions) table(s cmdutil.Streams, t importers.Tool, out *importers.Output) (table *datasets.Table, err error) {
	meta, err := o.meta(t)
	if err != nil || o.Out == "" || t.Gives == importers.Rates {
		return nil, err
	}
	switch answers := out.Answers.Rows() > 0; {
	case answers && len(out.Battles) > 0:
		return nil, hint.With(errors.New("the files hold grades and votes, expected one of them"), "name the files to import instead of the folder")
	case answers:
		if table, err = o.answers(s, out.Answers, meta); err != nil {
			return nil, err
		}
	case len(out.Battles) > 0:
		table, err = importers.BattleTable(out.Battles)
	case len(out.Traffic) > 0:
		table, err = traffic(out.Traffic)
	default:
		return nil, fmt.Errorf("found nothing to import in the files of %s, expected %s", t.Title, t.Reads)
	}
	if err != nil {
		return nil, err
	}
	table.Meta = meta
	return table, nil
}

// traffic returns the prompts of calls.
func traffic(calls []importers.Request) (*datasets.Table, error) {
	table, _, err := importers.TrafficTable(calls)
	if err != nil {
		return nil, hint.With(err, "--prices FILE without --out writes the mean costs of the models")
	}
	return table, nil
}

// answers returns the samples, and reports the coverage of each model.
func (o *toolOptions) answers(s cmdutil.Streams, c *datasets.Collector, meta datasets.Meta) (*datasets.Table, error) {
	table, coverage, err := c.Table()
	if err != nil {
		return nil, err
	}
	table.Meta = meta
	for _, name := range []string{meta.Strong, meta.Weak} {
		if _, ok := table.QualityOf(name); !ok && name != "" {
			return nil, fmt.Errorf("--pair names the model %q, expected one of %s", name, strings.Join(modelsOf(table), ", "))
		}
	}
	if err := o.bound(s, table); err != nil {
		return nil, err
	}
	noteCoverage(s, coverage)
	if !slices.ContainsFunc(table.Extras, func(c datasets.Column) bool { return strings.HasPrefix(c.Name, "cost_usd:") }) {
		note(s, "the files have no costs: calibrate --prices gives them where a command needs them")
	}
	warnScales(s, table)
	return table, nil
}

// bound leaves out the values outside --range, or refuses those outside the bounds of the tool.
func (o *toolOptions) bound(s cmdutil.Streams, t *datasets.Table) error {
	id, model, out := t.DropOutside()
	if out > 0 && o.Range == "" {
		return hint.With(fmt.Errorf("sample %q: model %q: found a quality that is not from %v to %v", id, model, t.Meta.Min, t.Meta.Max),
			"--range MIN,MAX states other bounds, and leaves out what is outside")
	}
	if out > 0 {
		note(s, fmt.Sprintf("%s outside --range %s: not measured", text.Plural(out, "value"), o.Range))
	}
	return nil
}

func modelsOf(t *datasets.Table) (names []string) {
	for _, c := range t.Quality {
		names = append(names, c.Name)
	}
	return names
}

// notedModels is the number of models whose coverage is listed.
const notedModels = 20

// noteCoverage reports how many answers of each model are measured.
func noteCoverage(s cmdutil.Streams, coverage []datasets.Coverage) {
	for i, c := range coverage {
		if i == notedModels {
			note(s, "  and "+text.Plural(len(coverage)-i, "more model"))
			return
		}
		parts := []string{text.Thousands(c.Measured) + " measured"}
		if c.Missing > 0 {
			parts = append(parts, text.Thousands(c.Missing)+" missing")
		}
		for _, reason := range slices.Sorted(maps.Keys(c.Failed)) {
			word := " not measured: " + reason
			if reason == "" {
				word = " not measured"
			}
			parts = append(parts, text.Thousands(c.Failed[reason])+word)
		}
		if c.Repeated > 0 {
			parts = append(parts, text.Plural(c.Repeated, "repetition")+" averaged")
		}
		note(s, "  "+c.Model+": "+strings.Join(parts, ", "))
	}
}
