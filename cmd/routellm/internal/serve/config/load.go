package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// Origins maps the name of a flag to the place where its value was found. Defaults have no
// origin.
type Origins map[string]string

// Wrap adds to an error the place where a setting was found, or the setting's flag.
func (o Origins) Wrap(flag string, err error) error {
	if where, ok := o[flag]; ok {
		return fmt.Errorf("%s: %w", where, err)
	}
	return fmt.Errorf("--%s: %w", flag, err)
}

// Load sets the flags that were not given from the environment and then from the YAML file
// at path, unless path is "". An unknown or repeated key and an invalid value are errors
// that name the file's line.
func Load(flags *pflag.FlagSet, path string, environment func(string) (string, bool)) (Origins, error) {
	return LoadSection(flags, path, nil, environment)
}

// LoadSection does what Load does with the settings of a section of the file at path, unless the section
// is nil.
func LoadSection(flags *pflag.FlagSet, path string, section *yaml.Node, environment func(string) (string, bool)) (Origins, error) {
	l := loader{flags: flags, origins: Origins{}}
	flags.Visit(func(f *pflag.Flag) { l.origins[f.Name] = "--" + f.Name })
	var wrong error
	given := l.given()
	flags.VisitAll(func(f *pflag.Flag) {
		name := prefix + strings.ToUpper(keyOf(f.Name))
		if value, ok := environment(name); ok && !given[f.Name] && wrong == nil {
			wrong = l.set(f, "$"+name, value)
		}
	})
	if wrong != nil || path == "" {
		return l.origins, wrong
	}
	if section != nil {
		return l.origins, l.entries(path, section)
	}
	return l.origins, l.file(path)
}

// prefix begins the names of the environment variables of settings.
const prefix = "ROUTELLM_"

// keyOf returns a flag's key in the file.
func keyOf(flag string) string {
	if flag == poolFlag {
		return "upstreams"
	}
	return strings.ReplaceAll(flag, "-", "_")
}

// flagOf returns the name of the flag of a key.
func flagOf(key string) string {
	if key == keyOf(poolFlag) {
		return poolFlag
	}
	return strings.ReplaceAll(key, "_", "-")
}

type loader struct {
	flags   *pflag.FlagSet
	origins Origins
}

// alternatives lists the flags that exclude each other. One of them, given in a source that
// takes precedence, overrides all of them in later sources.
var alternatives = [][]string{
	{"threshold", "strong-fraction", "artifact", "lambda"},
	{"strong-key-env", "strong-key-file"},
	{"weak-key-env", "weak-key-file"},
}

// given returns the flags that an earlier source has set, themselves or by an alternative.
func (l loader) given() map[string]bool {
	out := map[string]bool{}
	l.flags.VisitAll(func(f *pflag.Flag) { out[f.Name] = f.Changed })
	for _, group := range alternatives {
		if slices.ContainsFunc(group, l.has) {
			for _, name := range group {
				out[name] = true
			}
		}
	}
	return out
}

// has reports whether a flag is given with a value.
func (l loader) has(name string) bool {
	f := l.flags.Lookup(name)
	return f != nil && f.Changed && f.Value.String() != ""
}

// afterComma matches the space that people write between values.
var afterComma = regexp.MustCompile(`, +`)

// set sets a flag to the values found at a place.
func (l loader) set(f *pflag.Flag, where string, values ...string) error {
	for _, value := range values {
		if f.Value.Type() == "stringSlice" {
			value = afterComma.ReplaceAllString(value, ",")
		}
		if err := l.flags.Set(f.Name, value); err != nil {
			return fmt.Errorf("%s: found %q, %s", where, value, expected(f.Value))
		}
	}
	l.origins[f.Name] = where
	return nil
}

// expected names the values that a flag takes.
func expected(v pflag.Value) string {
	switch v.Type() {
	case "bool":
		return "expected true or false"
	case "float64":
		return "expected a number"
	case "fraction":
		return "expected a fraction such as 0.3 or 30%"
	case "duration":
		return "expected a duration such as 30s"
	case "stringSlice":
		return "expected values with commas between them"
	case (*Thresholds)(nil).Type():
		return errThresholds.Error()
	case (*Pool)(nil).Type():
		return errPool.Error() + ", with settings such as key_env=VARIABLE after commas"
	case "MODEL@URL":
		return "expected MODEL@URL, such as llama@http://127.0.0.1:8080/v1, without a query or a password"
	}
	return "expected a whole number that is in range"
}

// file reads a YAML file.
func (l loader) file(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("settings %q: %w", path, fault.Cause(err))
	}
	var document, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	if err := decoder.Decode(&document); err == io.EOF {
		return nil // nothing but comments
	} else if err != nil {
		return fmt.Errorf("%s: %s", path, malformed(err))
	}
	if err := decoder.Decode(&second); err != io.EOF {
		return fmt.Errorf("%s: found several YAML documents, expected one", path)
	}
	return l.entries(path, document.Content[0])
}

// entries reads the settings of a file or of a section.
func (l loader) entries(path string, top *yaml.Node) error {
	if top.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: expected keys and values, such as strong_fraction: 0.3", path, top.Line)
	}
	seen, given := map[string]int{}, l.given()
	for i := 0; i < len(top.Content); i += 2 {
		key := top.Content[i]
		if line, ok := seen[key.Value]; ok {
			return fmt.Errorf("%s:%d: key %q is given twice, first in line %d", path, key.Line, key.Value, line)
		}
		seen[key.Value] = key.Line
		if err := l.entry(path, key, top.Content[i+1], given); err != nil {
			return err
		}
	}
	return nil
}

// malformed returns what is wrong with the YAML, and in which line: the library leaves out the first.
func malformed(err error) string {
	what := strings.TrimPrefix(err.Error(), "yaml: ")
	if !strings.HasPrefix(what, "line ") {
		return "line 1: " + what
	}
	return what
}

// entry sets the flag of one key of the file, unless an earlier source has set it.
func (l loader) entry(path string, key, value *yaml.Node, given map[string]bool) error {
	where := fmt.Sprintf("%s:%d", path, key.Line)
	f := l.flags.Lookup(flagOf(key.Value))
	if f == nil || keyOf(f.Name) != key.Value {
		return l.unknown(where, key.Value)
	}
	if p, ok := f.Value.(*Pool); ok && value.Kind == yaml.MappingNode {
		return l.pool(path, key, value, p, given[f.Name])
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

// pool sets the upstreams of a mapping, unless an earlier source has set them. They are checked in
// any case.
func (l loader) pool(path string, key, value *yaml.Node, p *Pool, given bool) error {
	if given {
		p = &Pool{}
	} else {
		l.origins[poolFlag] = fmt.Sprintf("%s:%d: key %q", path, key.Line, key.Value)
	}
	return p.nodes(path, value)
}

// unknown returns the error about a key that no setting has.
func (l loader) unknown(where, key string) error {
	var keys []string
	l.flags.VisitAll(func(f *pflag.Flag) { keys = append(keys, keyOf(f.Name)) })
	err := hint.With(fmt.Errorf("%s: unknown key %q", where, key), "routellm serve --help lists the flags; a key is a flag's name with _ instead of -")
	return hint.DidYouMean(err, key, keys)
}

// scalars returns the values of a key: several only if the flag may be repeated.
func scalars(value *yaml.Node, f *pflag.Flag) ([]string, error) {
	if value.Kind == yaml.AliasNode {
		value = value.Alias
	}
	_, many := f.Value.(pflag.SliceValue)
	switch {
	case value.Kind == yaml.ScalarNode && value.Tag != "!!null":
		return []string{value.Value}, nil
	case many && (value.Kind != yaml.SequenceNode || len(value.Content) == 0):
		return nil, errors.New("expected a value or a list of values")
	case !many:
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
