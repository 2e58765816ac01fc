//go:build !amd64

package encoder

func add(dst *[dim]float32, row *[dim]byte, scale float32) { addGo(dst, row, scale) }
