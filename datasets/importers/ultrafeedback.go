package importers

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/text"
)

func ultraFeedback() Tool {
	return Tool{
		Name:    "ultrafeedback",
		Title:   "UltraFeedback",
		Files:   ".jsonl or .json with a list of completions per instruction",
		Reads:   "the overall score (1-10), the fine-grained score (1-5) or the rating of an aspect; the instruction",
		Leaves:  "responses, critiques, system prompts; overall scores of 10 beside fine-grained ones of at most 2, which are known to be wrong",
		Example: "routellm datasets import ultrafeedback ultrafeedback.jsonl --score fine-grained --out mine.parquet",
		Uses:    []string{"score", "text"},
		Gives:   Answers,
		kinds: []kind{
			{name: "rows", match: func(p *peek) bool {
				return p.has("instruction", "completions.0.model") && (p.has("completions.0.overall_score") || p.has("completions.0.annotations"))
			}},
		},
		read: readUltraFeedback,
	}
}

func readUltraFeedback(in *input, out *Output) error {
	for _, f := range in.files {
		u := ultraReader{in: in, out: out, name: strings.TrimSuffix(filepath.Base(f.path), filepath.Ext(f.path))}
		if err := in.each(f, u.visit); err != nil {
			return err
		}
		if u.wrong > 0 {
			in.Notef("%s: left out %s of 10 beside a fine-grained score of at most 2: these stand for 1 in this data", f.path, text.Plural(u.wrong, "overall score"))
		}
	}
	return nil
}

type ultraReader struct {
	in    *input
	out   *Output
	name  string
	wrong int
}

func (u *ultraReader) visit(r record) error {
	prompt, err := r.prompt("instruction", u.in.Text)
	if err != nil {
		return err
	}
	completions := r.Get("completions")
	if prompt == "" || !completions.IsArray() {
		return r.err("found %.40s, expected an instruction and a list of completions", r.Raw)
	}
	for i := range completions.Array() {
		g := r.graded()
		g.ID, g.Task, g.Prompt = fmt.Sprintf("%s/%07d", u.name, r.row), r.text("source"), prompt
		path := fmt.Sprintf("completions.%d", i)
		if g.Model, err = r.need(path+".model", "the name of the model"); err != nil {
			return err
		}
		if err := u.score(r, path, &g); err != nil {
			return err
		}
		if err := u.out.Answers.Add(g); err != nil {
			return err
		}
	}
	return nil
}

// score sets the quality of a completion.
func (u *ultraReader) score(r record, path string, g *datasets.Graded) (err error) {
	fine, err := ultraFine(r, path)
	if err != nil {
		return err
	}
	switch u.in.Score {
	case "", "overall":
		if g.Quality, err = r.number(path + ".overall_score"); g.Quality == 10 && fine <= 2 {
			g.Quality, g.Failed = math.NaN(), "overall score contradicts the fine-grained one"
			u.wrong++
		}
	case "fine-grained":
		g.Quality = fine
	default:
		annotation := path + ".annotations." + gjson.Escape(u.in.Score)
		if !r.Get(annotation).Exists() {
			return r.err("no score %q, expected overall, fine-grained or an aspect, such as helpfulness", u.in.Score)
		}
		g.Quality, err = r.number(annotation + ".Rating")
	}
	return err
}

// ultraFine returns the fine-grained score: the mean of the ratings where it is not there.
func ultraFine(r record, path string) (float64, error) {
	if v := r.Get(path + ".fine-grained_score"); v.Type != gjson.Null {
		return r.numberOf(path+".fine-grained_score", v)
	}
	sum, n := 0.0, 0
	var err error
	r.Get(path + ".annotations").ForEach(func(name, a gjson.Result) bool {
		var v float64
		if v, err = r.numberOf(path+".annotations."+name.Str+".Rating", a.Get("Rating")); !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
		return err == nil
	})
	return sum / float64(n), err
}
