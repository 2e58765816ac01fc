package servecmd

import (
	"bytes"
	"context"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/servetest"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
)

// TestCascade opens a cascade beside a router of prompts, says in words what it does, and judges.
func TestCascade(t *testing.T) {
	file := servetest.Cascade(t)
	given := map[string][]string{"cascade": {file}, "threshold": {"0.5"}, "router": {"length"}, "strong": {"big@http://127.0.0.1:1/v1"}, "weak": {"small@http://127.0.0.1:2/v1"}}
	set, err := options{given: given}.load(context.Background(), cmdutil.Streams{Out: io.Discard, Err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	want := `configuration OK
listen     127.0.0.1:6060
router     cascade, length
version    ` + set.Routers[0].Identity.SHA256[:12] + `
threshold  0.5
cascade    small answers first, within 30s: 1 call per request
           its answer is judged by: text, log-probabilities
strong     big@http://127.0.0.1:1/v1
weak       small@http://127.0.0.1:2/v1
`
	if err := writeSettings(&out, set, unlikeLines(context.Background(), set.scorers, set.artifact)); err != nil || out.String() != want {
		t.Errorf("%v\n%s", err, out.String())
	}
	first := set.Routers[0]
	if first.Judge == nil || first.Score != nil || first.Identity.SHA256 == "" || set.Routers[1].Judge != nil || set.Routers[1].Score == nil {
		t.Errorf("%+v", set.Routers)
	}
	a := routers.UnknownAnswer()
	a.Text, a.HasText, a.Finish, a.Tokens = "so so", true, "stop", 3
	var scores []float64
	for _, logprob := range []float64{-0.01, -3, math.NaN()} {
		a.LogprobMean = logprob
		score, err := first.Judge(context.Background(), "id", "easy 7", a)
		if err != nil {
			t.Fatal(err)
		}
		scores = append(scores, score)
	}
	if !(scores[0] < 0.5 && scores[1] > 0.5 && scores[2] == 1) {
		t.Errorf("scores %v", scores)
	}
}

// TestCascadeAmongRouters refuses a cascade that is given as a router of prompts.
func TestCascadeAmongRouters(t *testing.T) {
	given := map[string][]string{"router": {"cascade:" + servetest.Cascade(t)}, "threshold": {"0.5"}, "strong": {"big@http://127.0.0.1:1/v1"}, "weak": {"small@http://127.0.0.1:2/v1"}}
	_, err := options{given: given}.load(context.Background(), cmdutil.Streams{Out: io.Discard, Err: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "judges the weak model's answers") || len(hint.Of(err)) == 0 {
		t.Errorf("%v", err)
	}
}
