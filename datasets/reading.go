package datasets

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/text"
)

// describe says what the columns of the files were taken for.
func (in *importer) describe(paths []string) Reading {
	out := Reading{Path: text.Sample(paths), About: in.files[0].table.About()}
	seen := map[MeaningColumn]bool{}
	add := func(meaning, column string) {
		if c := (MeaningColumn{meaning, column}); column != "" && !seen[c] {
			seen[c] = true
			out.Columns = append(out.Columns, c)
		}
	}
	for i := range in.files {
		f := &in.files[i]
		out.Guessed = out.Guessed || f.guessed
		out.Notes = append(out.Notes, f.notes...)
		if i > 0 {
			out.About.Parts = append(out.About.Parts, f.table.About().Parts...)
		}
		add("id", f.id)
		add("prompt", f.prompt)
		add("task", f.task)
		add("cluster", f.cluster)
		add("weight", f.weight)
		add("models in", f.nested)
		if f.long {
			add("model", f.model)
			for k, meaning := range [...]string{"quality", "pass", "cost", "input tokens", "output tokens", "latency", "cached input tokens", "reasoning tokens"} {
				add(meaning, f.fields.columns[k])
			}
		}
		f.eachColumn(func(m modelColumns, kind int, column string) { add(answerColumnNames[kind]+m.name, column) })
	}
	return out
}

// String returns one line for the user, such as
//
//	reading outcomes.csv: id = id, prompt = question, models = gpt-4o, llama
func (r Reading) String() string {
	var parts, models []string
	counts := map[string]int{}
	for _, c := range r.Columns {
		kind, model, ofModel := strings.Cut(c.Meaning, ":")
		switch {
		case !ofModel:
			parts = append(parts, c.Meaning+" = "+c.Column)
		case kind != "quality":
			counts[kind]++
		case model == c.Column || prefixQuality+model == c.Column:
			models = append(models, model)
		default:
			models = append(models, model+" ("+c.Column+")")
		}
	}
	if len(models) > listedModels+1 {
		models = append(models[:listedModels:listedModels], fmt.Sprintf("and %s more", text.Thousands(len(models)-listedModels)))
	}
	if len(models) > 0 {
		parts = append(parts, "models = "+strings.Replace(strings.Join(models, ", "), ", and ", " and ", 1))
	}
	for _, kind := range answerColumnNames[1:] {
		if n := counts[strings.TrimSuffix(kind, ":")]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s of %s", strings.TrimSuffix(kind, ":"), text.Plural(n, "model")))
		}
	}
	line := "reading " + r.Path + ": " + strings.Join(parts, ", ")
	for _, note := range append(r.About.Notes[:len(r.About.Notes):len(r.About.Notes)], r.Notes...) {
		line += "; " + note
	}
	return line
}

// listedModels is the number of models that a reading lists before it counts the others.
const listedModels = 5
