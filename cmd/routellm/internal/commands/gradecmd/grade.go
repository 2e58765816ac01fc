// Package gradecmd is the command grade.
package gradecmd

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// New returns the command.
func New(s cmdutil.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "grade",
		Short: "Grade answers by correct ones",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return errors.New("not built yet") },
	}
}
