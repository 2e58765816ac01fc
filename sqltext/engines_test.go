package sqltext_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// python runs a Python program. It skips the test if the program says that something it needs is not
// installed, unless the environment variable needs is 1.
func python(t *testing.T, needs string, in io.Reader, args ...string) {
	t.Helper()
	c := exec.Command("python3", args...)
	var out bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = in, &out, &out
	err := c.Run()
	if err == nil {
		return
	}
	exit := (*exec.ExitError)(nil)
	absent := errors.Is(err, exec.ErrNotFound) || errors.As(err, &exit) && exit.ExitCode() == 77
	if absent && os.Getenv(needs) != "1" {
		t.Skipf("skipped: %v %s", err, out.String())
	}
	t.Fatalf("%v: %v\n%s", args, err, out.String())
}

// run runs queries on an engine and returns the path of each result. See python.
func run(t *testing.T, engine, dir string, queries map[string]string, needs string) map[string]string {
	t.Helper()
	job, err := json.Marshal(map[string]any{"engine": engine, "dir": dir, "queries": queries})
	if err != nil {
		t.Fatal(err)
	}
	python(t, needs, bytes.NewReader(job), filepath.Join("testdata", "engines.py"))
	paths := map[string]string{}
	for name := range queries {
		for _, ext := range []string{".parquet", ".csv", ""} {
			path := filepath.Join(dir, name+ext)
			if _, err := os.Stat(path); err == nil {
				paths[name] = path
			}
		}
	}
	return paths
}
