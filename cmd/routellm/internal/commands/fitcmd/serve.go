package fitcmd

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/routellm/routellm/fit"
	"github.com/routellm/routellm/results"
)

// upstreams returns where the models of the data were asked, as NAME@URL by model, as far as the
// data says.
func (o *options) upstreams(context.Context) map[string]string { return nil }

// placeholder is the address of a model whose own is not known. No server has it.
const placeholder = "https://models.example.com/v1"

// serveFile returns the settings of serve for a router.
func serveFile(r *fit.Result, artifact string, upstreams map[string]string) []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, "# Written by routellm fit. Run: routellm serve --config FILE")
	fmt.Fprintln(&b, "# Paths are relative to the folder in which fit ran.")
	fmt.Fprintf(&b, "artifact: %s\n", strconv.Quote(artifact))
	unknown := false
	model := func(name string) string {
		if at, ok := upstreams[name]; ok {
			return at
		}
		unknown = true
		return name + "@" + placeholder
	}
	if p := r.Artifact.Pool; p != nil {
		fmt.Fprintln(&b, "upstreams:")
		for _, m := range p.Models {
			name, url := address(model(m.Name))
			fmt.Fprintf(&b, "  %s: {url: %s, name: %s}\n", strconv.Quote(m.Name), strconv.Quote(url), strconv.Quote(name))
		}
	} else {
		writePair(&b, r.Artifact.Pair, model)
	}
	if unknown {
		fmt.Fprintf(&b, "# %s stands for addresses that the data does not have: replace it.\n", placeholder)
	}
	fmt.Fprintln(&b, "# Keys are named by key_env, such as strong_key_env: OPENAI_API_KEY.")
	return b.Bytes()
}

// writePair writes the upstreams of two models.
func writePair(b *bytes.Buffer, p results.Pair, model func(string) string) {
	fmt.Fprintf(b, "strong: %s\nweak: %s\n", strconv.Quote(model(p.Strong)), strconv.Quote(model(p.Weak)))
}

// address returns the parts of NAME@URL. A name may contain an @.
func address(at string) (name, url string) {
	k := strings.LastIndex(at, "@http")
	return at[:max(k, 0)], at[k+1:]
}
