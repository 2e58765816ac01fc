package cmdutil

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/internal/text"
)

// SetHelp makes root and all commands below it print help that keeps to [text.Width]
// columns, with commands and flags in groups.
//
// It is written in Go because cobra's templates would link text/template: see TestSize.
func SetHelp(root *cobra.Command) {
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		long := c.Long
		if long == "" {
			long = c.Short
		}
		fmt.Fprintf(c.OutOrStdout(), "%s\n\n%s", fill(long), c.UsageString())
	})
	root.SetUsageFunc(func(c *cobra.Command) error {
		_, err := io.WriteString(c.OutOrStderr(), usage(c))
		return err
	})
}

// SetHelpCommand makes the command help of root refuse what it knows nothing about. Cobra's own
// prints root's help instead, as if nothing were wrong.
func SetHelpCommand(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		if c.Name() != "help" {
			continue
		}
		c.Run = nil
		c.RunE = func(_ *cobra.Command, args []string) error {
			about, rest, err := root.Find(args)
			if err == nil {
				err = OnlyCommands(about, rest)
			}
			if err != nil {
				return err
			}
			return about.Help()
		}
	}
}

// usage returns what follows the description in a command's help.
func usage(c *cobra.Command) string {
	var b strings.Builder
	if !c.IsAdditionalHelpTopicCommand() {
		b.WriteString("Usage:\n")
	}
	if c.Runnable() {
		fmt.Fprintf(&b, "  %s\n", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND\n", c.CommandPath())
	}
	if c.HasExample() {
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString("Examples:\n")
		for line := range strings.Lines(c.Example) {
			b.WriteString(breakExample(strings.TrimRight(line, "\n")) + "\n")
		}
	}
	writeCommands(&b, c)
	for _, g := range flagGroups(c) {
		fmt.Fprintf(&b, "\n%s:\n%s", g.heading, usageOf(g))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\nUse \"%s COMMAND --help\" for more about a command.\n", c.CommandPath())
	}
	return b.String()
}

// usageOf describes the flags of a group, or lists those that have a help topic of their own.
func usageOf(g flagGroup) string {
	if g.heading != ColumnsHeading {
		return g.flags.FlagUsagesWrapped(text.Width)
	}
	var names []string
	g.flags.VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return text.Hang("  ", strings.Join(names, " "), 2, text.Width) + "\n  See 'routellm help " + columnsTopic + "'.\n"
}

// writeCommands lists the commands below c by group, those without a group last.
func writeCommands(w io.Writer, c *cobra.Command) {
	rest := "Commands:"
	if len(c.Groups()) > 0 {
		rest = "Other commands:"
	}
	for _, g := range append(c.Groups(), &cobra.Group{Title: rest}) {
		heading := "\n" + g.Title + "\n"
		for _, sub := range c.Commands() {
			if sub.GroupID != g.ID || !sub.IsAvailableCommand() && sub.Name() != "help" && !sub.IsAdditionalHelpTopicCommand() {
				continue
			}
			prefix := fmt.Sprintf("  %-*s ", sub.NamePadding(), sub.Name())
			fmt.Fprintf(w, "%s%s\n", heading, text.Hang(prefix, sub.Short, len(prefix), text.Width))
			heading = ""
		}
	}
}

// fill joins and breaks the lines of each paragraph. An indented line stays a line; if it is
// too long, its further lines are indented like the text behind its first wide gap.
func fill(long string) string {
	var out, paragraph []string
	flush := func() {
		if paragraph != nil {
			out = append(out, text.Hang("", strings.Join(paragraph, " "), 0, text.Width))
			paragraph = nil
		}
	}
	for line := range strings.Lines(strings.TrimSpace(long)) {
		line = strings.TrimRight(line, " \n")
		switch {
		case line == "":
			flush()
			out = append(out, "")
		case line[0] == ' ' || line[0] == '\t':
			flush()
			out = append(out, hang(line))
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
	return strings.Join(out, "\n")
}

// hang breaks an indented line that is too long.
func hang(line string) string {
	if len(line) <= text.Width {
		return line
	}
	item := strings.TrimLeft(line, " ")
	indent := len(line) - len(item)
	if name, _, ok := strings.Cut(item, "  "); ok {
		note := strings.TrimLeft(item[len(name):], " ")
		column := len(line) - len(note)
		return text.Hang(line[:column], note, column, text.Width)
	}
	return text.Hang(line[:indent], item, indent+2, text.Width)
}

// breakExample breaks a long command line at spaces outside quotes, as a shell reads it. A
// flag and its value stay together.
func breakExample(line string) string {
	const end = ` \`
	if len(line) <= text.Width {
		return line
	}
	var b strings.Builder
	column := 0
	for i, word := range withValues(splitQuoted(line)) {
		switch {
		case i > 0 && column+1+len(word)+len(end) > text.Width:
			b.WriteString(end + "\n      ")
			column = 6
		case i > 0:
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}

// withValues joins each flag with the word that follows it, unless that is a flag too.
func withValues(words []string) []string {
	var out []string
	for _, word := range words {
		last := len(out) - 1
		if last >= 0 && strings.HasPrefix(out[last], "-") && !strings.Contains(out[last], " ") && !strings.HasPrefix(word, "-") {
			out[last] += " " + word
			continue
		}
		out = append(out, word)
	}
	return out
}

// splitQuoted splits a line at spaces outside quotes. The first word keeps the indentation.
func splitQuoted(line string) []string {
	var words []string
	start, quote := 0, rune(0)
	for i, r := range line {
		switch {
		case quote == 0 && (r == '"' || r == '\''):
			quote = r
		case r == quote:
			quote = 0
		case r == ' ' && quote == 0 && strings.TrimSpace(line[start:i]) != "":
			words = append(words, line[start:i])
			start = i + 1
		}
	}
	return append(words, line[start:])
}
