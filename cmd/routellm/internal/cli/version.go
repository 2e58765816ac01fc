package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/internal/version"
)

// newOfVersion returns the command version.
func newOfVersion(s streams) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  routellm version",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(s.out, "routellm %s %s/%s\n", version.String(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
