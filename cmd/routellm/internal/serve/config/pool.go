package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/routellm/routellm/internal/hint"
)

// Pool holds the upstreams of several models. It is a flag value that can be repeated, written
// MODEL=NAME@URL with further settings after commas, such as
// gpt-4o=gpt-4o-2024-08-06@https://api.openai.com/v1,key_env=OPENAI_API_KEY. MODEL= may be left out
// where the server knows the model under the same name. In a file it is a mapping of models to their
// settings.
type Pool struct {
	All   []Named
	texts []string // what Set was given
}

// poolFlag is the flag of [Pool].
const poolFlag = "upstream"

// settingsOf defines the settings of an upstream of a pool as flags, named as those of a side are.
func settingsOf(u *Upstream) *pflag.FlagSet {
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	u.add(poolFlag, f)
	return f
}

// poolKey returns the key of a setting, such as key-env, within an upstream of a pool.
func poolKey(setting string) string {
	if setting == "alias" {
		return "aliases"
	}
	return keyOf(setting)
}

// poolKeys returns the flags of an upstream's settings by their keys, without the model itself.
func poolKeys(f *pflag.FlagSet) map[string]*pflag.Flag {
	keys := map[string]*pflag.Flag{}
	f.VisitAll(func(f *pflag.Flag) {
		if setting, ok := strings.CutPrefix(f.Name, poolFlag+"-"); ok {
			keys[poolKey(setting)] = f
		}
	})
	return keys
}

// String returns the models, with spaces between them.
func (p *Pool) String() string {
	names := make([]string, len(p.All))
	for i, u := range p.All {
		names[i] = u.Side + "=" + u.Model.String()
	}
	return strings.Join(names, " ")
}

// Type returns the name of the value in help texts.
func (p *Pool) Type() string { return "MODEL=NAME@URL" }

// Set adds the upstreams of a text, one per line.
func (p *Pool) Set(text string) error {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := p.line(line); err != nil {
			return err
		}
	}
	p.texts = append(p.texts, text)
	return nil
}

// Append adds the upstreams of a text.
func (p *Pool) Append(text string) error { return p.Set(text) }

// Replace puts the upstreams of texts in the place of those there are.
func (p *Pool) Replace(texts []string) error {
	*p = Pool{}
	for _, text := range texts {
		if err := p.Set(text); err != nil {
			return err
		}
	}
	return nil
}

// GetSlice returns the texts of the upstreams.
func (p *Pool) GetSlice() []string { return p.texts }

var _ pflag.SliceValue = (*Pool)(nil)

// line adds the upstream of one line.
func (p *Pool) line(text string) error {
	u := &Upstream{}
	f := settingsOf(u)
	keys := poolKeys(f)
	parts := splitSettings(text, keys)
	model, at := "", strings.Index(parts[0], "@http")
	if eq := strings.IndexByte(parts[0], '='); eq >= 0 && (at < 0 || eq < at) {
		model, parts[0] = parts[0][:eq], parts[0][eq+1:]
	}
	if err := u.Model.Set(parts[0]); err != nil {
		return errPool
	}
	if model == "" {
		model = u.Name
	}
	for _, part := range parts[1:] {
		key, value, _ := strings.Cut(part, "=")
		if err := setPooled(keys[key], value); err != nil {
			return fmt.Errorf("%s of %q: %w", key, model, err)
		}
	}
	return p.add(model, u)
}

var errPool = errors.New("expected MODEL=NAME@URL, such as gpt-4o=gpt-4o-2024-08-06@https://api.openai.com/v1")

// splitSettings splits a line at those commas that a setting follows: values may have commas, too.
func splitSettings(text string, keys map[string]*pflag.Flag) (parts []string) {
	for i, part := range strings.Split(text, ",") {
		key, _, ok := strings.Cut(part, "=")
		if i > 0 && (!ok || keys[key] == nil) {
			parts[len(parts)-1] += "," + part
			continue
		}
		parts = append(parts, part)
	}
	return parts
}

// setPooled sets a setting of an upstream to the values found.
func setPooled(f *pflag.Flag, values ...string) error {
	for _, value := range values {
		if f.Value.Type() == "stringSlice" {
			value = afterComma.ReplaceAllString(value, ",")
		}
		if err := f.Value.Set(value); err != nil {
			return fmt.Errorf("found %q, %s", value, expected(f.Value))
		}
	}
	return nil
}

// add adds a model's upstream.
func (p *Pool) add(model string, u *Upstream) error {
	switch {
	case strings.TrimSpace(model) == "":
		return errors.New("found a model without a name")
	case slices.ContainsFunc(p.All, func(n Named) bool { return n.Side == model }):
		return fmt.Errorf("found %q twice, expected one upstream per model", model)
	}
	p.All = append(p.All, Named{model, u, true})
	return nil
}

// nodes adds the upstreams of a mapping in a file, models to settings.
func (p *Pool) nodes(path string, top *yaml.Node) error {
	for i := 0; i < len(top.Content); i += 2 {
		model, settings := top.Content[i], top.Content[i+1]
		if err := p.node(path, model.Value, settings); err != nil {
			return err
		}
	}
	return nil
}

// node adds the upstream of a model with its settings, or with its URL alone.
func (p *Pool) node(path, model string, settings *yaml.Node) error {
	where := func(line int, err error) error {
		return fmt.Errorf("%s:%d: upstream %q: %w", path, line, model, err)
	}
	u := &Upstream{}
	keys := poolKeys(settingsOf(u))
	at := entries{"name": &yaml.Node{Kind: yaml.ScalarNode, Value: model}}
	switch settings.Kind {
	case yaml.ScalarNode:
		at["url"] = settings
	case yaml.MappingNode:
		if line, err := at.read(settings, keys); err != nil {
			return where(line, err)
		}
	default:
		return where(settings.Line, errors.New("expected the URL of its server, or settings such as url and key_env"))
	}
	if err := at.model(u); err != nil {
		return where(settings.Line, err)
	}
	if err := p.add(model, u); err != nil {
		return fmt.Errorf("%s:%d: %w", path, settings.Line, err)
	}
	return nil
}

// entries holds the values of the keys url and name.
type entries map[string]*yaml.Node

// read reads the settings of an upstream. With an error it returns the line.
func (e entries) read(settings *yaml.Node, keys map[string]*pflag.Flag) (line int, err error) {
	seen := map[string]bool{}
	for i := 0; i < len(settings.Content); i += 2 {
		key, value := settings.Content[i], settings.Content[i+1]
		if seen[key.Value] {
			return key.Line, fmt.Errorf("key %q is given twice", key.Value)
		}
		if seen[key.Value] = true; key.Value == "url" || key.Value == "name" {
			e[key.Value] = value
			continue
		}
		f, ok := keys[key.Value]
		if !ok {
			return key.Line, unknownPooled(key.Value, keys)
		}
		values, err := scalars(value, f)
		if err == nil {
			err = setPooled(f, values...)
		}
		if err != nil {
			return key.Line, fmt.Errorf("key %q: %w", key.Value, err)
		}
	}
	return 0, nil
}

// unknownPooled returns the error about a key that no upstream has.
func unknownPooled(key string, keys map[string]*pflag.Flag) error {
	known := []string{"url", "name"}
	for name := range keys {
		known = append(known, name)
	}
	slices.Sort(known)
	return hint.DidYouMean(hint.With(fmt.Errorf("unknown key %q", key), "keys of an upstream: "+strings.Join(known, ", ")), key, known)
}

// model sets the model of an upstream to the values of url and name.
func (e entries) model(u *Upstream) error {
	for _, key := range []string{"url", "name"} {
		if n := e[key]; n == nil || n.Kind != yaml.ScalarNode || n.Value == "" {
			return fmt.Errorf("key %q: expected a single value", key)
		}
	}
	if err := u.Model.Set(e["name"].Value + "@" + e["url"].Value); err != nil {
		return fmt.Errorf("key \"url\": found %q, expected a URL such as https://api.openai.com/v1, without a query or a password", e["url"].Value)
	}
	return nil
}
