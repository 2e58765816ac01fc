// Package cli is the command line of routellm, one file a command. Each command
// has an options struct, a newCmdX that only parses, and a runX without cobra in
// it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/cobra"
)

// Exit codes, the same for every command.
const (
	exitDone         = 0
	exitFailed       = 1 // failed, or a gate not passed
	exitUsage        = 2 // usage or bad input
	exitInconclusive = 3 // no verdict, where one is wanted
)

// streams are where a command writes: numbers to out, progress, warnings and
// notes to err.
type streams struct{ out, err io.Writer }

// inconclusive is an answer that cannot be given: exit 3.
type inconclusive struct{ error }

// Main runs the command line and returns its exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s := streams{stdout, stderr}
	root := newRoot(s)
	root.SetArgs(args)
	if err := root.ExecuteContext(ctx); err != nil {
		return printError(stderr, err)
	}
	return exitDone
}

// printError prints the error with its hints and returns the exit code.
func printError(w io.Writer, err error) int {
	fmt.Fprintf(w, "routellm: %v\n", err)
	for _, line := range hint.Of(err) {
		fmt.Fprintf(w, "hint: %s\n", line)
	}
	if fault.Is(err) || errors.Is(err, context.Canceled) {
		return exitFailed
	}
	if errors.As(err, new(inconclusive)) {
		return exitInconclusive
	}
	return exitUsage
}

func newRoot(s streams) *cobra.Command {
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
		Args:          onlyCommands,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return hint.With(err, "see '"+c.CommandPath()+" --help'")
	})
	root.AddCommand(newOfEval(s), newOfCompare(s), newOfPlan(s), newOfCalibrate(s),
		newOfRoute(s), newOfServe(s), newOfLog(s), newOfScore(s), newOfEmbed(s), newOfTrain(s), newOfDatasets(s),
		newOfReport(s), newOfFigures(s), newOfAudit(s), newOfGate(s), newOfVersion(s))
	completeFlags(root)
	return root
}

// exactArgs wants n arguments and says which when it does not get them.
func exactArgs(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		return hint.With(
			fmt.Errorf("%s wants %s, got %d arguments", c.CommandPath(), strings.Join(names, " "), len(args)),
			"see '"+c.CommandPath()+" --help'")
	}
}

// onlyCommands is for a command that does nothing by itself: an argument is a
// misspelt command.
func onlyCommands(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	advice := "see '" + c.CommandPath() + " --help'"
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		advice = "did you mean " + strings.Join(near, ", ") + "?"
	}
	return hint.With(fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath()), advice)
}

// checkFormat refuses an output format that a command does not write.
func checkFormat(got string, known ...string) error {
	for _, k := range known {
		if got == k {
			return nil
		}
	}
	return fmt.Errorf("--format %q: want one of %s", got, strings.Join(known, ", "))
}
