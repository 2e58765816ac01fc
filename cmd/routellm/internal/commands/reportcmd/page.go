package reportcmd

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/pages"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
)

// page reads the results files, evaluates the data sets, and builds the page. Each path of
// results may have a label in front.
func (o *options) page(ctx context.Context, s cmdutil.Streams, paths []string) (report.Page, error) {
	sets, err := o.sets(ctx, s, paths)
	if err != nil {
		return report.Page{}, err
	}
	given, err := o.price(ctx, sets)
	if err != nil {
		return report.Page{}, err
	}
	page, err := pages.New(sets, given)
	page.Title = cmp.Or(o.Title, page.Title)
	return page, err
}

// sets reads the results files, and evaluates all data sets together, at the place of the first.
func (o *options) sets(ctx context.Context, s cmdutil.Streams, paths []string) ([]*harness.ScoreSet, error) {
	var sets []*harness.ScoreSet
	var data []string
	place := 0
	for _, text := range paths {
		label, path := labelled(text)
		if path == harness.JoinedOutcomes || harness.HoldsData(path) {
			if data == nil {
				place = len(sets)
			}
			data = append(data, path)
			continue
		}
		l, err := pages.Read(path)
		if err != nil {
			return nil, err
		}
		noteOthers(s, path)
		l.Label = label
		if err := o.readTexts(ctx, s, l, nil); err != nil {
			return nil, err
		}
		sets = append(sets, l)
	}
	if data != nil {
		evaluated, err := o.evaluate(ctx, s, data)
		if err != nil {
			return nil, hintFolders(err, data)
		}
		sets = slices.Insert(sets, place, evaluated)
	} else if err := o.CheckUnused("results hold costs as they were evaluated: give the prices to eval, or a data set to report"); err != nil {
		return nil, err
	}
	if !o.HasSummaries() {
		return sets, nil
	}
	summed, err := o.evaluateSummaries(ctx, s)
	return append(sets, summed), err
}

// readTexts reads the prompts and answers of a set's samples, unless the page shall have none. It notes
// which files are not there or have changed.
func (o *options) readTexts(ctx context.Context, s cmdutil.Streams, l *harness.ScoreSet, r *harness.Reading) error {
	if !o.Prompts {
		return nil
	}
	notes, err := l.ReadTexts(ctx, pages.MaxSamples, r)
	for _, note := range notes {
		s.Feedback().Note(note)
	}
	return err
}

// noteOthers says which tables of a folder of results are left out, because its results count.
func noteOthers(s cmdutil.Streams, path string) {
	if !harness.HoldsResults(path) {
		return
	}
	if others := harness.BesideResults(path); len(others) > 0 {
		fmt.Fprintf(s.Err, "note: %s: reading %s; other files, such as %s, are left out: name them to evaluate them\n", path, harness.ResultsName, others[0])
	}
}

// hintFolders adds to an error about data that a folder has no results either, and what it has.
func hintFolders(err error, data []string) error {
	for _, path := range data {
		if _, absent := harness.FindResults(path); absent != nil {
			return hint.With(err, append([]string{absent.Error()}, hint.Of(absent)...)...)
		}
	}
	return err
}

// labelled splits [LABEL=]RESULTS. Without a label, label is "".
func labelled(text string) (label, path string) {
	if a := harness.ParseOperand(text); a.Path != "" && a.Router == "" {
		return a.Label, a.Path
	}
	if label, path, ok := strings.Cut(text, "="); ok && harness.HoldsResults(path) { // a folder named like a router
		return label, path
	}
	return "", text
}
