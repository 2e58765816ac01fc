package cmdutil

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
)

// clustering is the value of --cluster.
type clustering harness.Clustering

// String returns the clustering.
func (c *clustering) String() string { return string(*c) }

// Type returns the name of the value in help texts.
func (c *clustering) Type() string { return "CLUSTERS" }

// Set accepts the name of a clustering.
func (c *clustering) Set(value string) error {
	names := harness.Clusterings()
	if !slices.Contains(names, value) {
		return hint.DidYouMean(fmt.Errorf("want %s", strings.Join(names, ", ")), value, names)
	}
	*c = clustering(value)
	return nil
}

// AddClusterFlag defines --cluster, which says which samples are dependent, and sets c to
// its default.
func AddClusterFlag(cmd *cobra.Command, c *harness.Clustering) {
	*c = harness.ClusterAuto
	cmd.Flags().Var((*clustering)(c), "cluster",
		"dependent samples: auto (the data's `CLUSTERS`, equal prompts joined), column (as in the data) or none")
	_ = cmd.RegisterFlagCompletionFunc("cluster", Words(harness.Clusterings()...))
}
