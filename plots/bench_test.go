package plots

import (
	"io"
	"testing"
)

// BenchmarkWrite draws three curves of 14,038 vertices each.
func BenchmarkWrite(b *testing.B) {
	c := accuracy(3)
	for _, format := range Formats() {
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.Write(io.Discard, format); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
