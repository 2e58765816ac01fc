package parquetfile

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

type vectorRow struct {
	V []float32 `parquet:"v,list"`
}

// levelPage is a page of ones with the levels of nullable lists of nullable elements. The
// definition levels are 0 for a null list, 1 for an empty list, 2 for a null element and 3 for an
// element.
type levelPage struct {
	parquet.Page
	repetition, definition []byte
}

func (p levelPage) RepetitionLevels() []byte       { return p.repetition }
func (p levelPage) DefinitionLevels() []byte       { return p.definition }
func (p levelPage) Dictionary() parquet.Dictionary { return nil }
func (p levelPage) Data() encoding.Values {
	ones := make([]float32, bytes.Count(p.definition, []byte{3}))
	return encoding.FloatValues(ones)
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
		l := &lists{decoder: decoder[float32]{plain: plainElements}, empty: 1, element: 3}
		l.pager = pager{file: f, group: 1}
		var lengths []string
		var err error
		pages := strings.Split(c.pages, ",")
		for i, page := range pages {
			repetition, definition, _ := strings.Cut(page, " ")
			l.left = int64(len(pages) - 1 - i)
			var done [][]float32
			if done, err = l.decodeLists(levelPage{repetition: levels(repetition), definition: levels(definition)}); err != nil {
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

// TestShortPage asks for more elements than a page holds, from a slice with spare capacity.
func TestShortPage(t *testing.T) {
	for _, v := range []encoding.Values{encoding.FloatValues(make([]float32, 1, 8)), encoding.DoubleValues(make([]float64, 1, 8))} {
		if got, err := plainElements(v, 2); err != errLevels {
			t.Errorf("%v, %v", got, err)
		}
	}
}

func levels(digits string) []byte {
	out := []byte(digits)
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
		f.file.Metadata().RowGroups[0].Columns[0].MetaData.NumValues += more
		c, err := f.Lists("v")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Take(3); err == nil || !strings.HasPrefix(err.Error(), `"x.parquet": damaged Parquet: column "v": `) {
			t.Errorf("%d elements more: error %v", more, err)
		}
	}
}
