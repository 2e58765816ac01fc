package report

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"strings"
)

var (
	//go:embed page/report.css
	style string
	//go:embed page/*.js
	scripts embed.FS
	//go:embed page/reload.js
	reload string
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

// policy returns the content security policy: a page runs its own programs alone. It fetches nothing,
// unless it is live: then it asks the server that it comes from whether it has changed, and sends it
// forms.
func policy(live bool) string {
	own, connect := hash(program), " form-action 'none';"
	if live {
		own, connect = own+" "+hash(reload), " form-action 'self'; connect-src 'self';"
	}
	return "default-src 'none'; base-uri 'none';" + connect + " style-src 'unsafe-inline'; script-src " + own
}

// hash returns the source of a policy that allows one script.
func hash(script string) string {
	digest := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'"
}
