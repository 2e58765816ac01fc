// Package schemas holds the JSON Schemas (draft 2020-12) of the documents that the program writes and
// reads. They are the files *schema.json of the folder results, packed: [Names] lists them, and [Read]
// returns one.
package schemas

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io/fs"
	"strings"
)

// packed is an archive with one file per schema, by its name. The test of this package writes it.
//
//go:embed schemas.zip
var packed []byte

// Schema says what a schema describes.
type Schema struct {
	Name  string // the name for [Read]
	Title string // the document: who writes or reads it
	File  string // the schema's file in the folder results of the repository
}

// List returns all schemas.
func List() []Schema {
	return []Schema{
		{"results", "results.json of eval -o", "schema.json"},
		{"artifact", "calibrated thresholds and policies, of calibrate --artifact", "artifact.schema.json"},
		{"policy", "policies of gate, in YAML", "policy.schema.json"},
		{"config", "routellm.yaml, the settings of a project", "config.schema.json"},
		{"decisions", "lines of the decision log of serve", "decisions.schema.json"},
		{"fit", "fit.json of fit", "fit.schema.json"},
	}
}

// Names returns the names of all schemas.
func Names() []string {
	var names []string
	for _, s := range List() {
		names = append(names, s.Name)
	}
	return names
}

// Read returns the schema of a name. An unknown name is an error.
func Read(name string) ([]byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, err
	}
	schema, err := fs.ReadFile(archive, name)
	if err != nil {
		return nil, fmt.Errorf("no schema %q, expected one of %s", name, strings.Join(Names(), ", "))
	}
	return schema, nil
}
