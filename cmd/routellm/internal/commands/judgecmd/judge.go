// Package judgecmd is the command judge.
package judgecmd

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// New returns the command.
func New(s cmdutil.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "judge",
		Short: "Ask a language model what answers are worth",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return errors.New("not built yet") },
	}
}
