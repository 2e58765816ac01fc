package datasets

import (
	"fmt"

	"github.com/routellm/routellm/internal/hint"
)

// ReadColumns reads the named columns of a Parquet file of any schema, each as a slice with
// one value per row, in the order of the names. The file must have all of them. A null text is
// an error that names the row; a null number is NaN.
func ReadColumns(path string, texts, numbers []string) (strings [][]string, floats [][]float64, err error) {
	src, err := openSource(path)
	if err != nil {
		return nil, nil, err
	}
	defer src.Close()
	for _, name := range texts {
		values, err := src.readTexts(name)
		if err != nil {
			return nil, nil, err
		}
		strings = append(strings, values)
	}
	for _, name := range numbers {
		values, err := src.readNumbers(name)
		if err != nil {
			return nil, nil, err
		}
		floats = append(floats, values)
	}
	return strings, floats, nil
}

// need returns an error if the column is missing or does not have the expected type.
func (s *source) need(name, expected string, fits func(flatColumn) bool) error {
	if !s.HasColumn(name) {
		err := hint.With(fmt.Errorf("%q: column %q: missing", s.name, name), "columns in the file: "+listOf(s.columns, 20))
		return hint.DidYouMean(err, name, s.columns)
	}
	if column, ok := s.flat[name]; !ok || !fits(column) {
		return fmt.Errorf("%q: column %q: found %s, expected %s", s.name, name, typeName(s.file.Root().Column(name)), expected)
	}
	return nil
}

func (s *source) readTexts(name string) ([]string, error) {
	if err := s.need(name, "text", func(c flatColumn) bool { return isText(c.typ) }); err != nil {
		return nil, err
	}
	c := s.texts(name)
	defer c.close()
	values, err := c.take(s.Rows())
	for i, v := range values {
		if v == nullText {
			return nil, cellError(s.name, i+1, name, "null", "text")
		}
	}
	return values, err
}

func (s *source) readNumbers(name string) ([]float64, error) {
	if err := s.need(name, "numbers", func(c flatColumn) bool { return c.num.ok }); err != nil {
		return nil, err
	}
	c := s.floats(name)
	defer c.close()
	return c.take(s.Rows())
}
