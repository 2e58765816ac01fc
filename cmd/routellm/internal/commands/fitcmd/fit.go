// Package fitcmd is the command fit.
package fitcmd

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// New returns the command.
func New(s cmdutil.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "fit",
		Short: "Find the router for your data",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return errors.New("not built yet") },
	}
}
