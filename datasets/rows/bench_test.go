package rows

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// benchmarkScan scans every column of a file.
func benchmarkScan(b *testing.B, name, content string) {
	table, err := Open(context.Background(), write(b, name, content), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer table.Close()
	want := table.Columns()
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if err := table.Scan(context.Background(), want, func(Row) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// lines repeats a line with its number.
func lines(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func BenchmarkCSV(b *testing.B) {
	const header = "id,prompt,a,b,c,d,e,f,g,h,i,j\n"
	benchmarkScan(b, "a.csv", header+lines(100_000, "row/%07d,\"Which of these, if any, is \"\"right\"\"? Answer with one letter.\",0.25,1,0,1,1,0.5,0.75,1,0,1\n"))
}

func BenchmarkCSVNumbers(b *testing.B) {
	const header = "id,prompt,a,b,c,d,e,f,g,h,i,j\n"
	benchmarkScan(b, "a.csv", header+lines(100_000, "row/%07d,short,0.25,1,0,1,1,0.5,0.75,1,0,1\n"))
}

func BenchmarkJSONLines(b *testing.B) {
	benchmarkScan(b, "a.jsonl", lines(100_000, `{"id": "row/%07d", "prompt": "Which of these, if any, is \"right\"? Answer with one letter.", "a": 0.25, "b": 1, "m": [{"role": "user", "content": "x"}]}`+"\n"))
}

func BenchmarkJSONList(b *testing.B) {
	rows := lines(100_000, `,{"id": "row/%07d", "prompt": "Which of these, if any, is right? Answer with one letter.", "a": 0.25, "b": 1}`+"\n")
	benchmarkScan(b, "a.json", `{"version": 1, "results": [`+rows[1:]+`]}`)
}
