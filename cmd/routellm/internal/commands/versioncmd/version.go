// Package versioncmd is the command version, which prints the version.
package versioncmd

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/version"
)

// New returns the command version.
func New(s cmdutil.Streams) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  routellm version",
		Args:    cmdutil.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return Print(s.Out) },
	}
}

// Print writes the program's version and platform as one line.
func Print(w io.Writer) error {
	_, err := fmt.Fprintf(w, "routellm %s %s/%s\n", version.String(), runtime.GOOS, runtime.GOARCH)
	return err
}
