package cmdutil

import (
	"bytes"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func TestHelp(t *testing.T) {
	var out bytes.Buffer
	root := &cobra.Command{
		Use: "tool",
		Long: `Split prompts between two models, and say in a long line how well it went, so long that
it wraps.

  one   a list item that is so long that it has to be continued on a second line below it
  two   short`,
		Example: `  tool run --prompt 'a prompt with spaces' --another "quoted words" --out some/folder/with/a/name
  tool run`,
		Run: func(*cobra.Command, []string) {},
	}
	root.SetOut(&out)
	root.AddGroup(&cobra.Group{ID: "main", Title: "Main:"})
	root.AddCommand(&cobra.Command{Use: "run", Short: "Run it", GroupID: "main", Run: root.Run},
		&cobra.Command{Use: "stop", Short: "Stop it", Run: root.Run})
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(&cobra.Command{Hidden: true})
	root.Flags().Bool("all", false, "take all")
	AddFlagGroup(root, "Server flags", func(f *pflag.FlagSet) {
		f.String("url", "", "base `URL` of the server, described in so many words that they do not fit the line")
		f.Int("retries", 3, "number of retries")
	})
	SetHelp(root)
	root.SetArgs([]string{"--help"})
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	const want = `Split prompts between two models, and say in a long line how well it went, so
long that it wraps.

  one   a list item that is so long that it has to be continued on a second line
        below it
  two   short

Usage:
  tool [flags]
  tool COMMAND

Examples:
  tool run --prompt 'a prompt with spaces' --another "quoted words" \
      --out some/folder/with/a/name
  tool run

Main:
  run         Run it

Other commands:
  stop        Stop it

Flags:
      --all    take all
  -h, --help   help for tool

Server flags:
      --retries int   number of retries (default 3)
      --url URL       base URL of the server, described in so many words
                      that they do not fit the line

Use "tool COMMAND --help" for more about a command.
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestFlagError(t *testing.T) {
	var out bytes.Buffer
	c := &cobra.Command{Use: "tool", SilenceErrors: true, SilenceUsage: true, Run: func(*cobra.Command, []string) {}}
	c.Flags().String("bench", "", "")
	c.SetFlagErrorFunc(FlagError)
	for arg, want := range map[string]string{
		"--benh":  "routellm: unknown flag: --benh\nhint: did you mean --bench?\nhint: see 'tool --help'\n",
		"--other": "routellm: unknown flag: --other\nhint: see 'tool --help'\n",
		"-x":      "routellm: unknown shorthand flag: 'x' in -x\nhint: see 'tool --help'\n",
		"--bench": "routellm: flag needs an argument: --bench\nhint: see 'tool --help'\n",
	} {
		out.Reset()
		c.SetArgs([]string{arg})
		if code := PrintError(&out, c.Execute()); code != ExitUsage || out.String() != want {
			t.Errorf("%s: exit %d, printed %q, want exit %d, %q", arg, code, out.String(), ExitUsage, want)
		}
	}
}
