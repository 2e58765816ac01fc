package importers

import (
	"errors"
	"math"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/text"
)

func inspect() Tool {
	return Tool{
		Name:    "inspect",
		Title:   "Inspect (inspect_ai)",
		Files:   "logs, .eval or .json",
		Reads:   "a scorer's values, the input, the mean of the epochs, tokens and cost of the evaluated model, working time; the newest of several logs",
		Leaves:  "messages, events, choices, and the usage of graders and other models",
		Example: "routellm datasets import inspect logs/ --scorer match --out mine.parquet",
		Uses:    []string{"scorer", "text", "errors"},
		Gives:   Answers,
		kinds: []kind{
			{name: "eval", match: isInspectZip},
			{name: "json", match: func(p *peek) bool { return p.is("{") && p.has("version", "status", "eval.task", "eval.model") }},
		},
		repeat: datasets.RepeatMean, // epochs
		read:   readInspect,
	}
}

// inspectRun is a log with what its header says.
type inspectRun struct {
	log         inspectLog
	task, model string
	status      string
}

func readInspect(in *input, out *Output) error {
	var runs []run[inspectRun]
	for _, f := range in.files {
		log := inspectLog{in, f}
		header, err := log.header()
		if err != nil {
			return err
		}
		r := inspectRun{log: log, status: header.text("status")}
		if r.task, err = header.need("eval.task", "the name of the task"); err != nil {
			return err
		}
		if r.model, err = header.need("eval.model", "the name of the model"); err != nil {
			return err
		}
		stamp := header.text("eval.created")
		if r.status == "success" {
			stamp = "success " + stamp // sorts after the time of a log that is not complete
		}
		runs = append(runs, run[inspectRun]{group: r.task + "\x00" + r.model, stamp: stamp, path: f.path, value: r})
	}
	for _, r := range newest(in, runs) {
		if err := (&inspectReader{in: in, out: out, inspectRun: r.value}).read(); err != nil {
			return err
		}
	}
	return nil
}

// inspectReader reads the samples of a log.
type inspectReader struct {
	inspectRun
	in     *input
	out    *Output
	scorer string
	rows   int
}

func (i *inspectReader) read() error {
	if err := i.log.samples(i.visit); err != nil {
		return err
	}
	if i.status != "success" {
		i.in.Notef("%s: the status of the log is %q, so samples may be missing; %s read", i.log.path(), i.status, text.Plural(i.rows, "sample"))
	}
	return nil
}

func (i *inspectReader) visit(r record) error {
	i.rows++
	g := r.graded()
	id, err := r.need("id", "the id of the sample")
	if err != nil {
		return err
	}
	g.ID, g.Task, g.Model = i.task+"/"+id, i.task, i.model
	if err := i.score(r, &g); err != nil {
		return err
	}
	if g.Prompt, err = i.prompt(r); err != nil {
		return err
	}
	if err := i.usage(r, &g); err != nil {
		return err
	}
	return i.out.Answers.Add(g)
}

// score sets the quality, or why there is none.
func (i *inspectReader) score(r record, g *datasets.Graded) error {
	scores := r.Get("scores")
	if one := r.Get("score"); !scores.Exists() && one.IsObject() { // logs of version 1
		scores = gjson.Parse(`{"score":` + one.Raw + `}`)
	}
	if len(scores.Map()) == 0 {
		if g.Failed = "no score"; r.Get("error").IsObject() {
			g.Failed = "error"
		}
		return nil
	}
	if i.scorer == "" {
		var err error
		if i.scorer, err = chooseFor(i.in, i.log.path(), i.task, "scorer", i.in.Scorer, inspectScorers(scores)); err != nil {
			return err
		}
	}
	value := inspectScore(scores, i.scorer)
	if q, ok := inspectWords[value.Str]; ok && value.Type == gjson.String {
		g.Quality = q
		return nil
	}
	var err error
	if g.Quality, err = r.numberOf("scores."+i.scorer+".value", value); math.IsNaN(g.Quality) {
		g.Failed = "no score"
	}
	return err
}

// inspectWords are the values that scorers of Inspect write for words.
var inspectWords = map[string]float64{"C": 1, "P": 0.5, "I": 0, "N": 0}

// inspectScorers lists the scorers, and those whose value is an object once per key: "scorer.key".
func inspectScorers(scores gjson.Result) (names []string) {
	scores.ForEach(func(name, score gjson.Result) bool {
		value := score.Get("value")
		if !value.IsObject() {
			names = append(names, name.Str)
			return true
		}
		value.ForEach(func(key, _ gjson.Result) bool {
			names = append(names, name.Str+"."+key.Str)
			return true
		})
		return true
	})
	return names
}

// inspectScore returns the value of a scorer that inspectScorers lists.
func inspectScore(scores gjson.Result, scorer string) (found gjson.Result) {
	scores.ForEach(func(name, score gjson.Result) bool {
		value := score.Get("value")
		if name.Str == scorer {
			found = value
		} else if key, ok := strings.CutPrefix(scorer, name.Str+"."); ok && value.IsObject() {
			found = value.Get(gjson.Escape(key))
		}
		return !found.Exists()
	})
	return found
}

var inspectAttachment = regexp.MustCompile(`"attachment://([0-9A-Za-z]+)"`)

// prompt returns the input, whose long texts are in the sample's attachments.
func (i *inspectReader) prompt(r record) (string, error) {
	var missing string
	input := inspectAttachment.ReplaceAllStringFunc(r.Get("input").Raw, func(link string) string {
		hash := inspectAttachment.FindStringSubmatch(link)[1]
		text := r.Get("attachments." + hash)
		if text.Type != gjson.String {
			missing = hash
		}
		return text.Raw
	})
	if missing != "" {
		return "", r.err("%q: found no attachment %q, expected its text", "input", missing)
	}
	r.Result = gjson.Parse(`{"input":` + input + `}`)
	if r.Get("input").String() == "" {
		return "", r.errf("input", r.Get("input"), "the prompt")
	}
	return r.prompt("input", i.in.Text)
}

// usage sets tokens, cost and time of the evaluated model. Where a provider counts tokens of its
// cache apart, they are input all the same.
func (i *inspectReader) usage(r record, g *datasets.Graded) error {
	usage := r
	usage.Result = r.Get("model_usage." + gjson.Escape(i.model))
	var read, write, total float64
	err := errors.Join(usage.numbers(map[string]*float64{
		"input_tokens": &g.InputTokens, "output_tokens": &g.OutputTokens, "total_cost": &g.CostUSD,
		"input_tokens_cache_read": &read, "input_tokens_cache_write": &write, "total_tokens": &total,
	}), r.numbers(map[string]*float64{"working_time": &g.LatencyS}))
	if all := g.InputTokens + orZero(read) + orZero(write); all+g.OutputTokens == total {
		g.InputTokens = all
	}
	return err
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}
