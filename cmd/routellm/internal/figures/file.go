package figures

import (
	"bytes"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
)

// File is a file to be written.
type File struct {
	Name string
	Data []byte
}

// csvFile returns the table as a CSV file.
func csvFile(name string, t *table.Table) (File, error) {
	var b bytes.Buffer
	err := t.CSV(&b)
	return File{name + ".csv", b.Bytes()}, err
}
