package gate

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

// resultsJSON is a document with two benchmarks; a router's name has a dot.
const resultsJSON = `{"schema_version": 1, "conventions": {"curve": "exact"}, "benchmarks": [
 {"name": "quiz", "samples": 100, "pair": {"strong": "big", "weak": "small"}, "gap": {"value": 0.2}, "routers": [
  {"name": "mf", "scores": "live", "point": null, "metrics": {"apgr": {"value": 0.6, "lo": 0.55, "hi": 0.65},
   "cpt": {"50": {"value": 0.3, "lo": 0.2, "hi": null, "hull": 0.25}, "80": {"value": null, "lo": null, "hi": null}},
   "quality_at": {"0.5": {"value": 0.8, "lo": null, "hi": null}}}},
  {"name": "mf.v2", "scores": "live", "point": null, "metrics": {"apgr": {"value": 0.7, "lo": null, "hi": null}}},
  {"name": "random", "scores": "closed form", "point": null, "metrics": {"apgr": {"value": 0.5, "lo": null, "hi": null}}},
  {"name": "always", "scores": "none", "point": {"quality": 1}, "metrics": {"apgr": {"value": null, "lo": null, "hi": null}}}]},
 {"name": "sums", "samples": 50, "pair": {"strong": "big", "weak": "small"}, "routers": [
  {"name": "mf", "scores": "live", "point": null, "metrics": {"apgr": {"value": 0.4, "lo": 0.3, "hi": 0.5}}}]}]}`

func parse(t *testing.T, text string) *Document {
	t.Helper()
	d, err := ParseDocument("results.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func policy(t *testing.T, text string) *Policy {
	t.Helper()
	p, err := ParsePolicy("policy.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func shown(all []Verdict) string {
	var parts []string
	for _, v := range all {
		value := "?"
		if !math.IsNaN(v.Value) {
			value = fmt.Sprintf("%.3g", v.Value)
		}
		parts = append(parts, fmt.Sprintf("%s %s %s", v.Status, v.Target, value))
	}
	return strings.Join(parts, "; ")
}

func TestBounds(t *testing.T) {
	for rule, want := range map[string]string{
		"quiz.mf.apgr.lo >= 0.55":         "pass quiz.mf.apgr.lo 0.55",
		"quiz.mf.apgr.lo > 0.55":          "fail quiz.mf.apgr.lo 0.55",
		"quiz.mf.apgr >= 0.6":             "pass quiz.mf.apgr 0.6",
		"quiz.mf.apgr.value <= 0.6":       "pass quiz.mf.apgr.value 0.6",
		"quiz.mf.apgr < 0.6":              "fail quiz.mf.apgr 0.6",
		"quiz.samples == 100":             "pass quiz.samples 100",
		"quiz.gap > 0.1":                  "pass quiz.gap 0.2",
		"quiz.mf.cpt.50 <= 0.3":           "pass quiz.mf.cpt.50 0.3",
		"quiz.mf.cpt.50.hi <= 0.5":        "inconclusive quiz.mf.cpt.50.hi ?",
		"quiz.mf.cpt.80 <= 1":             "fail quiz.mf.cpt.80 ?", // the target is never reached
		"quiz.mf.cpt.80.hi <= 1":          "fail quiz.mf.cpt.80.hi ?",
		"quiz.mf.quality_at.0.5 > 0.7":    "pass quiz.mf.quality_at.0.5 0.8",
		"quiz.mf.quality_at.0.5.lo > 0.7": "inconclusive quiz.mf.quality_at.0.5.lo ?",
		"quiz.mf.v2.apgr > 0.65":          "pass quiz.mf.v2.apgr 0.7",
		"quiz.always.apgr > 0":            "fail quiz.always.apgr ?",
		"quiz.mf.apgr.mid > 0":            "fail quiz.mf.apgr.mid ?",
		"quiz.mf.cpt > 0":                 "fail quiz.mf.cpt ?",
		"quiz.mf.apgr.lo.x > 0":           "fail quiz.mf.apgr.lo.x ?",
		"quiz.nope.apgr > 0":              "fail quiz.nope.apgr ?",
		"quiz.pair.strong > 0":            "fail quiz.pair.strong ?",
		"nope.mf.apgr > 0":                "fail nope.mf.apgr ?",
		"*.mf.apgr > 0.5":                 "pass quiz.mf.apgr 0.6; fail sums.mf.apgr 0.4",
		"quiz.*.apgr > 0.65":              "fail quiz.mf.apgr 0.6; pass quiz.mf.v2.apgr 0.7",
		"*.mf.v2.apgr > 0":                "pass quiz.mf.v2.apgr 0.7; fail sums.mf.v2.apgr ?",
		"*.*.apgr > 0":                    "pass quiz.mf.apgr 0.6; pass quiz.mf.v2.apgr 0.7; pass sums.mf.apgr 0.4",
	} {
		p := policy(t, "rules: ['"+rule+"']")
		if got := shown(p.Judge(Evidence{Results: parse(t, resultsJSON)})); got != want {
			t.Errorf("%s: %s, want %s", rule, got, want)
		}
	}
}

// TestSuggestions expects the reason of a path that matches nothing to name the closest path.
func TestSuggestions(t *testing.T) {
	for rule, want := range map[string]string{
		"quiz.mf.apgl > 0":       "the results have no such number: did you mean apgr?",
		"quiz.mf.cpt.50.hi0 > 0": "the results have no such number: did you mean cpt.50.hi?",
		"quiz.mff.apgr > 0":      "the results have no such number: did you mean quiz.mf.apgr?",
		"quizz.mf.apgr > 0":      "the path matches nothing in the results: did you mean quiz.mf.apgr?",
		"quiz.mf.cpt.50.hul > 0": "the results have no such number: did you mean cpt.50.hi?",
		"other.router.ece > 0":   "the path matches nothing in the results",
	} {
		got := policy(t, "rules: ['"+rule+"']").Judge(Evidence{Results: parse(t, resultsJSON)})
		if len(got) != 1 || got[0].Status != Fail || got[0].Reason != want {
			t.Errorf("%s: got %+v, want the reason %q", rule, got, want)
		}
	}
}

func TestDeltas(t *testing.T) {
	old := strings.NewReplacer(`"value": 0.6`, `"value": 0.625`, `"mf.v2"`, `"mf.v1"`, `"samples": 50`, `"samples": 51`).Replace(resultsJSON)
	asked := ""
	paired := func(benchmark, router, metric string, _ int) (float64, float64, error) {
		asked += benchmark + " " + router + " " + metric + ";"
		if metric == "cpt.50" {
			return 0, 0, errors.New("no samples")
		}
		return -0.03, math.NaN(), nil
	}
	for _, c := range []struct {
		rule, want string
		paired     bool
	}{
		{"delta.quiz.mf.apgr > -0.03", "pass quiz.mf.apgr -0.025", false},
		{"delta.quiz.mf.apgr > -0.02", "fail quiz.mf.apgr -0.025", false},
		{"delta.quiz.mf.apgr.lo > -0.04", "inconclusive quiz.mf.apgr.lo ?", false},
		{"delta.quiz.mf.apgr.lo > -0.04", "pass quiz.mf.apgr.lo -0.03", true},
		{"delta.quiz.mf.apgr.lo > -0.02", "fail quiz.mf.apgr.lo -0.03", true},
		{"delta.quiz.mf.apgr.hi < 1", "inconclusive quiz.mf.apgr.hi ?", true},
		{"delta.quiz.mf.cpt.50.hi < 1", "inconclusive quiz.mf.cpt.50.hi ?", true},
		{"delta.quiz.mf.cpt.80.hi < 1", "fail quiz.mf.cpt.80.hi ?", true},
		{"delta.sums.mf.apgr.lo > -1", "inconclusive sums.mf.apgr.lo ?", true}, // the samples differ
		{"delta.apgr.lo > -0.04", "fail quiz.mf.v1.apgr.lo ?; pass quiz.mf.apgr.lo -0.03; inconclusive sums.mf.apgr.lo ?", true},
		{"delta.*.*.apgr.lo > -0.04", "fail quiz.mf.v1.apgr.lo ?; pass quiz.mf.apgr.lo -0.03; inconclusive sums.mf.apgr.lo ?", true},
		{"delta.quiz.mf.v2.apgr > -1", "fail quiz.mf.v2.apgr ?", true}, // new
		{"delta.typo.lo > -1", "fail typo.lo ?", true},
		{"delta.quiz.samples == 0", "pass quiz.samples 0", true},
	} {
		e := Evidence{Results: parse(t, resultsJSON), Baseline: parse(t, old)}
		if c.paired {
			e.Paired = paired
		}
		if got := shown(policy(t, "rules: ['"+c.rule+"']").Judge(e)); got != c.want {
			t.Errorf("%s: %s, want %s", c.rule, got, c.want)
		}
	}
	if !strings.HasPrefix(asked, "quiz mf apgr;") || !strings.Contains(asked, "quiz mf cpt.50;") {
		t.Errorf("Paired was called for %q", asked)
	}
	swapped := strings.ReplaceAll(resultsJSON, `"strong": "big", "weak": "small"`, `"strong": "small", "weak": "big"`)
	compat := strings.Replace(resultsJSON, "exact", "routellm", 1)
	for _, other := range []string{swapped, compat} {
		e := Evidence{Results: parse(t, resultsJSON), Baseline: parse(t, other)}
		if got := shown(policy(t, "rules: [delta.quiz.mf.apgr > -1]").Judge(e)); got != "inconclusive quiz.mf.apgr ?" {
			t.Errorf("against other models or conventions: %s", got)
		}
	}
}

// TestTogether checks that only rules that fail on evidence of a change get wider intervals, one
// for each number that they check.
func TestTogether(t *testing.T) {
	for rule, want := range map[string]int{
		"delta.apgr.hi >= 0": 3, "delta.apgr.lo < 0": 3, "delta.quiz.mf.apgr.hi > 0": 1,
		"delta.apgr.lo > -0.02": 1, "delta.apgr.hi < 0": 1,
	} {
		e := Evidence{Results: parse(t, resultsJSON), Baseline: parse(t, resultsJSON)}
		calls := 0
		e.Paired = func(_, _, _ string, together int) (float64, float64, error) {
			if calls++; together != want {
				t.Errorf("%s: %d intervals that hold at once, want %d", rule, together, want)
			}
			return -1, 1, nil
		}
		if policy(t, "rules: ['"+rule+"']").Judge(e); calls == 0 {
			t.Errorf("%s: no interval", rule)
		}
	}
}

func TestWaivers(t *testing.T) {
	const text = `
rules:
  - name: floor
    check: "*.mf.apgr > 0.7"
  - quiz.mf.apgr > 0
waivers:
  - rule: floor
    on: sums.mf
    until: 2026-03-31
    reason: to be trained again
  - {rule: "*.mf.apgr > 0.7", on: quiz, until: 2025-01-01, reason: long ago}
`
	for _, c := range []struct{ today, want, reason string }{
		{"2026-03-31", "fail quiz.mf.apgr 0.6; waived sums.mf.apgr 0.4; pass quiz.mf.apgr 0.6", "until 2026-03-31: to be trained again"},
		{"2026-04-01", "fail quiz.mf.apgr 0.6; fail sums.mf.apgr 0.4; pass quiz.mf.apgr 0.6", "its waiver ended on 2026-03-31"},
	} {
		all := policy(t, text).Judge(Evidence{Results: parse(t, resultsJSON), Today: c.today})
		if got := shown(all); got != c.want || all[1].Reason != c.reason || all[0].Reason != "its waiver ended on 2025-01-01" {
			t.Errorf("%s: %s, %q, %q", c.today, got, all[0].Reason, all[1].Reason)
		}
	}
}

func TestOverall(t *testing.T) {
	for _, c := range []struct {
		all  []Status
		want Status
	}{
		{[]Status{Pass, Waived}, Pass}, {[]Status{Inconclusive, Pass}, Inconclusive},
		{[]Status{Inconclusive, Fail}, Fail}, {[]Status{Fail, Inconclusive}, Fail},
	} {
		var all []Verdict
		for _, s := range c.all {
			all = append(all, Verdict{Status: s})
		}
		if got := Overall(all); got != c.want {
			t.Errorf("%v: %s, want %s", c.all, got, c.want)
		}
	}
}

func TestPolicyErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 `"p.yaml": empty policy, expected rules`,
		"# nothing":                        `"p.yaml": empty policy, expected rules`,
		"rules:\n\t- x":                    `"p.yaml": line 2: found character that cannot start any token`,
		"- a":                              `"p.yaml": line 1, column 1: expected the keys rules, waivers`,
		"waivers: []":                      `"p.yaml": line 1, column 1: the key "rules" is missing`,
		"rules: []":                        `"p.yaml": line 1, column 8: expected a list of rules`,
		"rules: [a.b > 1]\nrule: x":        `"p.yaml": line 2, column 1: unknown key "rule", expected one of rules, waivers`,
		"rules: [a.b > 1]\nrules: []":      `"p.yaml": line 2, column 1: key "rules" is given twice`,
		"rules:\n  - a.b":                  `"p.yaml": line 2, column 5: rule "a.b": expected PATH OPERATOR NUMBER, such as mmlu.mf.apgr.lo >= 0.58`,
		"rules:\n  - a.b => 1":             `"p.yaml": line 2, column 5: rule "a.b => 1": operator "=>", expected one of >=, >, <=, <, ==`,
		"rules: [a.b > 50%]":               `"p.yaml": line 1, column 9: rule "a.b > 50%": bound "50%", expected a finite number`,
		"rules: [a.b > .inf]":              `"p.yaml": line 1, column 9: rule "a.b > .inf": bound ".inf", expected a finite number`,
		"rules: [a > 1]":                   `"p.yaml": line 1, column 9: rule "a > 1": path "a", expected BENCHMARK.ROUTER.METRIC`,
		"rules: [a..b > 1]":                `"p.yaml": line 1, column 9: rule "a..b > 1": path "a..b", expected BENCHMARK.ROUTER.METRIC`,
		"rules: [a.b.cpt.50.hull > 1]":     `"p.yaml": line 1, column 9: rule "a.b.cpt.50.hull > 1": hull is chosen in sample, so it is too optimistic for a rule: use value, lo or hi`,
		"rules: [a.b > 1, a.b  >  1]":      `"p.yaml": line 1, column 18: rule "a.b > 1" is given twice`,
		"rules:\n  - {name: x, test: y}":   `"p.yaml": line 2, column 15: unknown key "test", expected one of name, check`,
		"rules:\n  - {name: x}":            `"p.yaml": line 2, column 5: the key "check" is missing`,
		"rules:\n  - {check: [a]}":         `"p.yaml": line 2, column 13: "check": expected a non-empty string`,
		"rules: [a.b > 1]\n---\nrules: []": `"p.yaml": more than one YAML document, expected one`,
		"rules: &x [*x]":                   `"p.yaml": line 1, column 12: expected the keys name, check`,
	} {
		checkPolicyError(t, text, want)
	}
	const before = "rules: [a.b > 1]\nwaivers:\n  - "
	for text, want := range map[string]string{
		"{rule: a.b > 1, until: 2026-01-01}":                            `"p.yaml": line 3, column 5: the key "reason" is missing`,
		"{rule: a.b > 1, until: 2026-01-01, reason: ' '}":               `"p.yaml": line 3, column 48: "reason": expected a non-empty string`,
		"{rule: a.b > 1, until: 2026-02-30, reason: x}":                 `"p.yaml": line 3, column 28: until "2026-02-30": expected a day such as 2026-12-31`,
		"{rule: a.b > 2, until: 2026-01-01, reason: x}":                 `"p.yaml": line 3, column 12: waiver for "a.b > 2", but no rule has this name or text`,
		"{rule: a.b > 1, until: 2026-01-01, reason: x, expires: never}": `"p.yaml": line 3, column 51: unknown key "expires", expected one of rule, on, until, reason`,
	} {
		checkPolicyError(t, before+text, want)
	}
}

func checkPolicyError(t *testing.T, text, want string) {
	t.Helper()
	_, err := ParsePolicy("p.yaml", strings.NewReader(text))
	if err == nil || err.Error() != want {
		t.Errorf("%q:\ngot  %v\nwant %s", text, err, want)
	}
}

func TestDocumentErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "not a results document",
		`[]`:                    "not a results document",
		`{}`:                    "schema version 0, expected 1",
		`{"schema_version": 4}`: "schema version 4, expected 1 to 3",
		`{"schema_version": 1}`: "no benchmarks",
		`{"schema_version": 1, "benchmarks": [1]}`: "not a results document",
	} {
		if _, err := ParseDocument("r.json", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestJUnit writes the XML file and reads it as a CI system does.
func TestJUnit(t *testing.T) {
	all := policy(t, `rules: ["*.mf.apgr > 0.5", quiz.mf.cpt.50.hi < 1]`).Judge(Evidence{Results: parse(t, resultsJSON)})
	all = append(all, Verdict{Rule: Rule{Name: `a "<&>` + "\x00"}, Status: Waived, Value: math.NaN(), Reason: "until"})
	var b bytes.Buffer
	if err := WriteJUnit(&b, all); err != nil {
		t.Fatal(err)
	}
	var got suites
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	s := got.Suite
	if s.Tests != 4 || s.Failures != 1 || s.Errors != 1 || s.Skipped != 1 || len(s.Cases) != 4 {
		t.Errorf("%+v", s)
	}
	if f := s.Cases[1].Failure; f == nil || f.Text != "0.4, expected > 0.5" || s.Cases[1].Class != "sums.mf.apgr" {
		t.Errorf("%+v", s.Cases[1])
	}
	if e := s.Cases[2].Error; e == nil || e.Text != `no number, expected < 1: the results have no "hi" end of the interval` {
		t.Errorf("%+v", s.Cases[2])
	}
}

// TestAnnotations checks the lines at which GitHub shows verdicts, and that no name breaks out of
// its command.
func TestAnnotations(t *testing.T) {
	all := policy(t, `rules:
  - "quiz.mf.apgr > 0.5"
  - name: "100 %, or: not\n::error::gone"
    check: "sums.mf.apgr > 0.5"
  - quiz.mf.cpt.50.hi < 1
`).Judge(Evidence{Results: parse(t, resultsJSON)})
	all = append(all, Verdict{Rule: Rule{Name: "x", Op: ">", Delta: true}, Target: "a.b", Status: Waived, Value: -1, Reason: "50 %\r\nof it"})
	var b bytes.Buffer
	if err := WriteAnnotations(&b, "a,b:c%.yaml", all); err != nil {
		t.Fatal(err)
	}
	const want = `::error file=a%2Cb%3Ac%25.yaml,line=4,col=12,title=gate%3A fail%3A 100 %25%2C or%3A not%0A%3A%3Aerror%3A%3Agone::sums.mf.apgr: 0.4, expected > 0.5
::warning file=a%2Cb%3Ac%25.yaml,line=5,col=5,title=gate%3A inconclusive%3A quiz.mf.cpt.50.hi < 1::quiz.mf.cpt.50.hi: no number, expected < 1: the results have no "hi" end of the interval
::notice file=a%2Cb%3Ac%25.yaml,line=0,col=0,title=gate%3A waived%3A x::delta.a.b: -1, expected > 0: 50 %25%0D%0Aof it
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add("rules: [a.b > 1]\nwaivers: [{rule: a.b > 1, until: 2026-01-01, reason: x}]")
	d, err := ParseDocument("r.json", []byte(resultsJSON))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePolicy("p.yaml", strings.NewReader(text))
		if err != nil {
			return
		}
		if all := p.Judge(Evidence{Results: d, Baseline: d, Today: "2026-01-01"}); len(all) < len(p.Rules) {
			t.Errorf("%d verdicts on %d rules", len(all), len(p.Rules))
		}
	})
}
