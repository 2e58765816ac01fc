package initcmd

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// shownModels is the number of models that a comment lists.
const shownModels = 20

// yaml returns the file.
func (d described) yaml() []byte {
	var b strings.Builder
	b.WriteString(`# Settings of routellm for this folder. eval, compare, calibrate, gate, report
# and serve read them. Flags win over them, and --config none leaves them out.
# docs/config.md explains every key.

# Outcomes: a file, a folder, a pattern such as 'part-*.csv', or a benchmark
# (mt-bench, mmlu, gsm8k). A file has one row per prompt and one column of
# qualities per model.
`)
	if d.example {
		b.WriteString("# Put your own file here, or let 'routellm init FILE --force' do so.\n")
	} else {
		fmt.Fprintf(&b, "# Found: %s.\n", text.Plural(d.Rows, "row"))
	}
	if d.Data == harness.JoinedOutcomes { // which the flag --outcomes names
		b.WriteString("# ")
	}
	fmt.Fprintf(&b, "data: %s\n\n", quote(d.Data))
	d.columns(&b)
	d.models(&b)
	d.routers(&b)
	d.prices(&b)
	b.WriteString(`# Seed of everything that is drawn, and the confidence of intervals.
# seed: 1
# confidence: 95%

# Settings of single commands: a key is a flag with _ in place of -.
# eval:
#   by: task

`)
	d.calibrate(&b)
	b.WriteString(`# Rules that results must meet in CI: docs/gate.md.
# gate:
#   policy: policy.yaml

report:
  out: report.html

`)
	d.serve(&b)
	return []byte(b.String())
}

// columns writes what the columns mean.
func (d described) columns(b *strings.Builder) {
	b.WriteString("# What the columns mean, where that is not found out: 'routellm help columns'.\n")
	if len(d.Columns) == 0 {
		b.WriteString("# columns:\n#   prompt: question\n#   task: topic\n\n")
		return
	}
	b.WriteString("columns:\n")
	for _, c := range d.Columns {
		values := make([]string, len(c.Values))
		for i, v := range c.Values {
			values[i] = quote(v)
		}
		value := values[0]
		if len(values) > 1 {
			value = "[" + strings.Join(values, ", ") + "]"
		}
		fmt.Fprintf(b, "  %s: %s\n", c.Key, value)
	}
	b.WriteString("\n")
}

// models writes the pair, and lists the models.
func (d described) models(b *strings.Builder) {
	b.WriteString("# The strong and the weak model, or any number of models by quality and cost\n# (docs/pool.md).\n")
	for i, m := range d.Models {
		if i == shownModels {
			fmt.Fprintf(b, "#   and %s\n", text.Plural(len(d.Models)-i, "more model"))
			break
		}
		fmt.Fprintf(b, "#   %s: mean quality %s%s\n", oneLine(m.Name), digits(m.Quality), costText(m.Cost))
	}
	switch {
	case d.Pair.Strong != "":
		fmt.Fprintf(b, "# Chosen %s.\npair: [%s, %s]\n", d.why, quote(d.Pair.Strong), quote(d.Pair.Weak))
	case d.example:
		b.WriteString("# pair: [gpt-4o, llama]\n")
	default:
		b.WriteString("# The data have no qualities of two models.\n# pair: [gpt-4o, llama]\n")
	}
	b.WriteString("# models: all\n\n")
}

func costText(cost float64) string {
	if !num.Finite(cost) {
		return ""
	}
	return ", mean cost " + digits(1000*cost) + " USD per 1,000 prompts"
}

// digits writes a number with four significant digits.
func digits(x float64) string {
	if !num.Finite(x) {
		return "?"
	}
	return fmt.Sprintf("%.4g", x)
}

// routers writes the routers that can score the data.
func (d described) routers(b *strings.Builder) {
	b.WriteString("# Routers to evaluate and to compare: built-in ones ('routellm eval --help'), or\n# your own, such as mine=scores:scores.csv (docs/own-router.md).\n")
	switch {
	case d.example:
		b.WriteString("routers: [length, mf]\n\n")
	case d.prompts:
		b.WriteString("routers: [length, mf, sw_ranking, knn]\n\n")
	default:
		b.WriteString("# The data have no prompts, which built-in routers need.\n# routers: mine=scores:scores.csv\n\n")
	}
}

// prices writes what tokens cost.
func (d described) prices(b *strings.Builder) {
	strong, weak := quote(d.strong("gpt-4o")), quote(d.weak("llama"))
	b.WriteString("# Prices of tokens in USD per million, input and output, or a file with them\n# (docs/prices.md).\n")
	if d.priced() {
		b.WriteString("# The data have costs, which count without prices.\n")
	}
	fmt.Fprintf(b, "# prices:\n#   %s: [2.5, 10]\n#   %s: [0.1, 0.4]\n# Tokens of a prompt and of an answer, for data that do not count them:\n# tokens: [300, 200]\n\n", strong, weak)
}

// few is the number of samples below which none is held out.
const few = 60

// enough is the number of samples from which a quality can be guaranteed in calibrate.
const enough = 200

// calibrate writes a target that the data can meet.
func (d described) calibrate(b *strings.Builder) {
	b.WriteString("# The threshold: one router, one target (strong_fraction, quality, pgr or\n# budget_usd).\n")
	section := "calibrate:\n  router: length\n  strong_fraction: 30%\n  artifact: threshold.json\n"
	if d.Rows >= enough && d.Pair.Strong != "" {
		section = "calibrate:\n  router: length\n  quality: 95%\n  artifact: threshold.json\n"
	}
	if d.Rows < few && !d.example {
		section = strings.Replace(section, "30%\n", "30%\n  holdout: 0 # few rows: all of them set the threshold\n", 1)
	}
	if !d.prompts && !d.example {
		section = "# " + strings.TrimSuffix(strings.ReplaceAll(section, "\n", "\n# "), "# ")
	}
	b.WriteString(section + "\n")
}

// serve writes an example of the server's settings.
func (d described) serve(b *strings.Builder) {
	strong, weak := d.strong("gpt-4o"), d.weak("llama")
	fmt.Fprintf(b, `# The proxy: settings as in a file of serve, or its path (docs/serve.md).
# serve:
#   artifact: threshold.json
#   strong: %s
#   strong_key_env: OPENAI_API_KEY
#   weak: %s
`, quote(strong+"@https://api.openai.com/v1"), quote(weak+"@http://127.0.0.1:8080/v1"))
}

// strong and weak return the names of the models, or those of an example.
func (d described) strong(example string) string {
	if d.Pair.Strong != "" {
		return d.Pair.Strong
	}
	return example
}

func (d described) weak(example string) string {
	if d.Pair.Weak != "" {
		return d.Pair.Weak
	}
	return example
}

// quote writes a text in YAML.
func quote(s string) string {
	if isWord(s) || strings.HasPrefix(s, "../") && isWord(strings.TrimLeft(s, "./")) {
		return s
	}
	var b strings.Builder
	encoder := json.NewEncoder(&b) // a JSON string is one in YAML
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// oneLine writes a text in a comment.
func oneLine(s string) string {
	if isWord(s) {
		return s
	}
	return quote(s)
}
