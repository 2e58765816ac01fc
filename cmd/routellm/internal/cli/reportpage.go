package cli

import (
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
)

// page reads the results and makes a page of them.
func (o reportOptions) page(paths []string) (report.Page, error) {
	page := report.Page{Title: o.Title, Price: report.Price{Strong: o.Price[0], Weak: o.Price[1]}}
	var lineups []*lineup
	for i, text := range paths {
		label, path := labelled(text)
		l, err := readLineup(path, "")
		if err != nil {
			return page, err
		}
		l.label = label
		lineups = append(lineups, l)
		if label == "" && len(paths) > 1 {
			label = folderOf(path)
		}
		for k, b := range l.doc.Benchmarks {
			s, err := newSection(b, l.benches[k], l, label)
			if err != nil {
				return page, fmt.Errorf("%q: %s: %w", path, b.Name, err)
			}
			s.ID = fmt.Sprintf("results-%d-%d", i+1, k+1)
			page.Sections = append(page.Sections, s)
		}
	}
	if page.Title == "" {
		page.Title = pageTitle(lineups)
	}
	page.Provenance = provenance(lineups)
	return page, addFlips(&page, lineups)
}

// labelled reads [LABEL=]RESULTS.
func labelled(text string) (label, path string) {
	if a := parseArgument(text); a.path != "" && a.router == "" {
		return a.label, a.path
	}
	return "", text
}

// pageTitle names the benchmarks, each once.
func pageTitle(lineups []*lineup) string {
	seen, names := map[string]bool{}, []string(nil)
	for _, l := range lineups {
		for _, b := range l.doc.Benchmarks {
			if name := titleOf(b); !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return "Routers on " + joinWords(names)
}

// newSection puts one benchmark of a results file together. name tells files apart.
func newSection(b result.Benchmark, c *contest, l *lineup, name string) (report.Section, error) {
	i := l.doc.Conventions.Intervals
	s := report.Section{
		Title: titleOf(b), Facts: factsOf(b), Summary: summaryOf(b, i), Chart: curvesFigure(b, c.outcomes, i),
		Tables: reportTables(b, i), Notes: notesOf(b, l.doc.Conventions),
	}
	if name != "" {
		s.Title += " (" + name + ")"
	}
	var err error
	if s.Points, err = pointsOf(b, c, l.routers, i); err != nil {
		return s, err
	}
	s.Tasks, err = taskBlock(c, l.routers, i)
	return s, err
}

func factsOf(b result.Benchmark) []report.Fact {
	u := unitOf(b)
	facts := []report.Fact{
		{Name: "strong model", Value: b.Pair.Strong},
		{Name: "its quality", Value: u.quality(b.StrongQuality)},
		{Name: "weak model", Value: b.Pair.Weak},
		{Name: "its quality", Value: u.quality(b.WeakQuality)},
		{Name: "samples", Value: thousands(b.Samples)},
	}
	if b.Clusters < b.Samples {
		facts = append(facts, report.Fact{Name: "independent ones (clusters)", Value: thousands(b.Clusters)})
	}
	if left := leftOut(b.Excluded); left != "" {
		facts = append(facts, report.Fact{Name: "left out", Value: left})
	}
	return facts
}

// provenance says what the page was made of.
func provenance(lineups []*lineup) []report.Block {
	files := &table.Table{Header: []string{"file", "SHA-256"}, Left: []int{1}}
	settings := &table.Table{Header: []string{"results", "written by", "seed", "intervals"}, Left: []int{1, 2, 3}}
	models := &table.Table{Header: []string{"router", "results", "scores", "SHA-256 of the model"}, Left: []int{1, 2, 3}}
	for _, l := range lineups {
		files.Add(l.name, l.inputs[0].SHA256)
		files.Add(l.doc.Samples.Path, l.doc.Samples.SHA256)
		for _, in := range l.doc.Inputs {
			files.Add(in.Path+in.Builtin, in.SHA256)
		}
		seed := "-"
		if l.doc.Seed != nil {
			seed = fmt.Sprint(*l.doc.Seed)
		}
		settings.Add(l.name, l.doc.Tool.Name+" "+l.doc.Tool.Version, seed, intervalWords(l.doc.Conventions.Intervals))
		for _, r := range l.doc.Benchmarks[0].Routers {
			digest := "-"
			if r.ModelSHA256 != nil {
				digest = *r.ModelSHA256
			}
			models.Add(r.Name, l.name, r.Scores, digest)
		}
	}
	return []report.Block{
		{Caption: "Results, this page by routellm " + toolVersion(), Table: settings},
		{Caption: "Files and built-in data", Table: files}, {Caption: "Routers", Table: models},
	}
}

func intervalWords(i result.Intervals) string {
	switch i.Method {
	case "bootstrap":
		return fmt.Sprintf("%s, %s resamples", levelOf(i), thousands(i.Resamples))
	case "influence":
		return levelOf(i) + ", influence function"
	}
	return "none"
}
