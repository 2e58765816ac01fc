//go:build unix

package grading

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/grading/sandbox"
)

// TestProgram grades by a script that looks at all it is given.
func TestProgram(t *testing.T) {
	script := filepath.Join(t.TempDir(), "check.sh")
	const text = `
case "$(cat answer.txt)" in
  same) cmp -s answer.txt reference.txt ;;
  half) echo "some output"; echo '{"value": 0.5, "read": "a half"}' ;;
  null) echo '{"value": null, "why": "no code"}' ;;
  wrong) exit 1 ;;
  crash) echo "no such module" >&2; exit 2 ;;
  killed) kill -9 $$ ;;
  large) echo '{"value": 7}' ;;
  broken) echo '{"value": "x"}' ;;
  zero) echo 0 ;;
  stdin) grep -q '"sample_id":"s1"' && grep -q '"unit":"km"' input.json ;;
  slow) sleep 600 ;;
  *'` + "```" + `'*) test "$(cat code.txt)" = "print(1)" ;;
esac
`
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	g := open(t, "exec:sh "+script, Options{Limits: sandbox.Limits{Time: 20 * time.Second}})
	for answer, want := range map[string]string{
		"same": "1", "half": "0.5 a half", "null": "0 no code", "wrong": "0", "zero": "1", "stdin": "1",
		"see ```python\nprint(1)\n``` or ```\nx\n```": "1",
		"crash": "error: ended with exit code 2", "killed": "error: was ended by signal 9", "large": "error: found the value 7", "broken": "error: the last line",
	} {
		got, err := g.Grade(t.Context(), Task{Answer: answer, Reference: "same", SampleID: "s1", Columns: map[string]string{"unit": "km"}})
		said := strings.TrimSpace(fmt.Sprint(got.Value, " ", strings.TrimPrefix(strings.TrimPrefix(got.Read, "exit code 0"), "exit code 1"), got.Why))
		if err != nil {
			said = "error: " + strings.TrimPrefix(err.Error(), `command "sh `+script+`": `)
		}
		if !strings.HasPrefix(said, want) {
			t.Errorf("%q: %s, want %s", answer, said, want)
		}
	}
	quick := open(t, "exec:sh "+script, Options{Limits: sandbox.Limits{Time: 100 * time.Millisecond}})
	if got, err := quick.Grade(t.Context(), Task{Answer: "slow"}); err == nil || !strings.Contains(err.Error(), "time limit") {
		t.Errorf("slow: %+v, %v", got, err)
	}
}
