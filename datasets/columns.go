package datasets

import (
	"fmt"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// ReadColumns reads the named columns of a Parquet file of any schema, each as a slice with
// one value per row, in the order of the names. The file must have all of them. A null text is
// an error that names the row; a null number is NaN.
func ReadColumns(path string, texts, numbers []string) (strings [][]string, floats [][]float64, err error) {
	src, err := parquetfile.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer src.Close()
	for _, name := range texts {
		values, err := readTexts(src, name)
		if err != nil {
			return nil, nil, err
		}
		strings = append(strings, values)
	}
	for _, name := range numbers {
		values, err := readNumbers(src, name)
		if err != nil {
			return nil, nil, err
		}
		floats = append(floats, values)
	}
	return strings, floats, nil
}

// need returns an error if the column is missing or does not have the expected type.
func need(src *parquetfile.File, name, expected string, fits func(string) bool) error {
	if !src.HasColumn(name) {
		err := hint.With(fmt.Errorf("%q: column %q: missing", src.Name(), name), "columns in the file: "+text.Quoted(src.Columns(), 20))
		return hint.DidYouMean(err, name, src.Columns())
	}
	if !fits(name) {
		return fmt.Errorf("%q: column %q: found %s, expected %s", src.Name(), name, src.TypeName(name), expected)
	}
	return nil
}

func readTexts(src *parquetfile.File, name string) ([]string, error) {
	if err := need(src, name, "text", src.IsText); err != nil {
		return nil, err
	}
	c := src.Texts(name)
	values, err := c.Take(src.Rows())
	for i, v := range values {
		if v == parquetfile.NullText {
			return nil, cellError(src.Name(), i+1, name, "null", "text")
		}
	}
	return values, err
}

func readNumbers(src *parquetfile.File, name string) ([]float64, error) {
	if err := need(src, name, "numbers", src.IsNumber); err != nil {
		return nil, err
	}
	c := src.Floats(name)
	return c.Take(src.Rows())
}
