package cmdutil

import "github.com/spf13/cobra"

// AddStrictFlag adds the flag --strict to a command that reads outcomes.
func AddStrictFlag(c *cobra.Command, strict *bool) {
	c.Flags().BoolVar(strict, "strict", false, "refuse outcomes that look wrong, such as two scales in one table, instead of warning of them")
}
