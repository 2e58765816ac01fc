package judging

import (
	"fmt"
	"math"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/version"
	"github.com/routellm/routellm/results"
)

// Setup names the judge in the document.
type Setup struct {
	Name  string // Name is the judge's name, as the user gave it
	Model string // Model is its name on the server
}

// Document runs the checks and returns everything that is known about the labels.
func (j *Judgement) Document(s Setup, o CheckOptions) (*results.Judging, error) {
	q := j.Questions
	checks, err := j.Check(o)
	if err != nil {
		return nil, err
	}
	d := &results.Judging{
		SchemaVersion: results.SchemaVersion,
		Tool:          results.Tool{Name: results.ToolName, Version: version.String()},
		Inputs:        q.inputs(),
		Labels:        o.Labels, Rows: q.file.Rows(), Clusters: numClusters(clusters(q.file)),
		Judge:   q.setup(s),
		Replies: j.counts(), Usage: j.Usage.document(), Models: j.models(o), Pairs: j.verdicts(),
		Intervals: results.Intervals{Method: "bootstrap", Resamples: o.Bootstrap.Resamples, Confidence: results.Value(o.Bootstrap.Confidence)},
		Checks:    checks, Warnings: []string{},
	}
	d.Judge.Answered, d.Judge.Expected = j.Model, j.Expected
	d.Unit, d.Min, d.Max = q.unit(s.Name)
	d.Trust, d.Meaning = Trust(checks)
	d.Warnings = append(d.Warnings, j.warnings(s)...)
	return d, nil
}

// setup says how the judge is asked.
func (q *Questions) setup(s Setup) results.JudgeSetup {
	return results.JudgeSetup{
		Name: s.Name, Model: s.Model, Mode: string(q.options.Mode), Prompt: q.Prompts.Name, PromptSHA256: q.Prompts.SHA256,
		Gold: q.options.Gold, Versus: q.options.Versus,
	}
}

func (q *Questions) inputs() []results.Input {
	return []results.Input{{Path: q.file.Name, SHA256: q.file.SHA256}}
}

func numClusters(ids []int) int {
	most := -1
	for _, c := range ids {
		most = max(most, c)
	}
	return most + 1
}

// unit returns the unit and the bounds of the labels.
func (q *Questions) unit(judge string) (unit string, least, most results.Value) {
	if q.options.Mode == Pair {
		return fmt.Sprintf("share of wins 0-1 by %s", judge), 0, 1
	}
	return fmt.Sprintf("grade 1-10 by %s", judge), Least, Most
}

// counts counts the replies.
func (j *Judgement) counts() results.JudgeReplies {
	out := results.JudgeReplies{Questions: j.Questions.Len(), Repeats: j.Questions.repeats, Alike: len(j.Questions.alike), Mass: results.Missing}
	mass, n, kinds := 0.0, 0, map[Kind]int{}
	for _, r := range j.Replies {
		kinds[r.Kind]++
		if r.Kind != Judged {
			if out.Reasons == nil {
				out.Reasons = map[string]int{}
			}
			out.Reasons[r.Why]++
			continue
		}
		mean, m := r.spread.expected(j.ten)
		if j.Expected && math.IsNaN(mean) {
			out.Plain++
		}
		if !math.IsNaN(m) {
			mass, n = mass+m, n+1
		}
	}
	out.Judged, out.Refused, out.Unreadable, out.Failed = kinds[Judged], kinds[Refused], kinds[Unreadable], kinds[Failed]
	if n > 0 {
		out.Mass = results.Value(mass / float64(n))
	}
	return out
}

func (u Usage) document() results.JudgeUsage {
	return results.JudgeUsage{
		Asked: u.Asked, Cached: u.Cached, InputTokens: results.Value(u.Input), OutputTokens: results.Value(u.Output),
		CostUSD: results.Value(u.CostUSD), PaidUSD: results.Value(u.PaidUSD),
	}
}

// models describes the labels of each model.
func (j *Judgement) models(o CheckOptions) []results.JudgedModel {
	f := j.Questions.file
	labels, cluster := j.Labels(o.Labels).Values, clusters(f)
	_, least, most := j.Questions.unit("")
	out := make([]results.JudgedModel, len(f.Models))
	for m := range out {
		var s items
		out[m] = results.JudgedModel{Model: f.Models[m].Name, Mean: results.NewMetric(nan), MeanChars: results.Missing}
		chars := 0
		for row, answer := range f.Models[m].Text {
			if answer == nil {
				continue
			}
			out[m].Answers++
			if v := labels[m][row]; !math.IsNaN(v) {
				s.add(v, 0, cluster[row])
				chars += utf8.RuneCountInString(*answer)
			}
		}
		if out[m].Labelled = len(s.x); len(s.x) > 0 {
			e := s.mean(float64(least), float64(most), o.Bootstrap.Confidence)
			out[m].Mean = results.Metric{Value: results.Value(e.Value), Lo: results.Value(e.Lo), Hi: results.Value(e.Hi)}
			out[m].MeanChars = results.Value(float64(chars) / float64(len(s.x)))
		}
	}
	return out
}

// verdicts counts the verdicts on each pair of models.
func (j *Judgement) verdicts() []results.JudgedPair {
	if j.Questions.options.Mode != Pair {
		return nil
	}
	names := j.Questions.file.ModelNames()
	out, at := []results.JudgedPair{}, map[[2]int]int{}
	for _, p := range j.Questions.pairs {
		at[p] = len(out)
		out = append(out, results.JudgedPair{A: names[p[0]], B: names[p[1]]})
	}
	for _, c := range j.Comparisons() {
		p := &out[at[[2]int{c.A, c.B}]]
		switch {
		case math.IsNaN(c.Verdict):
			p.None++
		case c.Verdict == 1:
			p.WonByA++
		case c.Verdict == 0:
			p.WonByB++
		default:
			p.Ties++
		}
		if c.Flipped {
			p.Flips++
		}
	}
	return out
}

// warnings returns what the user should know before using the labels.
func (j *Judgement) warnings(s Setup) []string {
	var out []string
	for _, m := range j.Questions.file.Models {
		for _, judge := range []string{s.Name, s.Model, j.Model} {
			if judge != "" && sameModel(judge, m.Name) {
				out = append(out, fmt.Sprintf("the judge %q judges its own answers: judges tend to prefer those, so its labels may favour %q", judge, m.Name))
				break
			}
		}
	}
	c := j.counts()
	if c.Failed > 0 {
		out = append(out, fmt.Sprintf("%s had no reply, and no label therefore: the same command asks them again", text.Plural(c.Failed, "question")))
	}
	if cut := c.Reasons[cutOff]; cut > 0 {
		out = append(out, fmt.Sprintf("%d of %d replies were cut off before the label: raise --max-tokens, as models that think first need", cut, c.Questions))
	}
	if j.Questions.options.Versus == "" || c.Judged == c.Questions || len(j.Questions.pairs) < 2 {
		return out
	}
	return append(out, "some comparisons have no verdict, so models may have met different opponents on a prompt")
}

// sameModel reports whether two names stand for one model: up to case, and to the part before the
// last slash.
func sameModel(a, b string) bool {
	short := func(s string) string { return strings.ToLower(path.Base(s)) }
	return short(a) == short(b)
}

// Metadata returns what a file with the labels says about them. Unit and bounds are those of the
// file's quality if the labels have that name.
func Metadata(d *results.Judging) map[string]string {
	prefix := "routellm.labels." + d.Labels + "."
	out := map[string]string{
		prefix + "judge": d.Judge.Name, prefix + "judge_model": d.Judge.Model, prefix + "judge_mode": d.Judge.Mode,
		prefix + "judge_prompt_sha256": d.Judge.PromptSHA256, prefix + "judge_expected": fmt.Sprint(d.Judge.Expected),
	}
	base := prefix
	if d.Labels == answers.Quality {
		base = "routellm."
	}
	out[base+"unit"], out[base+"min"], out[base+"max"] = d.Unit, fmt.Sprint(float64(d.Min)), fmt.Sprint(float64(d.Max))
	return out
}
