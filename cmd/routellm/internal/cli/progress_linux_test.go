package cli

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// TestProgressOfMoreThanOneWork shows a bar from its start for each, though the function
// is the same. Later states may be left out, as too soon after one another.
func TestProgressOfMoreThanOneWork(t *testing.T) {
	end, terminal := openTerminal(t, 100)
	progress := cmdutil.Progress(terminal, "asking")
	for _, call := range [][2]int{{0, 4}, {4, 4}, {0, 9}, {2, 9}, {0, 9}, {9, 9}, {0, 7}} {
		progress(call[0], call[1])
	}
	terminal.Close()
	all, _ := io.ReadAll(end) // ends with an error, as the terminal is closed
	if got := regexp.MustCompile(`\b0/\d+`).FindAllString(string(all), -1); !slices.Equal(got, []string{"0/4", "0/9", "0/9", "0/7"}) {
		t.Errorf("shown: %q", got)
	}
}

// TestImportShowsBars expects a bar for an import that takes a while.
func TestImportShowsBars(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "own.csv"), []byte("q,m\n"+strings.Repeat("one,1\n", 20000)), 0o644); err != nil {
		t.Fatal(err)
	}
	c := startOnTerminal(t, dir, "datasets", "import", "table", "own.csv", "--prompt", "q", "--model", "m", "--out", "own.parquet")
	<-c.ended
	if c.ProcessState.ExitCode() != 0 || !regexp.MustCompile(`(?s)importing +\d+%.*own.parquet: 20,000 rows,`).MatchString(c.output()) {
		t.Errorf("%v: %q", c.ProcessState, c.output())
	}
}
