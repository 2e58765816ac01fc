package main

import (
	_ "embed"
	"slices"
	"strings"
	"text/template"
)

//go:embed files/routellm.rb.tmpl
var formulaText string

// formulaTemplate is the Homebrew formula. Its function sha gives the digest of a platform's archive.
var formulaTemplate = template.New("routellm.rb")

// formula writes the Homebrew formula, unless a platform that Homebrew serves is missing.
func (r *release) formula() error {
	for _, p := range all {
		if !strings.HasPrefix(p, "windows/") && !slices.Contains(r.Platforms, p) {
			return nil
		}
	}
	t, err := formulaTemplate.Funcs(template.FuncMap{
		"archive": func(platform string) string { return r.stem(platform) + ".tar.gz" },
		"sha":     func(platform string) (string, error) { return r.digest(r.stem(platform) + ".tar.gz") },
	}).Parse(formulaText)
	if err != nil {
		return err
	}
	var b strings.Builder
	data := struct{ Repo, Tag, Number string }{r.Repo, r.Version, r.number()}
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	return r.write("routellm.rb", text(b.String()))
}
