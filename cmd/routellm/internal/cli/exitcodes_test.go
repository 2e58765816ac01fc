package cli

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

func TestExitCodes(t *testing.T) {
	few := []string{"--bench", "mt-bench", "--resamples", "100", "--permutations", "0"}
	for _, c := range []struct {
		args string
		want int
	}{
		{"compare mf random", cmdutil.ExitDone},
		{"compare length random", cmdutil.ExitDone},
		{"compare length random --strict", cmdutil.ExitInconclusive},
		{"compare mf nope", cmdutil.ExitUsage},
	} {
		var errs bytes.Buffer
		if got := Main(append(strings.Fields(c.args), few...), io.Discard, &errs); got != c.want {
			t.Errorf("%s: exit %d, want %d: %s", c.args, got, c.want, errs.String())
		}
	}
}
