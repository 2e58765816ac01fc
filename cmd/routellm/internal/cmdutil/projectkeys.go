package cmdutil

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/project"
)

// elsewhere lists the flags of commands that name something else than the data of the file.
var elsewhere = map[string][]string{"eval": {"log", "summary", "refined"}, "compare": {"summary", "refined"}, "calibrate": {"from", "summary", "refined"}, "report": {"summary", "refined"}}

// SectionFlags returns the flags behind the keys of each section of routellm.yaml, by key: those of
// "columns", and those of the commands below root that have a section.
func SectionFlags(root *cobra.Command) map[string]map[string]*pflag.Flag {
	out := map[string]map[string]*pflag.Flag{"columns": {}}
	for _, name := range project.Commands() {
		c, _, err := root.Find([]string{name})
		if err != nil || c.Name() != name {
			continue // a test has one command alone
		}
		keys := map[string]*pflag.Flag{}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && f.Name != "config" && f.Name != "help" && !slices.Contains(elsewhere[name], f.Name) {
				keys[keyOf(f.Name)] = f
			}
		})
		out[name] = keys
		for _, column := range columnFlagNames() {
			if f := c.Flags().Lookup(column); f != nil {
				out["columns"][keyOf(column)] = f
			}
		}
	}
	return out
}
