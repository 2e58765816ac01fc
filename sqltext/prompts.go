package sqltext

// Prompts names a table of prompts by their digests.
type Prompts struct {
	From    string // text after FROM
	Where   string // condition of the rows to read; "" reads all
	Digest  string // column of the prompts' digests, such as prompt_norm_sha256
	ID      string // column that names each row
	Cluster string // column of the clusters; "" if there are none
}

// Duplicates returns a query for one row per prompt that occurs more than once: its digest, in how
// many rows (n), in how many clusters, and the first and the last ID. The rows of a prompt that is
// in several clusters count as independent.
func (d Dialect) Duplicates(p Prompts) string {
	return d.prompts(p) + "\nSELECT rl_digest AS " + d.id("digest") + ",\n  COUNT(*) AS " + d.id("n") +
		",\n  COUNT(DISTINCT rl_cluster) AS " + d.id("clusters") + ",\n  MIN(rl_id) AS " + d.id("first_id") + ",\n  MAX(rl_id) AS " + d.id("last_id") +
		"\nFROM rl_prompts\nWHERE rl_digest IS NOT NULL\nGROUP BY rl_digest\nHAVING COUNT(*) > 1\n"
}

// Leaks returns a query for the ID and the digest of each row whose prompt is among the digests in
// a column of another table.
func (d Dialect) Leaks(p Prompts, digests, column string) string {
	return d.prompts(p) + ", rl_known AS (\n  SELECT DISTINCT " + d.text(column) + " AS rl_known_digest" + from(digests, "") +
		")\nSELECT rl_id AS " + d.id("id") + ",\n  rl_digest AS " + d.id("digest") +
		"\nFROM rl_prompts\nJOIN rl_known ON rl_known_digest = rl_digest\n"
}

// prompts returns the step rl_prompts, which holds each row's digest, ID and cluster.
func (d Dialect) prompts(p Prompts) string {
	cluster := d.clusterOf(p.Cluster, p.ID)
	return "WITH rl_prompts AS (\n  SELECT " + d.text(p.Digest) + " AS rl_digest,\n    " + d.text(p.ID) + " AS rl_id,\n    " + cluster + " AS rl_cluster" +
		from(p.From, p.Where) + ")"
}
