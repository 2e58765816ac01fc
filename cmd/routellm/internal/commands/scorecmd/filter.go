package scorecmd

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets/filter"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/text"
)

// filterRows scores tables that pass through.
func filterRows(ctx context.Context, s cmdutil.Streams, in io.Reader, o options, r harness.Router, reading harness.Reading) error {
	if err := checkReading(reading); err != nil {
		return err
	}
	c, err := harness.NewTextScorer(ctx, r, o.As, o.Options(), s.Feedback())
	if err != nil {
		return err
	}
	f := filter.Options{
		Prompt: cmp.Or(reading.Columns.Prompt, "prompt"), Text: reading.Columns.Text, Columns: c.Columns(), Score: c.Score,
		Digests: o.Digests, Features: o.Features, Null: o.OnError == "null", Jobs: o.useJobs(),
	}
	if o.Stream != "" {
		return filterStream(ctx, s, in, o, f)
	}
	how, err := howOf(c, o, f)
	if err != nil {
		return err
	}
	return filterFiles(ctx, s, o, f, how)
}

// howOf describes how files are scored, for their metadata.
func howOf(c *harness.TextScorer, o options, f filter.Options) (string, error) {
	how, err := json.Marshal(map[string]any{
		"scores": c.Meta(o.Router).Pairs(), "columns": f.Columns, "prompt": f.Prompt, "text": cmp.Or(string(f.Text), "last"),
		"digests": f.Digests, "features": f.Features, "on_error": o.OnError,
	})
	return string(how), err
}

// filterStream scores standard input.
func filterStream(ctx context.Context, s cmdutil.Streams, in io.Reader, o options, f filter.Options) error {
	run := filter.Arrow
	if o.Stream == "ndjson" {
		run = filter.NDJSON
	}
	if o.Out == "" {
		count, err := run(ctx, in, s.Out, f)
		noteNull(s, count)
		return err
	}
	out, err := cmdutil.CreateFile(o.Out)
	if err != nil {
		return err
	}
	defer out.Abort()
	count, err := run(ctx, in, out, f)
	if err != nil {
		return err
	}
	if err := out.Commit(); err != nil {
		return fault.Wrap(err)
	}
	noteNull(s, count)
	_, err = fmt.Fprintf(s.Out, "%s: %s\n", o.Out, text.Plural(count.Rows-count.Null, "score"))
	return err
}

// noteNull tells how many rows have no score.
func noteNull(s cmdutil.Streams, c filter.Count) {
	if c.Null > 0 {
		s.Feedback().Note(fmt.Sprintf("%s of %s %s no score, the first because of %v", text.Thousands(c.Null), text.Plural(c.Rows, "row"), text.Agree(c.Null, "has", "have"), c.First))
	}
}
