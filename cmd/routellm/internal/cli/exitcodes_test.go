package cli

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

func TestExitCodes(t *testing.T) {
	const few = " --bench mt-bench --resamples 100 --permutations 0"
	for _, c := range []struct {
		args string
		want int
	}{
		{"compare mf random" + few, cmdutil.ExitDone},
		{"compare length random" + few, cmdutil.ExitDone},
		{"compare length random --strict" + few, cmdutil.ExitInconclusive},
		{"calibrate --router random --data gsm8k --quality 1", cmdutil.ExitInconclusive},
		{"calibrate --router mf --data gsm8k --budget-usd 0.2 --prices 24.7,0.24", cmdutil.ExitInconclusive},
		{"compare mf nope" + few, cmdutil.ExitUsage},
	} {
		var errs bytes.Buffer
		if got := Main(strings.Fields(c.args), io.Discard, &errs); got != c.want {
			t.Errorf("%s: exit %d, want %d: %s", c.args, got, c.want, errs.String())
		}
	}
}
