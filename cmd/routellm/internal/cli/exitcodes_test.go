package cli

import (
	"bytes"
	"io"
	"io/fs"
	"strings"
	"syscall"
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

// fullDisk fails as a file on a full disk does.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) {
	return 0, &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}
}

// A result that cannot be written is a failure, and not the input's fault.
func TestExitCodeOfFailedWrite(t *testing.T) {
	for _, args := range []string{"version", "datasets list", "datasets info gsm8k", "route --router length --threshold 3 hello"} {
		var errs bytes.Buffer
		if got := Main(strings.Fields(args), fullDisk{}, &errs); got != cmdutil.ExitFailed {
			t.Errorf("%s: exit %d, want %d: %s", args, got, cmdutil.ExitFailed, errs.String())
		}
	}
}
