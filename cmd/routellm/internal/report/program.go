package report

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"strings"
)

var (
	//go:embed page/report.css
	css string
	//go:embed page/*.js
	scripts embed.FS
)

// parts lists the files of the page's program, in the order in which they follow each other.
var parts = []string{"base", "download", "commands", "tables", "chart", "points", "pool", "samples", "flips", "changes", "start"}

// program is the page's program: all its parts in one function, so that no name is global.
var program = assemble()

func assemble() string {
	var b strings.Builder
	b.WriteString("\n'use strict';\n(() => {\n")
	for _, name := range parts {
		text, err := scripts.ReadFile("page/" + name + ".js")
		if err != nil {
			panic(err) // a part is missing from the program, which a test sees
		}
		b.Write(text)
	}
	b.WriteString("})();\n")
	return b.String()
}

// policy returns the content security policy: the page fetches nothing, and runs its own program
// alone.
func (p Page) policy() string {
	digest := sha256.Sum256([]byte(program))
	return "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src 'sha256-" +
		base64.StdEncoding.EncodeToString(digest[:]) + "'"
}
