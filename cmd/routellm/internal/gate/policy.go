// Package gate checks the numbers of a results document against the rules of a policy, alone
// or in comparison with an older document. It reads no file and no clock.
//
// Call [ParsePolicy] for a [Policy] and [ParseDocument] for each [Document], then
// [Policy.Judge] with the [Evidence]. It returns one [Verdict] per rule and number;
// [Overall] sums them up, and [WriteJUnit] and [WriteAnnotations] write them for CI.
package gate

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Policy is a list of rules, and of waivers for them.
type Policy struct {
	Rules   []Rule   `json:"rules"`             // what the results must fulfil: one rule or more
	Waivers []Waiver `json:"waivers,omitempty"` // exemptions from rules
}

// Waiver exempts a rule that does not hold until a date.
type Waiver struct {
	Rule   string `json:"rule"`         // name or text of the rule
	On     string `json:"on,omitempty"` // BENCHMARK or BENCHMARK.ROUTER; without it, every number of the rule is exempt
	Until  string `json:"until"`        // last valid day, such as 2026-12-31
	Reason string `json:"reason"`       // why the rule need not hold
}

// ParsePolicy reads a policy in YAML. Unknown and repeated keys, rules that are not
// comparisons and waivers without a rule are errors. Errors name the file as name, with
// line and column.
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

// wrong returns an error with the position of a node.
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
		return p.wrong(n, "the key %q is missing", "rules")
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

// mapping returns the values of a mapping by key. Keys that are not known are errors.
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

// text returns the value of a required key, which must be a non-empty string.
func (p *parser) text(n *yaml.Node, keys map[string]*yaml.Node, key string) (string, error) {
	v, ok := keys[key]
	if !ok {
		return "", p.wrong(n, "the key %q is missing", key)
	}
	if v.Kind != yaml.ScalarNode || strings.TrimSpace(v.Value) == "" {
		return "", p.wrong(v, "%q: expected a non-empty string", key)
	}
	return strings.TrimSpace(v.Value), nil
}

// rule reads a rule: a comparison, or a mapping with a comparison and a name.
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
	r.Line, r.Column = at.Line, at.Column
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
		return p.wrong(keys["until"], "until %q: expected a day such as 2026-12-31", w.Until)
	}
	for _, r := range p.policy.Rules {
		if w.Rule == r.Name || w.Rule == r.Text {
			p.policy.Waivers = append(p.policy.Waivers, w)
			return nil
		}
	}
	return p.wrong(keys["rule"], "waiver for %q, but no rule has this name or text", w.Rule)
}

// FirstDelta returns the text of the first rule about a difference, or "".
func (p *Policy) FirstDelta() string {
	for _, r := range p.Rules {
		if r.Delta {
			return r.Text
		}
	}
	return ""
}
