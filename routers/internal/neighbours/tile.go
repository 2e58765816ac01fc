package neighbours

// A tile is tileRows queries against panelWidth vectors. Vectors are stored in panels:
// for each component in turn that of panelWidth vectors side by side; queries are packed
// alike, tileRows side by side.
const (
	tileRows   = 4
	panelWidth = 16
)

// tileGo writes the products of a tile to out, whose rows are stride apart: the plain
// version of tileAVX2.
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
