// Package gate decides whether an evaluation is good enough: a policy's rules about the
// numbers of a results document, alone or against an older one. It reads no file and no
// clock.
package gate

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Policy is what has to hold.
type Policy struct {
	Rules   []Rule // at least one
	Waivers []Waiver
}

// Waiver lets a rule pass that does not hold, for a while.
type Waiver struct {
	Rule   string // name or text of the rule
	On     string // BENCHMARK or BENCHMARK.ROUTER; "" for all that the rule is about
	Until  string // last day, as in 2026-12-31
	Reason string
}

// ParsePolicy reads a policy; name stands for the file in errors, which have line and
// column. Unknown and repeated keys, rules that are no comparison and waivers of no rule
// are errors.
func ParsePolicy(name string, data io.Reader) (*Policy, error) {
	var document yaml.Node
	decoder := yaml.NewDecoder(data)
	err := decoder.Decode(&document)
	if errors.Is(err, io.EOF) || err == nil && len(document.Content) == 0 {
		return nil, fmt.Errorf("%q: empty policy, expected rules", name)
	}
	if err != nil {
		return nil, fmt.Errorf("%q: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	p := &parser{name: name, policy: &Policy{}}
	if err := p.top(document.Content[0]); err != nil {
		return nil, err
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%q: more than one YAML document, expected one", name)
	}
	return p.policy, nil
}

type parser struct {
	name   string
	policy *Policy
}

// wrong is an error at a node.
func (p *parser) wrong(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("%q: line %d, column %d: %s", p.name, n.Line, n.Column, fmt.Sprintf(format, args...))
}

func (p *parser) top(n *yaml.Node) error {
	keys, err := p.mapping(n, "rules", "waivers")
	if err != nil {
		return err
	}
	rules, ok := keys["rules"]
	if !ok {
		return p.wrong(n, "no %q", "rules")
	}
	if rules.Kind != yaml.SequenceNode || len(rules.Content) == 0 {
		return p.wrong(rules, "expected a list of rules")
	}
	for _, item := range rules.Content {
		if err := p.rule(item); err != nil {
			return err
		}
	}
	waivers, ok := keys["waivers"]
	if !ok {
		return nil
	}
	if waivers.Kind != yaml.SequenceNode {
		return p.wrong(waivers, "expected a list of waivers")
	}
	for _, item := range waivers.Content {
		if err := p.waiver(item); err != nil {
			return err
		}
	}
	return nil
}

// mapping returns the values of a mapping with the known keys alone.
func (p *parser) mapping(n *yaml.Node, known ...string) (map[string]*yaml.Node, error) {
	if n.Kind != yaml.MappingNode {
		return nil, p.wrong(n, "expected the keys %s", strings.Join(known, ", "))
	}
	out := map[string]*yaml.Node{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		isKnown := false
		for _, k := range known {
			isKnown = isKnown || key.Value == k
		}
		if !isKnown {
			return nil, p.wrong(key, "unknown key %q, expected one of %s", key.Value, strings.Join(known, ", "))
		}
		if out[key.Value] != nil {
			return nil, p.wrong(key, "key %q is given twice", key.Value)
		}
		out[key.Value] = n.Content[i+1]
	}
	return out, nil
}

// text is the value of a key that must be there, not empty and no list.
func (p *parser) text(n *yaml.Node, keys map[string]*yaml.Node, key string) (string, error) {
	v, ok := keys[key]
	if !ok {
		return "", p.wrong(n, "no %q", key)
	}
	if v.Kind != yaml.ScalarNode || strings.TrimSpace(v.Value) == "" {
		return "", p.wrong(v, "%q: expected a text", key)
	}
	return strings.TrimSpace(v.Value), nil
}

// rule reads a comparison, alone or with a name.
func (p *parser) rule(n *yaml.Node) error {
	at, text, name := n, n.Value, ""
	if n.Kind != yaml.ScalarNode {
		keys, err := p.mapping(n, "name", "check")
		if err != nil {
			return err
		}
		if text, err = p.text(n, keys, "check"); err != nil {
			return err
		}
		if keys["name"] != nil {
			if name, err = p.text(n, keys, "name"); err != nil {
				return err
			}
		}
		at = keys["check"]
	}
	r, err := parseRule(text)
	if err != nil {
		return p.wrong(at, "rule %q: %v", text, err)
	}
	if r.Name = name; name == "" {
		r.Name = r.Text
	}
	for _, other := range p.policy.Rules {
		if other.Name == r.Name {
			return p.wrong(n, "rule %q is given twice", r.Name)
		}
	}
	p.policy.Rules = append(p.policy.Rules, r)
	return nil
}

func (p *parser) waiver(n *yaml.Node) error {
	keys, err := p.mapping(n, "rule", "on", "until", "reason")
	if err != nil {
		return err
	}
	var w Waiver
	for _, field := range []struct {
		key string
		to  *string
	}{{"rule", &w.Rule}, {"until", &w.Until}, {"reason", &w.Reason}} {
		if *field.to, err = p.text(n, keys, field.key); err != nil {
			return err
		}
	}
	if keys["on"] != nil {
		if w.On, err = p.text(n, keys, "on"); err != nil {
			return err
		}
	}
	if _, err := time.Parse(time.DateOnly, w.Until); err != nil {
		return p.wrong(keys["until"], "until %q: expected a day, as in 2026-12-31", w.Until)
	}
	for _, r := range p.policy.Rules {
		if w.Rule == r.Name || w.Rule == r.Text {
			p.policy.Waivers = append(p.policy.Waivers, w)
			return nil
		}
	}
	return p.wrong(keys["rule"], "waiver of %q, which is no rule", w.Rule)
}

// FirstDelta is the text of the first rule about a difference, "" if there is none.
func (p *Policy) FirstDelta() string {
	for _, r := range p.Rules {
		if r.Delta {
			return r.Text
		}
	}
	return ""
}
