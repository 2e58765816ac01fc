package harness

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
)

// Clustering says which samples of a data set share a cluster, and so count as dependent in
// intervals and tests.
type Clustering string

// The clusterings.
const (
	// ClusterAuto takes the data's clusters and joins those with equal normalised prompts.
	// It is the default.
	ClusterAuto Clustering = "auto"
	// ClusterColumn takes the data's clusters as they are.
	ClusterColumn Clustering = "column"
	// ClusterNone counts every sample as independent.
	ClusterNone Clustering = "none"
)

// Clusterings lists every clustering.
func Clusterings() []string {
	return []string{string(ClusterAuto), string(ClusterColumn), string(ClusterNone)}
}

// check refuses an unknown clustering. The empty one stands for [ClusterAuto].
func (c Clustering) check() error {
	if c == "" || slices.Contains(Clusterings(), string(c)) {
		return nil
	}
	return hint.DidYouMean(fmt.Errorf("clustering %q: expected auto, column or none", c), string(c), Clusterings())
}

// joins reports whether samples with equal prompts share a cluster.
func (c Clustering) joins() bool { return c == "" || c == ClusterAuto }

// apply changes the table's clusters. It returns one flag per row: whether the row's
// cluster was joined with that of an earlier row. It returns nil if none was.
func (c Clustering) apply(t *datasets.Table) (joined []bool) {
	switch {
	case c == ClusterNone:
		t.Cluster = slices.Clone(t.SampleID)
	case c.joins() && t.PromptNormSHA256 != nil:
		old := t.Cluster
		t.Cluster = eval.Groups(old, t.PromptNormSHA256)
		return newlyJoined(old, t.Cluster)
	}
	return nil
}

// clustersOf returns the cluster number of each prompt, or nil if every prompt is its own. names
// and texts hold the name of each prompt's cluster in the data and its normalised digest; texts
// is nil if they are unknown.
func (c Clustering) clustersOf(names, texts []string) []int {
	if c == ClusterNone {
		return nil
	}
	if !c.joins() {
		texts = nil
	}
	ids := eval.ClusterIDs(eval.Groups(names, texts))
	if len(ids) == 0 || slices.Max(ids) == len(ids)-1 {
		return nil
	}
	return ids
}

// newlyJoined flags the rows whose old cluster differs from that of the first row in the
// same new cluster. It returns nil if there is none.
func newlyJoined(old, now []string) (joined []bool) {
	first := map[string]string{} // old cluster of the first row, by new cluster
	for i, cluster := range now {
		earlier, ok := first[cluster]
		switch {
		case !ok:
			first[cluster] = old[i]
		case earlier != old[i]:
			if joined == nil {
				joined = make([]bool, len(now))
			}
			joined[i] = true
		}
	}
	return joined
}
