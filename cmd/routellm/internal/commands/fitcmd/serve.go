package fitcmd

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/routellm/routellm/answers"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/fit"
	"github.com/routellm/routellm/results"
)

// upstreams returns where the models of the data were asked, by model, as far as the data says.
func (o *options) upstreams() map[string]answers.Address {
	if o.Data == "" {
		return nil
	}
	return answers.Addresses(o.Data)
}

// placeholder is the address of a model whose own is not known. No server has it.
const placeholder = "https://models.example.com/v1"

// serveFile returns the settings of serve for a router.
func serveFile(r *fit.Result, artifact string, upstreams map[string]answers.Address) []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, "# Written by routellm fit. Run: routellm serve --config FILE")
	fmt.Fprintln(&b, "# Paths are relative to the folder in which fit ran.")
	if path, ok := strings.CutPrefix(r.Artifact.Router.Spec, "cascade:"); ok {
		fmt.Fprintf(&b, "cascade: %s\n", strconv.Quote(path))
	}
	fmt.Fprintf(&b, "artifact: %s\n", strconv.Quote(artifact))
	unknown := false
	model := func(name string) answers.Address {
		if at, ok := upstreams[name]; ok {
			return at
		}
		unknown = true
		return answers.Address{URL: placeholder, Model: name}
	}
	if p := r.Artifact.Pool; p != nil {
		writePool(&b, p.Names(), model)
	} else {
		writePair(&b, r.Artifact.Pair, model)
	}
	if unknown {
		fmt.Fprintf(&b, "# %s stands for addresses that the data does not have: replace it.\n", placeholder)
	}
	fmt.Fprintln(&b, "# Keys are named by key_env, such as strong_key_env: OPENAI_API_KEY.")
	return b.Bytes()
}

// writePool writes the upstreams of several models.
func writePool(b *bytes.Buffer, names []string, model func(string) answers.Address) {
	fmt.Fprintln(b, "upstreams:")
	for _, name := range names {
		at, apis := model(name), ""
		if at.API == string(chat.Anthropic) {
			apis = ", apis: anthropic, key_header: x-api-key"
		}
		fmt.Fprintf(b, "  %s: {url: %s, name: %s%s}\n", strconv.Quote(name), strconv.Quote(at.URL), strconv.Quote(at.Model), apis)
	}
}

// writePair writes the upstreams of two models.
func writePair(b *bytes.Buffer, p results.Pair, model func(string) answers.Address) {
	for _, side := range []struct{ key, name string }{{"strong", p.Strong}, {"weak", p.Weak}} {
		at := model(side.name)
		fmt.Fprintf(b, "%s: %s\n", side.key, strconv.Quote(at.Model+"@"+at.URL))
		if at.API == string(chat.Anthropic) {
			fmt.Fprintf(b, "%[1]s_apis: anthropic\n%[1]s_key_header: x-api-key\n", side.key)
		}
	}
}
