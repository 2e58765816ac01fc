//go:build !amd64

package neighbours

func tile(dim int, queries, panel, out []float32, stride int) {
	tileGo(dim, queries, panel, out, stride)
}
