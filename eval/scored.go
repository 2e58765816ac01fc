package eval

import (
	"fmt"

	"github.com/routellm/routellm/internal/text"
)

// Scored holds the scores of one router with the samples that they belong to. The samples of several
// routers may be summed up differently (see package binned), but their clusters must be the same: as
// many, with the same sizes and qualities.
type Scored struct {
	Outcomes Outcomes
	Cluster  []int     // cluster of each sample, from [ClusterIDs]
	Scores   []float64 // score of each sample
}

// scoredBy returns routers with scores for the same samples.
func scoredBy(o Outcomes, cluster []int, scores [][]float64) []Scored {
	out := make([]Scored, len(scores))
	for k := range scores {
		out[k] = Scored{o, cluster, scores[k]}
	}
	return out
}

// sameSamples reports whether two routers share their samples, and not only their clusters.
func (s Scored) sameSamples(o Scored) bool {
	return len(s.Cluster) == len(o.Cluster) && &s.Cluster[0] == &o.Cluster[0] && &s.Outcomes.Strong[0] == &o.Outcomes.Strong[0]
}

// checkClusters returns an error unless all routers have the same number of clusters.
func checkClusters(all []Scored) error {
	for k, r := range all {
		if a, b := clustersIn(all[0].Cluster), clustersIn(r.Cluster); a != b {
			return fmt.Errorf("router 0 has %s and router %d has %d: want the same ones", text.Plural(a, "cluster"), k, b)
		}
	}
	return nil
}

// clustersIn returns the number of clusters.
func clustersIn(cluster []int) int {
	n := 0
	for _, c := range cluster {
		n = max(n, c+1)
	}
	return n
}
