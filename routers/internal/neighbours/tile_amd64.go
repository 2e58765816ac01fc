package neighbours

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// tile writes the products of a tile to out. All versions sum in the order of the
// components. Fused multiply-adds round once less, which makes no difference for whole
// numbers.
func tile(dim int, queries, panel, out []float32, stride int) {
	if !hasAVX2 {
		tileGo(dim, queries, panel, out, stride)
		return
	}
	_ = panel[dim*panelWidth-1] // check the bounds here, since assembly does not
	_ = queries[dim*tileRows-1]
	_ = out[(tileRows-1)*stride+panelWidth-1]
	tileAVX2(dim, &queries[0], &panel[0], &out[0], stride)
}

// tileAVX2 does what tileGo does. dim must be above 0.
//
//go:noescape
func tileAVX2(dim int, queries, panel, out *float32, stride int)
