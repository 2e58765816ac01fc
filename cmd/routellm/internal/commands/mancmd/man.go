// Package mancmd is the command man, which writes the manual pages.
package mancmd

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/version"
)

// options are the flags of man.
type options struct{ Dir string }

// New returns the command man. It is hidden, as it is for those who package the program.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(*cobra.Command, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "man --dir DIR",
		Short: "Write the manual pages",
		Long: `Write a manual page in roff for the program and for each command into a folder:
routellm.1, routellm-eval.1 and so on. The pages have no date, so that the same
program writes the same bytes.`,
		Example: "  routellm man --dir man",
		Hidden:  true,
		Args:    cmdutil.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return run(c.Root(), s, o) },
	}
	c.Flags().StringVar(&o.Dir, "dir", "", "write the pages to the folder `DIR` (required)")
	return c
}

func run(root *cobra.Command, s cmdutil.Streams, o options) error {
	if o.Dir == "" {
		return hint.With(errors.New("--dir is required"), "for example --dir man")
	}
	files, err := pages(root)
	if err != nil {
		return fault.Wrap(err)
	}
	if err := cmdutil.WriteFiles(o.Dir, files); err != nil {
		return fault.Wrap(err)
	}
	fmt.Fprintf(s.Err, "wrote %d pages to %s\n", len(files), o.Dir)
	return nil
}

// pages returns the pages of a command and of the visible commands below it.
func pages(c *cobra.Command) ([]cmdutil.File, error) {
	c.DisableAutoGenTag = true
	c.Long = markdown(c.Long)
	name := strings.ReplaceAll(c.CommandPath(), " ", "-")
	var b bytes.Buffer
	header := &doc.GenManHeader{
		Title: strings.ToUpper(name), Section: "1", Date: &time.Time{},
		Source: "routellm " + version.String(), Manual: "routellm manual",
	}
	if err := doc.GenMan(c, header, &b); err != nil {
		return nil, err
	}
	page := bytes.Replace(b.Bytes(), []byte(time.Time{}.Format("Jan 2006")), nil, 1)
	files := []cmdutil.File{{Name: name + ".1", Data: page}}
	for _, sub := range c.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		more, err := pages(sub)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return files, nil
}

// markdown turns a command's description into the Markdown that cobra/doc reads: indented
// lines become blocks that keep their line breaks, and other characters stand for themselves.
func markdown(long string) string {
	escape := strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`, "[", `\[`)
	var b strings.Builder
	block := false
	for line := range strings.Lines(long) {
		indented := strings.HasPrefix(line, " ")
		switch {
		case indented && !block:
			b.WriteString("\n\t" + line)
		case indented:
			b.WriteString("\t" + line)
		case block && strings.TrimSpace(line) != "":
			b.WriteString("\n" + escape.Replace(line))
		default:
			b.WriteString(escape.Replace(line))
		}
		block = indented
	}
	return b.String()
}
