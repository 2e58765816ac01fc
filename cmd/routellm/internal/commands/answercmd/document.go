package answercmd

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
)

// document returns what is known before anything is asked.
func (j *job) document() *results.Answers {
	d := &results.Answers{
		SchemaVersion: results.SchemaVersion, Tool: results.Tool{Name: results.ToolName, Version: version.String()},
		Inputs:  []results.Input{{Path: j.Data, SHA256: j.all.SHA256}},
		Prompts: j.all.Rows(), Asked: j.prompts.Rows(), Samples: j.Samples, DryRun: j.DryRun,
		MaxUSD: results.Value(j.asking.MaxUSD), SpentUSD: 0, Seconds: results.Missing, Warnings: []string{},
	}
	if j.Samples > 1 && j.Temperature == 0 {
		d.Warnings = append(d.Warnings, "repeats at temperature 0 are mostly equal, which says nothing about how certain a model is")
	}
	return d
}

// addPlans adds what would be asked.
func (j *job) addPlans(d *results.Answers, plans []answers.ModelPlan) {
	seconds := 0.0
	for _, p := range plans {
		d.Planned = append(d.Planned, results.PlannedModel{
			Label: p.Label, Questions: p.Questions, FromCache: p.Known, InputTokens: results.Value(math.Round(p.InputTokens)),
			LeastUSD: results.Value(p.Least), TypicalUSD: results.Value(p.Typical), MostUSD: results.Value(p.Most), Seconds: results.Value(p.Seconds),
		})
		seconds = max(seconds, p.Seconds) // NaN if one is
		switch {
		case math.IsNaN(p.Most):
			d.Warnings = append(d.Warnings, fmt.Sprintf("the price of %q is not known: --price %s=IN,OUT gives it in USD per million tokens, --prices FILE reads a list", p.Label, p.Label))
		case math.IsInf(p.Most, 1):
			d.Warnings = append(d.Warnings, fmt.Sprintf("the answers of %q have no limit of tokens: --max-tokens bounds what they cost", p.Label))
		}
	}
	d.Seconds = results.Value(seconds)
}

// addAnswers adds what became of the questions.
func (j *job) addAnswers(d *results.Answers) {
	d.Out, d.Rows, d.Complete = j.Out, j.prompts.Rows()*j.Samples, j.run.Complete()
	d.SpentUSD = results.Value(j.asking.Budget.Spent())
	for k, s := range j.run.Summary() {
		d.Models = append(d.Models, results.AnsweredModel{
			Label: s.Label, Answered: s.Answered, Failed: s.Failed, NotAsked: s.NotAsked, Reasons: s.Reasons, FromCache: max(0, s.Answered-s.Sent),
			CutOff: s.Cut, Empty: s.Empty, InputTokens: results.Value(s.InputTokens), OutputTokens: results.Value(s.OutputTokens),
			USD: results.Value(s.USD), SpentUSD: results.Value(s.SpentUSD), Unpriced: s.Unpriced,
			LatencyMedian: results.Value(s.LatencyMedian), LatencyP95: results.Value(s.LatencyP95),
		})
		d.Warnings = append(d.Warnings, warnings(s)...)
		for _, note := range j.asking.Models[k].Client.Notes() {
			d.Warnings = append(d.Warnings, s.Label+": "+note)
		}
	}
	if n := j.asking.Budget.Unknown(); n > 0 && !math.IsInf(j.asking.MaxUSD, 1) {
		d.Warnings = append(d.Warnings, fmt.Sprintf("%s broke off, and may have been charged: they count with the most that they may have cost", text.Plural(n, "request")))
	}
}

// warnings says what the user should know of a model's answers.
func warnings(s answers.ModelSummary) (out []string) {
	add := func(format string, args ...any) { out = append(out, s.Label+": "+fmt.Sprintf(format, args...)) }
	if s.Failed > 0 {
		var reasons []string
		for _, why := range slices.Sorted(maps.Keys(s.Reasons)) {
			reasons = append(reasons, fmt.Sprintf("%s %s", text.Thousands(s.Reasons[why]), why))
		}
		add("no answer to %s (%s): the column error:%s says why", text.Plural(s.Failed, "question"), strings.Join(reasons, ", "), s.Label)
	}
	if s.Cut > 0 {
		add("%s ended at the limit of tokens, and may lack their end: --max-tokens sets it", text.Plural(s.Cut, "answer"))
	}
	if s.Empty > 0 {
		add("%s %s empty", text.Plural(s.Empty, "answer"), text.Agree(s.Empty, "is", "are"))
	}
	if s.Unpriced > 0 {
		add("the cost of %s is not known: --price %s=IN,OUT gives the price, and the same command then adds it from the cache", text.Plural(s.Unpriced, "answer"), s.Label)
	}
	return out
}
