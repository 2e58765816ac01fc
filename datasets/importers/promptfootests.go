package importers

import (
	"encoding/json"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// survey notes the test and the prompt of a result.
func (p *promptfooReader) survey(r record) error {
	model, err := promptfooModel(r)
	if err != nil {
		return err
	}
	if label := promptfooLabel(r); !slices.Contains(p.labels[model], label) {
		p.labels[model] = append(p.labels[model], label)
	}
	hash := p.varsHash(r)
	test := p.test(r, hash)
	if _, known := p.tests[test]; known {
		return nil
	}
	id := r.text("vars.id")
	p.ids[id]++
	first, known := p.byVars[hash]
	if !known {
		first = test
		p.byVars[hash] = test
	}
	p.tests[test] = promptfooTest{id, first}
	return nil
}

// test returns the index of the result's test. Results of older releases have none: there, the
// variables make the test.
func (p *promptfooReader) test(r record, vars uint64) int {
	if t := r.Get("testIdx"); t.Type == gjson.Number {
		return int(t.Int())
	}
	if test, known := p.byVars[vars]; known {
		return test
	}
	return len(p.byVars)
}

// varsHash hashes the variables, whatever their order.
func (p *promptfooReader) varsHash(r record) uint64 {
	var vars any
	if json.Unmarshal([]byte(r.Get("vars").Raw), &vars) != nil {
		return maphash.String(p.seed, r.text("prompt.raw"))
	}
	sorted, _ := json.Marshal(vars) // what was read can be written
	return maphash.Bytes(p.seed, sorted)
}

func promptfooModel(r record) (string, error) {
	for _, path := range []string{"provider.label", "provider.id"} {
		if name := r.text(path); name != "" {
			return name, nil
		}
	}
	return r.need("provider", "the name of the model, in provider.label or provider.id")
}

func promptfooLabel(r record) string {
	for _, path := range []string{"prompt.label", "prompt.display"} {
		if label := r.text(path); label != "" {
			return label
		}
	}
	return r.text("promptId")
}

// chooseLabels chooses the prompt of each model: the only one, or that of --prompt-label, which may
// be the beginning of a label.
func (p *promptfooReader) chooseLabels() error {
	for _, model := range slices.Sorted(maps.Keys(p.labels)) {
		labels := p.labels[model]
		p.label[model] = labels[0]
		if len(labels) == 1 && p.in.Prompts == "" {
			continue
		}
		slices.Sort(labels)
		var matches []string
		for _, l := range labels {
			if strings.HasPrefix(l, p.in.Prompts) && p.in.Prompts != "" {
				matches = append(matches, l)
			}
		}
		switch {
		case slices.Contains(matches, p.in.Prompts):
			p.label[model] = p.in.Prompts
		case len(matches) == 1:
			p.label[model] = matches[0]
		default:
			_, err := choose(p.file.path, "prompt", "prompt-label", p.in.Prompts, labels)
			return err
		}
	}
	return nil
}
