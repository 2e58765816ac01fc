package neighbours

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// tile writes the products of a tile to out. Sums run in the order of the components in
// every version; with fused multiply-adds they are rounded once less, which whole
// numbers do not show.
func tile(dim int, queries, panel, out []float32, stride int) {
	if !hasAVX2 {
		tileGo(dim, queries, panel, out, stride)
		return
	}
	_ = panel[dim*panelWidth-1] // the bounds that assembly does not check
	_ = queries[dim*tileRows-1]
	_ = out[(tileRows-1)*stride+panelWidth-1]
	tileAVX2(dim, &queries[0], &panel[0], &out[0], stride)
}

// tileAVX2 needs dim > 0.
//
//go:noescape
func tileAVX2(dim int, queries, panel, out *float32, stride int)
