// Package answercmd is the command answer.
package answercmd

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// New returns the command.
func New(s cmdutil.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "answer",
		Short: "Ask models for answers to prompts",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return errors.New("not built yet") },
	}
}
