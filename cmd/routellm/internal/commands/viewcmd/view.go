// Package viewcmd implements the view command, which shows results in a browser.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package viewcmd

import (
	"context"
	"fmt"
	"io"
	"net"
	"os/exec"
	"runtime"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/view"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// options holds view's flags.
type options struct {
	Port    uint16 // 0 for any free one
	NoOpen  bool
	Prompts bool
}

// New returns the view command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, []string, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "view [DIR|RESULTS]...",
		Short: "Show results in a browser, side by side",
		Long: `Show all results below the given folders, or below this one, in a browser: a
list with the best router of each, the report of each, and what differs between
any two of them, with paired intervals where they share samples.

The pages load themselves again when files change, so that an eval -o in
another terminal shows up by itself. Ctrl-C ends the command.

The server is for this machine: it listens on the loopback address alone,
refuses requests under any other name, and writes nothing. Its address is
printed, and opened in the browser if standard output is a terminal.`,
		Example: `  routellm view
  routellm view out nightly/results.json
  routellm view out --port 8123 --no-open`,
		Args:        cobra.ArbitraryArgs,
		Annotations: map[string]string{cmdutil.Waits: "yes"},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"."}
			}
			return run(c.Context(), s, args, o)
		},
	}
	f := c.Flags()
	f.Uint16Var(&o.Port, "port", 0, "`PORT` of the loopback address to listen on (default any free one)")
	f.BoolVar(&o.NoOpen, "no-open", false, "print the address only, and open no browser")
	f.BoolVar(&o.Prompts, "prompts", true, "show the prompts, and answers that are stored, where the data has them")
	return c
}

func run(ctx context.Context, s cmdutil.Streams, paths []string, o options) error {
	server := view.New(paths, o.Prompts)
	n, err := server.Check()
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(o.Port))))
	if err != nil {
		return fault.Wrap(hint.With(fmt.Errorf("--port %d: %w", o.Port, err), "without --port, view takes a free one"))
	}
	defer ln.Close()
	address := "http://" + ln.Addr().String() + "/"
	if _, err := fmt.Fprintln(s.Out, address); err != nil {
		return err
	}
	fmt.Fprintf(s.Err, "showing %s; Ctrl-C ends\n", text.Plural(n, "result"))
	if !o.NoOpen && cmdutil.IsTerminal(s.Out) {
		open(s.Err, address)
	}
	cmdutil.Drain(ctx)
	return fault.Wrap(server.Serve(ctx, ln))
}

// open opens an address in the user's browser, if there is one.
func open(errs io.Writer, address string) {
	words := []string{"xdg-open"}
	switch runtime.GOOS {
	case "darwin":
		words = []string{"open"}
	case "windows":
		words = []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	c := exec.Command(words[0], append(words[1:], address)...)
	if err := c.Start(); err != nil {
		fmt.Fprintln(errs, "open the address above in a browser")
		return
	}
	go func() { _ = c.Wait() }()
}
