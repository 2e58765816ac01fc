package datasets

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// written returns a benchmark's file without prompts, as it is embedded.
func written(t testing.TB, name string) []byte {
	table := benchmark(t, name)
	table.Prompt = nil
	var buf bytes.Buffer
	if err := table.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// BenchmarkReadMMLU reads what an evaluation of one router needs: ids, tasks, clusters, features
// and two models.
func BenchmarkReadMMLU(b *testing.B) {
	data := written(b, "mmlu")
	b.ReportMetric(float64(len(data)), "file-bytes")
	sel := Select{Models: []string{strongModel, weakModel}, Features: true}
	b.ReportAllocs()
	for b.Loop() {
		f, err := OpenBytes("mmlu", data)
		if err != nil {
			b.Fatal(err)
		}
		if t, err := f.Read(sel); err != nil || t.Rows() != 14042 {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadMMLUAll(b *testing.B) {
	data := written(b, "mmlu")
	b.ReportAllocs()
	for b.Loop() {
		f, err := OpenBytes("mmlu", data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.Read(Select{AllModels: true, Features: true, Digests: true, Extras: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteMMLU(b *testing.B) {
	for b.Loop() {
		written(b, "mmlu")
	}
}

// BenchmarkStreamScores streams 10 million plain doubles in pages of 1 MiB.
func BenchmarkStreamScores(b *testing.B) {
	const n = 10_000_000
	values := make([]float64, n)
	for i := range values {
		values[i] = float64(i) * 1e-7
	}
	for _, nullable := range []bool{false, true} {
		path := b.TempDir() + "/s.parquet"
		if err := os.WriteFile(path, plainColumn(b, values, nullable), 0o644); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("nullable=%v", nullable), func(b *testing.B) {
			b.SetBytes(8 * n)
			b.ReportAllocs()
			for b.Loop() {
				got := 0
				if err := StreamScores(path, "score", func(v []float64) error { got += len(v); return nil }); err != nil || got != n {
					b.Fatal(got, err)
				}
			}
		})
	}
}

// plainColumn returns a file with one uncompressed column of doubles, in pages of 1 MiB and row
// groups of a million.
func plainColumn(b *testing.B, values []float64, nullable bool) []byte {
	node := parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.Plain)
	level := 0
	if nullable {
		node, level = parquet.Optional(node), 1
	}
	var buf bytes.Buffer
	w := parquet.NewWriter(&buf, parquet.NewSchema("s", parquet.Group{"score": node}), parquet.PageBufferSize(1<<20))
	chunk := make([]parquet.Value, 1_000_000)
	for ; len(values) > 0; values = values[len(chunk):] {
		for i := range chunk {
			chunk[i] = parquet.DoubleValue(values[i]).Level(0, level, 0)
		}
		for c := chunk; len(c) > 0; c = c[min(len(c), 10000):] {
			if _, err := w.ColumnWriters()[0].WriteRowValues(c[:min(len(c), 10000)]); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return buf.Bytes()
}
