package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// Origins says where each setting was found, by flag.
type Origins map[string]string

// Wrap adds to an error which setting it is about, and where that was found.
func (o Origins) Wrap(flag string, err error) error {
	if where, ok := o[flag]; ok {
		return fmt.Errorf("%s: %w", where, err)
	}
	return fmt.Errorf("--%s: %w", flag, err)
}

// Load fills the flags that were not given, from the environment and then from the
// YAML file of that name, "" for none. Keys that are no flag, values that do not fit and
// keys that repeat are errors that name the line.
func Load(flags *pflag.FlagSet, path string, environment func(string) (string, bool)) (Origins, error) {
	l := loader{flags: flags, origins: Origins{}}
	flags.Visit(func(f *pflag.Flag) { l.origins[f.Name] = "--" + f.Name })
	var wrong error
	given := l.given()
	flags.VisitAll(func(f *pflag.Flag) {
		name := "ROUTELLM_" + strings.ToUpper(keyOf(f.Name))
		if value, ok := environment(name); ok && !given[f.Name] && wrong == nil {
			wrong = l.set(f, "$"+name, value)
		}
	})
	if wrong != nil || path == "" {
		return l.origins, wrong
	}
	return l.origins, l.file(path)
}

// keyOf is a flag's name in a file.
func keyOf(flag string) string { return strings.ReplaceAll(flag, "-", "_") }

type loader struct {
	flags   *pflag.FlagSet
	origins Origins
}

// thresholds are the flags of which a server takes one: a threshold given by what counts
// more stands for all of them.
var thresholds = []string{"threshold", "strong-fraction", "artifact"}

// given are the flags that something has set already, or an alternative to them.
func (l loader) given() map[string]bool {
	out := map[string]bool{}
	l.flags.VisitAll(func(f *pflag.Flag) { out[f.Name] = f.Changed })
	for _, name := range thresholds {
		if f := l.flags.Lookup(name); f != nil && f.Changed && f.Value.String() != "" {
			for _, other := range thresholds {
				out[other] = true
			}
		}
	}
	return out
}

// set gives a flag values found at a place.
func (l loader) set(f *pflag.Flag, where string, values ...string) error {
	for _, value := range values {
		if err := l.flags.Set(f.Name, value); err != nil {
			return fmt.Errorf("%s: found %q, %s", where, value, expected(f.Value))
		}
	}
	l.origins[f.Name] = where
	return nil
}

// expected says what a value should have been.
func expected(v pflag.Value) string {
	switch v.Type() {
	case "bool":
		return "expected true or false"
	case "float64":
		return "expected a number"
	case "duration":
		return "expected a duration such as 30s"
	case "MODEL@URL":
		return "expected MODEL@URL, such as llama@http://127.0.0.1:8080/v1, without a query or a password"
	}
	return "expected a whole number in range"
}

// file reads a YAML file.
func (l loader) file(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("--config: %w", err)
	}
	var document, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	if err := decoder.Decode(&document); err == io.EOF {
		return nil // comments alone
	} else if err != nil {
		return fmt.Errorf("%s: %s", path, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := decoder.Decode(&second); err != io.EOF {
		return fmt.Errorf("%s: expected one document", path)
	}
	top := document.Content[0]
	if top.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: expected keys and values, such as threshold: 0.3", path, top.Line)
	}
	seen, given := map[string]int{}, l.given()
	for i := 0; i < len(top.Content); i += 2 {
		key := top.Content[i]
		if line, ok := seen[key.Value]; ok {
			return fmt.Errorf("%s:%d: key %q is in line %d already", path, key.Line, key.Value, line)
		}
		seen[key.Value] = key.Line
		if err := l.entry(path, key, top.Content[i+1], given); err != nil {
			return err
		}
	}
	return nil
}

// entry takes one key of a file, unless something that counts more has set it.
func (l loader) entry(path string, key, value *yaml.Node, given map[string]bool) error {
	where := fmt.Sprintf("%s:%d", path, key.Line)
	f := l.flags.Lookup(strings.ReplaceAll(key.Value, "_", "-"))
	if f == nil || keyOf(f.Name) != key.Value {
		return hint.With(fmt.Errorf("%s: unknown key %q", where, key.Value),
			"routellm serve --help lists the flags, which are the keys with _ for -")
	}
	values, err := scalars(value, f)
	if err != nil {
		return fmt.Errorf("%s: key %q: %w", where, key.Value, err)
	}
	if given[f.Name] {
		return nil
	}
	return l.set(f, fmt.Sprintf("%s: key %q", where, key.Value), values...)
}

// scalars are the values of a key: a list where the flag may be repeated.
func scalars(value *yaml.Node, f *pflag.Flag) ([]string, error) {
	if value.Kind == yaml.AliasNode {
		value = value.Alias
	}
	_, many := f.Value.(pflag.SliceValue)
	switch {
	case value.Kind == yaml.ScalarNode && value.Tag != "!!null":
		return []string{value.Value}, nil
	case value.Kind != yaml.SequenceNode || !many || len(value.Content) == 0:
		return nil, errors.New("expected a single value")
	}
	var out []string
	for _, item := range value.Content {
		if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
			return nil, errors.New("expected a list of single values")
		}
		out = append(out, item.Value)
	}
	return out, nil
}
