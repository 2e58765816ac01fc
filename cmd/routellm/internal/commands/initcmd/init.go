// Package initcmd is the command init, which writes a commented routellm.yaml. Call [New].
package initcmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/project"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

type options struct {
	cmdutil.ColumnFlags
	Data  string // "" for none
	Force bool
}

// New returns the command init.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:        "init [DATA]",
		SuggestFor: []string{"config", "new", "setup"},
		Short:      "Write a commented routellm.yaml for your data",
		Long: `Write routellm.yaml into the working folder: data, models, routers, prices and
settings of single commands, each with a comment. eval, compare, calibrate, gate,
report and serve read it there, and flags win over it (docs/config.md).

DATA is a file of outcomes, a folder, a pattern or a benchmark. Its models, their mean
qualities and its costs are filled in. Without DATA the file begins with a
benchmark, to be replaced by your data.

Nothing is asked, and a file that exists stays unless --force is given.`,
		Example: `  routellm init outcomes.csv
  routellm eval
  routellm init --force`,
		Args: cmdutil.DataArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("%q: init takes one data set, and has another one", args[1])
			}
			if len(args) == 1 {
				o.Data = args[0]
			}
			return run(c.Context(), s, o)
		},
	}
	c.Flags().BoolVar(&o.Force, "force", false, "replace a "+project.Name+" that exists")
	o.ColumnFlags.Add(c)
	c.ValidArgsFunction = cmdutil.CompleteData(benchmarks.Names()...)
	return c
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	defer o.Close()
	if o.Data == "-" {
		return errors.New("init needs data that can be read again: want a file, not standard input")
	}
	if info, err := os.Lstat(project.Name); err == nil && info.IsDir() {
		return fmt.Errorf("%q is a folder: expected a file, or none", project.Name)
	} else if !errors.Is(err, fs.ErrNotExist) && !o.Force {
		return hint.With(fmt.Errorf("%q exists", project.Name), "--force replaces it")
	}
	d := described{Data: "mmlu", example: true}
	if o.HasOutcomes() && o.Data == "" {
		o.Data = harness.JoinedOutcomes
	}
	if o.Data != "" {
		reading, err := o.Reading()
		if err != nil {
			return err
		}
		if d, err = describe(ctx, o.Data, reading, s.Feedback()); err != nil {
			return err
		}
		d.Columns = o.GivenColumns()
	}
	if err := cmdutil.WriteFile(project.Name, d.yaml()); err != nil {
		return fault.Wrap(err)
	}
	fmt.Fprintf(s.Err, "wrote %s\n", project.Name)
	s.Next("routellm eval", "routellm report", "routellm doctor")
	return nil
}
