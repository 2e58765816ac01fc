package sqltext

// Groups says how much rows count and by what they are summed up beside bins. The zero value counts
// each row once and sums up all.
type Groups struct {
	Weight string // column of the samples' weights; "" if all count the same
	Task   string // column of the tasks; "" for one table of all tasks

	// Buckets is the number of buckets of whole clusters; 0 for none. Cluster and ID are the columns
	// that clusters are named by: a row without a cluster is a cluster of its own, named by its ID.
	// At least one is given where there are buckets.
	Buckets     int
	Cluster, ID string
}

// columns returns the table's columns as rl_weight, rl_task and, for buckets, rl_hash.
func (g Groups) columns(d Dialect) (columns []string) {
	if g.Weight != "" {
		columns = append(columns, d.number(g.Weight)+" AS rl_weight")
	}
	if g.Task != "" {
		columns = append(columns, "COALESCE("+d.text(g.Task)+", '') AS rl_task")
	}
	if g.Buckets > 0 {
		columns = append(columns, of(d.hash, d.clusterOf(g.Cluster, g.ID))+" AS rl_hash")
	}
	return columns
}

// clusterOf returns the name of a row's cluster.
func (d Dialect) clusterOf(cluster, id string) string {
	switch {
	case cluster == "":
		return d.text(id)
	case id == "":
		return d.text(cluster)
	}
	return "COALESCE(" + d.text(cluster) + ", " + d.text(id) + ")"
}

// tests returns the conditions that a row's weight and cluster can be used.
func (g Groups) tests(d Dialect) (tests []string) {
	if g.Weight != "" {
		tests = append(tests, of(d.finite, "rl_weight"), "rl_weight > "+d.literal(0))
	}
	if g.Buckets > 0 {
		tests = append(tests, "rl_hash IS NOT NULL")
	}
	return tests
}

// usable returns the columns rl_w, rl_slice and rl_bucket, which are NULL for rows that cannot be
// used, but that each of these weighs 1.
func (g Groups) usable(d Dialect) (columns []string) {
	if g.Weight != "" {
		columns = append(columns, "CASE WHEN rl_usable = 1 THEN rl_weight ELSE "+d.literal(1)+" END AS rl_w")
	}
	if g.Task != "" {
		columns = append(columns, usable("rl_task")+" AS rl_slice")
	}
	if g.Buckets > 0 {
		columns = append(columns, usable(d.mod(of(d.bits, "rl_hash"), g.Buckets))+" AS rl_bucket")
	}
	return columns
}

// usable returns an expression that is NULL for rows that cannot be used.
func usable(x string) string { return "CASE WHEN rl_usable = 1 THEN " + x + " END" }

// keys lists the columns by which rows are grouped, beside those given.
func (g Groups) keys(keys ...string) []string {
	if g.Task != "" {
		keys = append(keys, "rl_slice")
	}
	if g.Buckets > 0 {
		keys = append(keys, "rl_bucket")
	}
	return keys
}

// labels returns the columns of the result that name a row's task and bucket.
func (g Groups) labels(d Dialect) (columns []string) {
	if g.Task != "" {
		columns = append(columns, "rl_slice AS "+d.id("task"))
	}
	if g.Buckets > 0 {
		columns = append(columns, "rl_bucket AS "+d.id("bucket"))
	}
	return columns
}

// counts returns the columns of the result that count rows, and what each row is multiplied by.
func (g Groups) counts(d Dialect) (columns []string, weight string) {
	if g.Weight == "" {
		return []string{"COUNT(*) AS " + d.id("n")}, ""
	}
	return []string{"COUNT(*) AS " + d.id("rows"), "SUM(rl_w) AS " + d.id("n")}, "rl_w * "
}
