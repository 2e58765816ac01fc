package project

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
)

// Parse reads a file, called name in errors. Unknown and repeated keys and values of a wrong kind are
// errors that name the line. Sections of commands are not checked: see [Setting].
func Parse(name string, data []byte) (*File, error) {
	var document yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	f := &File{}
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return f, nil // nothing but comments
	} else if err != nil {
		return nil, malformed(name, err)
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: found several YAML documents, expected one", name)
	}
	p := parser{name}
	if err := p.file(document.Content[0], f); err != nil {
		return nil, err
	}
	return f, nil
}

// malformed returns the error about a file that is no YAML, with the line: the library leaves out the
// first.
func malformed(name string, err error) error {
	what := strings.TrimPrefix(err.Error(), "yaml: ")
	line := "1"
	if rest, ok := strings.CutPrefix(what, "line "); ok {
		line, what, _ = strings.Cut(rest, ": ")
	}
	err = fmt.Errorf("%s:%s: %s", name, line, what)
	if strings.Contains(what, "tab") || strings.Contains(what, "cannot start any token") {
		return hint.With(err, "YAML is indented by spaces, and a text that begins with a sign is written in quotes")
	}
	return err
}

type parser struct{ name string }

// wrong returns an error about a node.
func (p parser) wrong(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", p.name, n.Line, fmt.Sprintf(format, args...))
}

// entry is one key of a mapping.
type entry struct {
	key, value *yaml.Node
}

// mapping returns the entries of a mapping in the file's order. Repeated keys are errors.
func (p parser) mapping(n *yaml.Node, example string) ([]entry, error) {
	if n.Kind != yaml.MappingNode {
		return nil, p.wrong(n, "expected keys and values, such as %s", example)
	}
	var out []entry
	first := map[string]int{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			return nil, p.wrong(key, "expected a name as the key")
		}
		if line, ok := first[key.Value]; ok {
			return nil, p.wrong(key, "key %q is given twice, first in line %d", key.Value, line)
		}
		first[key.Value] = key.Line
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		out = append(out, entry{key, value})
	}
	return out, nil
}

// isNull reports whether a key has no value, as if it were not there.
func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// synonyms are keys that people take from the flags of commands.
var synonyms = map[string]string{"bench": "data", "benchmark": "data", "benchmarks": "data", "router": "routers", "price": "prices", "strong": "pair", "weak": "pair", "policy": "gate", "upstreams": "serve"}

// Keys lists the keys of a file, in their order.
func Keys() (keys []string) {
	t := reflect.TypeFor[File]()
	for i := range t.NumField() {
		keys = append(keys, t.Field(i).Tag.Get("yaml"))
	}
	return keys
}

// file reads the keys of the file.
func (p parser) file(n *yaml.Node, f *File) error {
	entries, err := p.mapping(n, "data: outcomes.csv")
	if err != nil {
		return err
	}
	to, keys := reflect.ValueOf(f).Elem(), Keys()
	for _, e := range entries {
		field := -1
		for i, key := range keys {
			if key == e.key.Value {
				field = i
			}
		}
		if field < 0 {
			return p.unknown(e.key, keys)
		}
		if isNull(e.value) {
			continue
		}
		if err := p.value(e, to.Field(field).Addr().Interface()); err != nil {
			return err
		}
	}
	if f.Pair.Line > 0 && f.Models.Line > 0 {
		return p.wrong(&yaml.Node{Line: max(f.Pair.Line, f.Models.Line)}, "pair is for two models and models for several: expected one of them")
	}
	return nil
}

func (p parser) unknown(key *yaml.Node, keys []string) error {
	err := hint.With(p.wrong(key, "unknown key %q", key.Value), "keys: "+strings.Join(keys, ", "))
	if meant := synonyms[key.Value]; meant != "" {
		return hint.With(err, "did you mean "+meant+"?")
	}
	return hint.DidYouMean(err, key.Value, keys)
}

// value reads the value of a key.
func (p parser) value(e entry, to any) (err error) {
	switch to := to.(type) {
	case *Text:
		to.Line = e.key.Line
		to.Value, err = p.text(e)
	case *Texts:
		to.Line = e.key.Line
		to.Values, err = p.texts(e)
	case *Numbers:
		to.Line = e.key.Line
		to.Values, err = p.numbers(e)
	case *Pair:
		*to, err = p.pair(e)
	case *Prices:
		*to, err = p.prices(e)
	case *Section:
		*to, err = p.section(e)
	case *Serve:
		*to, err = p.serve(e)
	}
	return err
}

func (p parser) text(e entry) (string, error) {
	if e.value.Kind != yaml.ScalarNode || e.value.Value == "" {
		return "", p.wrong(e.value, "key %q: expected a single value", e.key.Value)
	}
	return e.value.Value, nil
}

// texts reads a value or a list of values.
func (p parser) texts(e entry) ([]string, error) {
	if e.value.Kind == yaml.ScalarNode && e.value.Value != "" {
		return []string{e.value.Value}, nil
	}
	if e.value.Kind != yaml.SequenceNode || len(e.value.Content) == 0 {
		return nil, p.wrong(e.value, "key %q: expected a value or a list of values", e.key.Value)
	}
	var out []string
	for _, item := range e.value.Content {
		if item.Kind != yaml.ScalarNode || isNull(item) || item.Value == "" {
			return nil, p.wrong(item, "key %q: expected a list of single values", e.key.Value)
		}
		out = append(out, item.Value)
	}
	return out, nil
}

// numbers reads two numbers, for input and output.
func (p parser) numbers(e entry) (out []float64, err error) {
	example := "[2.5, 10]" // prices
	if e.key.Value == "tokens" {
		example = "[300, 200]"
	}
	texts, err := p.texts(e)
	if err == nil && len(texts) == 1 {
		texts = strings.Split(texts[0], ",")
	}
	if err != nil || len(texts) != 2 {
		return nil, p.wrong(e.value, "key %q: expected two numbers, such as %s, for input and output", e.key.Value, example)
	}
	for _, text := range texts {
		x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || !num.Finite(x) || x < 0 {
			return nil, p.wrong(e.value, "key %q: found %q, expected a number of 0 or more", e.key.Value, text)
		}
		out = append(out, x)
	}
	return out, nil
}

// pair reads the names of two models.
func (p parser) pair(e entry) (out Pair, err error) {
	names := map[string]string{}
	if e.value.Kind == yaml.MappingNode {
		entries, err := p.mapping(e.value, "strong: gpt-4o")
		if err != nil {
			return out, err
		}
		for _, x := range entries {
			if x.key.Value != "strong" && x.key.Value != "weak" {
				return out, p.unknown(x.key, []string{"strong", "weak"})
			}
			if names[x.key.Value], err = p.text(x); err != nil {
				return out, err
			}
		}
	} else {
		list, err := p.texts(e)
		if err == nil && len(list) == 1 {
			list = strings.Split(list[0], ",")
		}
		if err == nil && len(list) == 2 {
			names["strong"], names["weak"] = strings.TrimSpace(list[0]), strings.TrimSpace(list[1])
		}
	}
	out = Pair{Strong: names["strong"], Weak: names["weak"], Line: e.key.Line}
	if out.Strong == "" || out.Weak == "" || out.Strong == out.Weak {
		return out, p.wrong(e.value, "key %q: expected two different models, such as [gpt-4o, llama], the strong one first", e.key.Value)
	}
	return out, nil
}

// prices reads the path of a list, or prices by model.
func (p parser) prices(e entry) (out Prices, err error) {
	out.Line = e.key.Line
	if e.value.Kind == yaml.ScalarNode {
		out.File, err = p.text(e)
		return out, err
	}
	entries, err := p.mapping(e.value, "gpt-4o: [2.5, 10]")
	for _, x := range entries {
		pair, err := p.numbers(x)
		if err != nil {
			return out, err
		}
		out.Models = append(out.Models, ModelPrice{x.key.Value, pair[0], pair[1]})
	}
	return out, err
}

// section reads the settings of a command.
func (p parser) section(e entry) (out Section, err error) {
	entries, err := p.mapping(e.value, "quality: 95%")
	for _, x := range entries {
		if isNull(x.value) {
			continue
		}
		values, err := p.texts(x)
		if err != nil {
			return nil, err
		}
		out = append(out, Setting{x.key.Value, x.key.Line, values})
	}
	return out, err
}

// serve reads the path of a file, or settings, which stay as they are.
func (p parser) serve(e entry) (out Serve, err error) {
	out.Line = e.key.Line
	if e.value.Kind == yaml.ScalarNode {
		out.File, err = p.text(e)
		return out, err
	}
	_, err = p.mapping(e.value, "threshold: 0.3")
	out.Settings = e.value
	return out, err
}
