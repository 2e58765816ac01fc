package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAuditOfTheOriginals runs the command of docs/audit.md that needs the original answers, and
// compares what the page shows.
func TestAuditOfTheOriginals(t *testing.T) {
	if shared == "" {
		t.Skip("skipped: no ../shared")
	}
	page, err := os.ReadFile(filepath.Join(sources, "docs", "audit.md"))
	if err != nil {
		t.Fatal(err)
	}
	const command = "routellm audit gsm8k --answers gsm8k_responses.csv --answers test.jsonl --cosine 0 --rows 2"
	_, after, ok := strings.Cut(string(page), "\n    "+command+"\n\n```text\n")
	shown, _, closed := strings.Cut(after, "```\n")
	if !ok || !closed {
		t.Fatalf("docs/audit.md does not show the output of %s", command)
	}
	workFolder(t)
	for _, name := range []string{"gsm8k_responses.csv", "test.jsonl"} {
		if err := os.Symlink(filepath.Join(shared, "data", "routellm", "gsm8k", name), name); err != nil {
			t.Fatal(err)
		}
	}
	if got := runLine(t, command); got != shown {
		t.Errorf("docs/audit.md shows something else: %s", firstDifference(shown, got))
	}
}
