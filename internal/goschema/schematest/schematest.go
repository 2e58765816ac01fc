// Package schematest validates documents against the JSON Schemas of this repository, for tests. Call
// [Check] for a document, and [Lines] for a file with one document per line.
package schematest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// compiled holds the schemas that were used before.
var compiled sync.Map

// Check validates a document against a schema of the folder results, such as schema.json.
func Check(schema string, document []byte) error {
	s, err := open(schema)
	if err != nil {
		return err
	}
	d, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return err
	}
	return s.Validate(d)
}

// Lines fails the test unless each whole line of a file is valid.
func Lines(t testing.TB, schema, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(raw, []byte("\n"))
	for i, line := range lines[:len(lines)-1] { // what follows the last line end may be unfinished
		if err := Check(schema, line); err != nil {
			t.Fatalf("%s: row %d: %v: %s", path, i+1, err, line)
		}
	}
}

// open compiles a schema.
func open(name string) (*jsonschema.Schema, error) {
	if s, ok := compiled.Load(name); ok {
		return s.(*jsonschema.Schema), nil
	}
	root, err := repository()
	if err != nil {
		return nil, err
	}
	s, err := jsonschema.NewCompiler().Compile(filepath.Join(root, "results", name))
	if err != nil {
		return nil, fmt.Errorf("compiling %s: %w", name, err)
	}
	compiled.Store(name, s)
	return s, nil
}

// repository returns the folder of the repository, in which a test runs.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("not in a module")
		}
		dir = filepath.Dir(dir)
	}
}
