package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/datasets"
)

// promptOf returns the i-th of many prompts of 180 characters.
func promptOf(i int) string {
	return fmt.Sprintf("%8d %s", i, strings.Repeat("how is rent paid ", 11))[:180]
}

// TestScoreMemory bounds the memory of tables that pass through: it must not grow with the rows.
func TestScoreMemory(t *testing.T) {
	rows := 100_000
	if nightly {
		rows = 1_000_000
	}
	const most = 200 << 20
	dir := t.TempDir()
	for _, c := range []struct {
		name  string
		write func(io.Writer) error
		args  []string
	}{
		{"in.jsonl", func(w io.Writer) error { return writeLines(w, rows) }, []string{"--stream", "ndjson"}},
		{"in.parquet", func(w io.Writer) error { return writeRows(w, rows) }, []string{"--in", "in.parquet"}},
	} {
		path := filepath.Join(dir, c.name)
		if err := writeTo(path, c.write); err != nil {
			t.Fatal(err)
		}
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		run := exec.Command("routellm", append([]string{"score", "--router", "mf", "--out", "out"}, c.args...)...)
		run.Dir, run.Stdin = dir, in
		var said bytes.Buffer
		run.Stdout, run.Stderr = &said, &said
		used, err := highWater(run)
		t.Logf("%s, %d rows: %d MB", c.name, rows, used>>20)
		if err != nil || used == 0 || used > most {
			t.Errorf("%s: %d MB, want at most %d: %v\n%s", c.name, used>>20, most>>20, err, &said)
		}
		if err := errors.Join(in.Close(), os.RemoveAll(filepath.Join(dir, "out")), os.Remove(path)); err != nil {
			t.Fatal(err)
		}
	}
}

// highWater runs a command and returns the peak of its resident memory in bytes, as its last moments show it: what the
// system reports of a process that has ended counts the memory of the test, too.
func highWater(run *exec.Cmd) (int, error) {
	if err := run.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- run.Wait() }()
	for most := 0; ; {
		select {
		case err := <-ended:
			return most, err
		case <-time.After(10 * time.Millisecond):
		}
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", run.Process.Pid))
		if _, text, ok := strings.Cut(string(status), "VmHWM:"); ok {
			kilobytes := 0
			_, _ = fmt.Sscan(text, &kilobytes)
			most = max(most, kilobytes<<10)
		}
	}
}

// writeTo writes a file.
func writeTo(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	return errors.Join(write(w), w.Flush(), f.Close())
}

// writeLines writes prompts as lines of JSON.
func writeLines(w io.Writer, rows int) error {
	for i := range rows {
		if _, err := fmt.Fprintf(w, "{\"sample_id\":\"r%d\",\"prompt\":\"%s\"}\n", i, promptOf(i)); err != nil {
			return err
		}
	}
	return nil
}

// writeRows writes prompts as Parquet.
func writeRows(w io.Writer, rows int) error {
	const batch = 10_000
	c := datasets.NewColumnWriter(w, nil)
	for from := 0; from < rows; from += batch {
		var ids, prompts []string
		for i := from; i < from+batch; i++ {
			ids, prompts = append(ids, fmt.Sprint("r", i)), append(prompts, promptOf(i))
		}
		if err := c.Write([]datasets.AnyColumn{{Name: "sample_id", Strings: ids}, {Name: "prompt", Strings: prompts}}); err != nil {
			return err
		}
	}
	return c.Close()
}
