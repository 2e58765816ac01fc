// Package cli is the command line of routellm: it puts the commands together.
package cli

import (
	"context"
	"io"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/auditcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/calibratecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/comparecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/datasetscmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/embedcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/evalcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/figurescmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/gatecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/logcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/plancmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/reportcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/routecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/scorecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/servecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/traincmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/versioncmd"
	"github.com/routellm/routellm/internal/hint"
)

// Main runs the command line and returns its exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s := cmdutil.Streams{Out: stdout, Err: stderr}
	root := newRoot(s)
	root.SetArgs(args)
	if err := root.ExecuteContext(ctx); err != nil {
		return cmdutil.PrintError(stderr, err)
	}
	return cmdutil.ExitDone
}

func newRoot(s cmdutil.Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "routellm",
		Short: "Evaluate, calibrate, train and serve LLM routers",
		Long: `routellm says how well a router splits prompts between a strong, expensive
model and a weak, cheap one: exact curves of quality against strong-model calls,
APGR and CPT as in RouteLLM (arXiv 2406.18665), baselines, and thresholds.

The outcomes of MT Bench, MMLU and GSM8K are built in: no key, no network, no
Python.`,
		Example: `  routellm eval --router random,length --bench mmlu
  routellm calibrate --router length --strong-fraction 0.5
  routellm datasets list`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cmdutil.OnlyCommands,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return hint.With(err, "see '"+c.CommandPath()+" --help'")
	})
	root.AddCommand(evalcmd.New(s), comparecmd.New(s), plancmd.New(s), calibratecmd.New(s),
		routecmd.New(s), servecmd.New(s), logcmd.New(s), scorecmd.New(s), embedcmd.New(s), traincmd.New(s), datasetscmd.New(s),
		reportcmd.New(s), figurescmd.New(s), auditcmd.New(s), gatecmd.New(s), versioncmd.New(s))
	cmdutil.CompleteFlags(root)
	return root
}
