package scorecmd

import (
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
)

// filterFlags are the flags that concern tables which pass through.
type filterFlags struct {
	In                         []string
	Stream, As, OnError, Share string
	Digests, Features, Resume  bool
	Jobs                       int
	given                      []string // names of those on the command line
}

func (o *filterFlags) add(c *cobra.Command) {
	cmdutil.AddFlagGroup(c, "Files and streams that pass through", func(f *pflag.FlagSet) {
		f.StringArrayVar(&o.In, "in", nil, "Parquet `FILES` to score: a file, a folder, or a pattern such as 'part-*.parquet'; repeatable")
		f.StringVar(&o.Stream, "stream", "", "`FORMAT` of standard input and output: arrow (an IPC stream) or ndjson (one JSON object per line)")
		f.StringVar(&o.As, "as", "", "`NAME` of the new column (default score); of several models NAME:MODEL and NAME_cost:MODEL")
		f.BoolVar(&o.Digests, "digests", false, "add the columns prompt_sha256 and prompt_norm_sha256")
		f.BoolVar(&o.Features, "features", false, "add the columns feature:chars, feature:words, feature:lines and feature:numbers")
		f.StringVar(&o.OnError, "on-error", "fail", "`ACTION` for a prompt that cannot be read: fail, or null (no score)")
		f.BoolVar(&o.Resume, "resume", false, "leave files that are complete already, from the same input and router, as they are")
		f.StringVar(&o.Share, "share", "", "score only the I-th of N shares of the files, `I/N` with I from 0 to N-1, for tasks that share the work")
		f.IntVarP(&o.Jobs, "jobs", "j", 0, "`NUMBER` of cores to use (default all)")
	})
	_ = c.RegisterFlagCompletionFunc("stream", cmdutil.Words("arrow", "ndjson"))
	_ = c.RegisterFlagCompletionFunc("on-error", cmdutil.Words("fail", "null"))
	c.PreRun = func(c *cobra.Command, _ []string) {
		c.Flags().Visit(func(f *pflag.Flag) { o.given = append(o.given, f.Name) })
	}
}

// filters reports whether tables pass through.
func (o options) filters() bool { return len(o.In) > 0 || o.Stream != "" }

// checkFilter returns an error for flags that do not go together.
func (o options) checkFilter() error {
	if !o.filters() {
		for _, name := range []string{"as", "digests", "features", "on-error", "resume", "share", "jobs"} {
			if slices.Contains(o.given, name) {
				return fmt.Errorf("--%s is for tables that pass through: give --in or --stream with it", name)
			}
		}
		return nil
	}
	switch {
	case o.Data != "" || len(o.In) > 0 && o.Stream != "":
		return errors.New("want exactly one of --data, --in and --stream")
	case o.Router == "":
		return hint.With(errors.New("--router is required"), "for example --router mf")
	case o.Compact:
		return errors.New("--compact is for --data: columns of tables that pass through stay as they are")
	case len(o.In) > 0 && o.Out == "":
		return hint.With(errors.New("--out is required with --in"), "for example --out scored, a folder")
	case (o.Resume || o.Share != "") && o.Stream != "":
		return errors.New("--resume and --share are for --in: a stream is scored as a whole")
	case o.Jobs < 0:
		return fmt.Errorf("--jobs %d: want 1 or more", o.Jobs)
	}
	if o.Stream != "" {
		if err := cmdutil.CheckWord("stream", o.Stream, "arrow", "ndjson"); err != nil {
			return err
		}
	}
	if err := cmdutil.CheckWord("on-error", o.OnError, "fail", "null"); err != nil {
		return err
	}
	return o.EncoderFlags.Check()
}

// checkReading refuses flags about columns that do not matter.
func checkReading(r harness.Reading) error {
	for _, name := range r.Given {
		if name != "--prompt" && name != "--text" {
			return fmt.Errorf("%s is for --data: of tables that pass through, only --prompt and --text are read", name)
		}
	}
	return nil
}

// useJobs makes the program use the number of cores of --jobs, and returns it.
func (o filterFlags) useJobs() int {
	if o.Jobs > 0 {
		runtime.GOMAXPROCS(o.Jobs)
	}
	return runtime.GOMAXPROCS(0)
}
