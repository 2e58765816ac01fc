package schemacmd

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// withFlags adds the keys of each section to the schema of routellm.yaml: the flags of the commands
// below root. The stored schema has sections with any keys, so that a new flag does not change it.
func withFlags(schema []byte, root *cobra.Command) ([]byte, error) {
	var document map[string]any
	if err := json.Unmarshal(schema, &document); err != nil {
		return nil, err
	}
	defs, _ := document["$defs"].(map[string]any)
	file, _ := defs["File"].(map[string]any)
	keys, _ := file["properties"].(map[string]any)
	for name, flags := range cmdutil.SectionFlags(root) {
		section, _ := keys[name].(map[string]any)
		forms, _ := section["anyOf"].([]any)
		if len(forms) == 0 {
			return nil, errors.New("the schema of routellm.yaml has no section " + name)
		}
		addFlags(forms[0].(map[string]any), flags)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	err := e.Encode(document)
	return b.Bytes(), err
}

// addFlags makes an object that takes any keys one that takes those of flags.
func addFlags(section map[string]any, flags map[string]*pflag.Flag) {
	value := section["additionalProperties"].(map[string]any)["anyOf"]
	properties := map[string]any{}
	for key, f := range flags {
		_, usage := pflag.UnquoteUsage(f)
		properties[key] = map[string]any{"anyOf": value, "description": usage}
	}
	section["properties"], section["additionalProperties"] = properties, false
}
