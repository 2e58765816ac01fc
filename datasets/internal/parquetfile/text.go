package parquetfile

import (
	"fmt"
	"strconv"

	"github.com/parquet-go/parquet-go/encoding"
)

// ReadText reads a flat column of texts or numbers as text. Whole numbers keep all their digits.
func (f *File) ReadText(name string) ([]string, error) {
	column, ok := f.flat[name]
	if !ok || !isText(column.typ) && !column.num.ok {
		return nil, fmt.Errorf("%q: column %q: found %s, expected text or numbers", f.name, name, f.TypeName(name))
	}
	plain := plainTexts
	if !isText(column.typ) {
		plain = numbersAsText(column.num)
	}
	c := flatCursor(f, name, NullText, plain)
	defer c.Close()
	return c.Take(f.Rows())
}

func numbersAsText(num number) func(encoding.Values, int) ([]string, error) {
	floats := plainFloats(num)
	return func(v encoding.Values, n int) ([]string, error) {
		out := make([]string, n)
		if v.Kind() == encoding.Int64 && !num.unsigned && num.divisor == 1 && n > 0 {
			for i, k := range v.Int64()[:n] {
				out[i] = strconv.FormatInt(k, 10)
			}
			return out, nil
		}
		values, err := floats(v, n)
		for i, x := range values {
			out[i] = strconv.FormatFloat(x, 'f', -1, 64)
		}
		return out, err
	}
}
