package encoder

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2

// add adds a token's row, times scale, to dst. Like addGo it rounds the product, then the
// sum.
func add(dst *[dim]float32, row *[dim]byte, scale float32) {
	if !hasAVX2 {
		addGo(dst, row, scale)
		return
	}
	addAVX2(&dst[0], &row[0], scale)
}

//go:noescape
func addAVX2(dst *float32, row *byte, scale float32)
