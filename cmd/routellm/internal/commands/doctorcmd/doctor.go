// Package doctorcmd is the command doctor, which checks the machine, the program's own data, the
// settings and what they name. Call [New].
package doctorcmd

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
)

type options struct {
	Config  string
	Servers []string // base URLs
	Offline bool
	Format  string
	root    *cobra.Command // has the commands whose sections are checked in the settings
}

// New returns the command doctor.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:        "doctor",
		SuggestFor: []string{"check", "health", "status"},
		Short:      "Check this machine, the settings and the files that they name",
		Long: `Check the machine (cores, memory, terminal, folders, clock), the built-in data and
models, routellm.yaml with the files and servers that it names, and the variables
that hold keys. Each line says what was found and, if something is wrong, what to
do.

Servers are asked only if they are named: in routellm.yaml, by --server or in
OPENAI_BASE_URL. One request per server goes out, without a key, and any answer
counts. --offline asks none. Keys are never read out: doctor says which variables
are set.

The exit code is 0 if there is no problem, and else 1. A warning is no problem.`,
		Example: `  routellm doctor
  routellm doctor --server http://127.0.0.1:8080/v1 --offline
  routellm doctor --format json`,
		Args: cmdutil.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o.root = c.Root()
			return run(c.Context(), s, o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Config, "config", "", "`FILE` of settings, or none (default routellm.yaml in the working folder, if there is one)")
	f.StringArrayVar(&o.Servers, "server", nil, "base `URL` of a model's server to ask; repeatable")
	f.BoolVar(&o.Offline, "offline", false, "ask no server")
	f.StringVar(&o.Format, "format", "table", "output `FORMAT`: table or json")
	_ = c.RegisterFlagCompletionFunc("format", cmdutil.Words("table", "json"))
	_ = c.RegisterFlagCompletionFunc("config", cmdutil.FilesOf("yaml", "yml"))
	return c
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json"); err != nil {
		return err
	}
	doc := &results.Checkup{SchemaVersion: results.SchemaVersion, Tool: results.Tool{Name: results.ToolName, Version: version.String()}}
	e := &examination{doc: doc}
	e.machine(s)
	e.folders()
	e.builtin(ctx)
	e.settings(ctx, o)
	e.keys()
	if !o.Offline {
		e.servers(ctx, o)
	}
	e.optional()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := write(s.Out, doc, o.Format); err != nil {
		return fault.Wrap(err)
	}
	if n := doc.Count(results.Problem); n > 0 {
		return fault.Wrap(errors.New(text.Plural(n, "problem")))
	}
	return nil
}

// examination collects the checks of one run.
type examination struct {
	doc    *results.Checkup
	used   []server // servers that the settings name
	needs  []string // variables with keys that the settings name
	python bool     // the settings name a router that is a program
}

// add adds a check.
func (e *examination) add(name string, status results.CheckStatus, found, advice string) {
	e.doc.Checks = append(e.doc.Checks, results.CheckupItem{Name: name, Status: status, Found: found, Advice: advice})
}

// addError adds a check that is fine, or the problem that an error is, with its advice.
func (e *examination) addError(name, found string, err error) {
	if err == nil {
		e.add(name, results.OK, found, "")
		return
	}
	e.add(name, results.Problem, err.Error(), adviceOf(err))
}

// write writes the checks.
func write(w io.Writer, d *results.Checkup, format string) error {
	if format == "json" {
		return d.Write(w)
	}
	const indent = 20 // columns of status and name
	for _, x := range d.Checks {
		lines := text.Hang(fmt.Sprintf("%-8s %-11s", x.Status, x.Name), x.Found, indent, text.Width)
		if x.Advice != "" {
			lines += "\n" + text.Hang(fmt.Sprintf("%*s", indent, ""), "-> "+x.Advice, indent+3, text.Width)
		}
		if _, err := fmt.Fprintln(w, lines); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\n%s, %s\n", text.Plural(d.Count(results.Problem), "problem"), text.Plural(d.Count(results.Warning), "warning"))
	return err
}
