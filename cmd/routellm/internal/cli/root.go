// Package cli puts the commands of routellm together. Call [Main].
package cli

import (
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/answercmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/auditcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/cachecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/calibratecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/comparecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/datasetscmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/doctorcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/embedcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/evalcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/figurescmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/fitcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/gatecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/gradecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/initcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/judgecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/logcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/mancmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/plancmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/reportcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/routecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/schemacmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/scorecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/servecmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/sqlcmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/traincmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/versioncmd"
	"github.com/routellm/routellm/cmd/routellm/internal/commands/viewcmd"
)

// Main runs the program with its arguments, without the program's name, and returns the exit
// code.
func Main(args []string, stdout, stderr io.Writer) int {
	s, busy := cmdutil.Streams{Out: stdout, Err: stderr}.Busy()
	root := newRoot(s)
	root.SetArgs(args)
	c, rest, _ := root.Find(args) // an unknown command is Execute's error
	if err := cmdutil.CheckDashes(c, rest); err != nil {
		return cmdutil.PrintError(s.Err, err)
	}
	if c.Annotations[cmdutil.Waits] == "" {
		busy.Start()
		saveMemory(c.Annotations[cmdutil.PlainMemory] != "")
	}
	defer busy.Stop()
	return interruptible(s.Err, root.ExecuteContext)
}

// saveMemory collects garbage when the heap has grown by half instead of to its double, or by a quarter
// if most of it is numbers, unless the user has a say in it. It costs a few per cent of the time.
func saveMemory(numbers bool) {
	if os.Getenv("GOGC") == "" {
		percent := 50
		if numbers {
			percent = 25
		}
		debug.SetGCPercent(percent)
	}
}

func newRoot(s cmdutil.Streams) *cobra.Command {
	var printVersion bool
	root := &cobra.Command{
		Use:   "routellm",
		Short: "Evaluate, calibrate, train and serve LLM routers",
		Long: `routellm measures how well a router splits prompts between a strong, expensive
model and a weak, cheap one: exact curves of quality against strong-model calls,
APGR and CPT as in RouteLLM (arXiv 2406.18665), and baselines. It also finds
thresholds, trains routers and serves them.

The outcomes of MT Bench, MMLU and GSM8K are built in: no key, no network, no
Python.`,
		Example: `  routellm eval --router random,length --bench mmlu
  routellm calibrate --router length --strong-fraction 0.5
  routellm datasets list`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cmdutil.OnlyCommands,
		RunE: func(c *cobra.Command, _ []string) error {
			if printVersion {
				return versioncmd.Print(s.Out)
			}
			_, err := io.WriteString(s.Out, welcome)
			return err
		},
	}
	// cobra's own --version would need a template for the same line: see TestSize.
	root.Flags().BoolVar(&printVersion, "version", false, "print the version")
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(cmdutil.FlagError)
	cmdutil.SetHelp(root)
	addGroup(root, "From prompts to a router", answercmd.New(s), gradecmd.New(s), judgecmd.New(s), fitcmd.New(s))
	addGroup(root, "Begin", initcmd.New(s), doctorcmd.New(s))
	addGroup(root, "Evaluate", evalcmd.New(s), comparecmd.New(s), plancmd.New(s))
	addGroup(root, "Decide and serve", calibratecmd.New(s), routecmd.New(s), servecmd.New(s), logcmd.New(s))
	addGroup(root, "Data and training", datasetscmd.New(s), auditcmd.New(s), embedcmd.New(s), scorecmd.New(s), sqlcmd.New(s), traincmd.New(s), cachecmd.New(s))
	addGroup(root, "Results", reportcmd.New(s), viewcmd.New(s), gatecmd.New(s), figurescmd.New(s), schemacmd.New(s))
	addGroup(root, "Help topics", cmdutil.ColumnsTopic())
	root.AddCommand(mancmd.New(s), versioncmd.New(s))
	cmdutil.SetHelpCommand(root)
	cmdutil.CompleteFlags(root)
	return root
}

// welcome introduces the program to a person who runs it without arguments.
const welcome = `routellm evaluates, calibrates, trains and serves LLM routers: programs that
send each prompt to a strong, expensive model or to a weak, cheap one.

Try:
  routellm eval mmlu --router mf,length   how good are built-in routers?
  routellm eval outcomes.csv              and on your data, a CSV file with a
                                          column of qualities per model?
  routellm route --strong-fraction 30% "your prompt"
                                          which model should answer?

Next:
  routellm init      write a commented routellm.yaml for your data
  routellm doctor    check this machine, the settings and their files
  routellm --help    list all commands; routellm COMMAND --help explains one
`

// addGroup adds commands that help lists under one heading.
func addGroup(root *cobra.Command, heading string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: heading, Title: heading + ":"})
	for _, c := range commands {
		c.GroupID = heading
	}
	root.AddCommand(commands...)
}
