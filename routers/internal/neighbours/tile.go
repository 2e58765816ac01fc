package neighbours

// A tile multiplies tileRows queries with panelWidth vectors. A panel stores panelWidth
// vectors component by component, the vectors side by side. Queries are packed the same
// way, tileRows side by side.
const (
	tileRows   = 4
	panelWidth = 16
)

// tileGo writes the products of a tile to out, whose rows are stride elements apart. It
// is the plain version of tileAVX2.
func tileGo(dim int, queries, panel, out []float32, stride int) {
	for r := range tileRows {
		var sum [panelWidth]float32
		for k := range dim {
			q := queries[k*tileRows+r]
			for c, v := range panel[k*panelWidth:][:panelWidth] {
				sum[c] += q * v
			}
		}
		copy(out[r*stride:], sum[:])
	}
}
