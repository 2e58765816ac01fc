package datasets

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"github.com/routellm/routellm/datasets/rows"
)

// eachJSONLine calls visit with every line that is not blank and its row, counted from 1. Lines
// may have any length; visit must not keep them.
func eachJSONLine(path string, visit func(row int, line []byte) error) error {
	in, err := rows.OpenText(context.Background(), path)
	if err != nil {
		return err
	}
	defer in.Close()
	br := bufio.NewReader(in)
	for row := 0; ; {
		line, err := br.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return readError(path, err)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			row++
			if err := visit(row, line); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}
