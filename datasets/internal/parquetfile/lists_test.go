package parquetfile

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go/format"
)

type vectorRow struct {
	V []float32 `parquet:"v,list"`
}

// levelPage returns a page of ones with the levels of nullable lists of nullable elements. The
// definition levels are 0 for a null list, 1 for an empty list, 2 for a null element and 3 for an
// element.
func levelPage(rep, def string) page {
	p := page{n: len(rep), rep: digits(rep), def: digits(def)}
	n := bytes.Count(p.def, []byte{3})
	p.values = values{n: n, typ: format.Float, data: make([]byte, 4*n)}
	return p
}

func TestListLevels(t *testing.T) {
	two := written(t, []vectorRow{{[]float32{1}}, {[]float32{2}}})
	for _, c := range []struct {
		pages string // "repetition definition" levels of each page, separated by commas
		want  string // lengths of the lists, -1 for null; "" for inconsistent levels
	}{
		{"00 33", "1 1"}, {"0101 3333", "2 2"}, {"011 323,011 333", "3 3"}, {"00 01", "-1 0"}, {"00 23", "1 1"},
		{"0 3,1 3,1 3,0 1", "3 0"}, {"01 33,101 333", "3 2"}, {"0 3,0 0", "1 -1"}, {"0 0,0 3", "-1 1"},
		{"1 3,00 33", ""}, {"00 34", ""}, {"01 31,0 3", ""}, {"01 13,0 3", ""}, {"01 03,0 3", ""}, {"0 1,1 3,0 3", ""},
		{"0 0,1 3,0 3", ""}, {"01 30,0 3", ""}, {"000 333", ""}, {"01 33", ""},
	} {
		f := opened(t, two)
		l := &lists{empty: 1}
		l.elements = flat[float32]{pager: pager{file: f, leaf: &node{rep: 1, def: 3}, group: 1}, plain: plainElements}
		var lengths []string
		var err error
		pages := strings.Split(c.pages, ",")
		for i, page := range pages {
			rep, def, _ := strings.Cut(page, " ")
			l.elements.left, l.elements.value = int64(len(pages)-1-i), 0
			l.elements.page = levelPage(rep, def)
			var done [][]float32
			if done, err = l.decodeLists(&l.elements.page); err != nil {
				break
			}
			for _, list := range done {
				n := len(list)
				if list == nil {
					n = -1
				}
				lengths = append(lengths, fmt.Sprint(n))
			}
		}
		if got := strings.Join(lengths, " "); c.want != "" && (err != nil || got != c.want) || c.want == "" && err != errLevels {
			t.Errorf("%s: %q, %v, want %q", c.pages, got, err, c.want)
		}
	}
}

func digits(text string) []byte {
	out := []byte(text)
	for i := range out {
		out[i] -= '0'
	}
	return out
}

// TestWrongCounts reads a file whose footer claims another number of elements than its pages hold.
func TestWrongCounts(t *testing.T) {
	data := written(t, []vectorRow{{[]float32{1, 2, 3, 4}}, {[]float32{5, 6, 7, 8}}, {[]float32{9, 10, 11, 12}}})
	for _, more := range []int64{-4, -1, 1, math.MaxInt64 - 100} {
		f := opened(t, data)
		layoutOf(f).meta.RowGroups[0].Columns[0].Chunk.Values += more
		c, err := f.Lists("v")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Take(3); err == nil || !strings.HasPrefix(err.Error(), `"x.parquet": damaged Parquet: column "v": `) {
			t.Errorf("%d elements more: error %v", more, err)
		}
	}
}
