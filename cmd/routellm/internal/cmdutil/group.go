package cmdutil

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// groupKey is the annotation of a flag that holds the heading of its group.
const groupKey = "routellm_group"

// AddFlagGroup adds the flags that define defines to c. Help lists them under a heading of
// their own, such as "Encoder flags".
func AddFlagGroup(c *cobra.Command, heading string, define func(*pflag.FlagSet)) {
	group := pflag.NewFlagSet(heading, pflag.ContinueOnError)
	group.SortFlags = false
	define(group)
	group.VisitAll(func(f *pflag.Flag) {
		setGroup(f, heading)
		c.Flags().AddFlag(f)
	})
}

// setGroup makes help list a flag under a heading.
func setGroup(f *pflag.Flag, heading string) {
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[groupKey] = []string{heading}
}

// flagGroup is the flags of a command that help lists under one heading.
type flagGroup struct {
	heading string
	flags   *pflag.FlagSet
}

// flagGroups returns the visible flags of a command: first those without a group, under
// "Flags", then the groups in the order in which they were added.
func flagGroups(c *cobra.Command) []flagGroup {
	groups := []flagGroup{{heading: "Flags", flags: pflag.NewFlagSet("", pflag.ContinueOnError)}}
	flags := c.Flags()
	sorted := flags.SortFlags
	flags.SortFlags = false
	defer func() { flags.SortFlags = sorted }()
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		heading := groups[0].heading
		if annotation := f.Annotations[groupKey]; annotation != nil {
			heading = annotation[0]
		}
		if heading == ColumnsHeading && c.Name() == columnsTopic { // the topic explains them
			heading = columnSection(f.Name)
		}
		i := slices.IndexFunc(groups, func(g flagGroup) bool { return g.heading == heading })
		if i < 0 {
			i = len(groups)
			groups = append(groups, flagGroup{heading, pflag.NewFlagSet("", pflag.ContinueOnError)})
		}
		groups[i].flags.AddFlag(f)
	})
	for _, g := range groups {
		g.flags.SortFlags = g.heading != ColumnsHeading && !slices.Contains(columnHeadings(), g.heading)
	}
	return slices.DeleteFunc(groups, func(g flagGroup) bool { return !g.flags.HasFlags() })
}
