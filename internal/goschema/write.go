package goschema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// Hold returns an error if a stored schema is not the one that is wanted. If update is set, it
// writes that first.
func Hold(path string, want map[string]any, update bool) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	if err := e.Encode(want); err != nil {
		return err
	}
	if update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	got, err := os.ReadFile(path)
	if err == nil && !bytes.Equal(got, b.Bytes()) {
		err = fmt.Errorf("%s is not that of the Go types", path)
	}
	return err
}
