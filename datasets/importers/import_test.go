package importers

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
)

// TestImportForms reads files that are compressed, in UTF-16, links, and named by globs.
func TestImportForms(t *testing.T) {
	line := strings.Replace(promptfooLine, "LABEL", "p", 1)
	var gz, zst bytes.Buffer
	g := gzip.NewWriter(&gz)
	_, _ = g.Write([]byte(line))
	_ = g.Close()
	z, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = z.Write([]byte(line))
	_ = z.Close()
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(line)
	if err != nil {
		t.Fatal(err)
	}
	dir := write(t, map[string]string{
		"gz/a.jsonl.gz": gz.String(), "zst/a.jsonl.zst": zst.String(), "wide/a.jsonl": wide, "bom/a.jsonl": "\ufeff" + line,
		"deep/x/y/a.jsonl": line, "deep/.hidden/a.jsonl": line, "deep/notes.txt": "none", "glob[1]/a.jsonl": line,
	})
	for _, path := range []string{"gz", "zst/a.jsonl.zst", "wide", "bom", "deep", "dee?/*/y", "glob[1]"} {
		path = filepath.Join(dir, path)
		if tool, ok := Detect(path); !ok || tool.Name != "promptfoo" {
			t.Errorf("%s: detected %q", path, tool.Name)
		}
		out, sum, _, err := importAll("promptfoo", []string{path}, Options{})
		if err != nil || out.Answers.Rows() != 1 || len(sum.Files) != 1 {
			t.Errorf("%s: %v, %v", path, sum, err)
		}
	}
	fails(t, "promptfoo", filepath.Join(dir, "deep/notes.txt"), "found no file of promptfoo, expected outputs of promptfoo eval", Options{})
	fails(t, "promptfoo", filepath.Join(dir, "missing"), `"DIR": `, Options{})
}

// TestImportEnds ends an import with its context, and with the error of its progress.
func TestImportEnds(t *testing.T) {
	tool, err := Find("lm-eval")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Import(ctx, tool, []string{"testdata/lm-eval"}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	enough := errors.New("enough of it")
	o := Options{Metric: "acc", Filter: "strict-match", Progress: func(done, total int) error { return enough }}
	if _, _, err := Import(context.Background(), tool, []string{"testdata/lm-eval"}, o); !errors.Is(err, enough) {
		t.Errorf("error %v", err)
	}
}

func TestFind(t *testing.T) {
	if _, err := Find("lm-evl"); err == nil || !strings.Contains(err.Error(), `unknown tool "lm-evl": want one of alpaca-eval, arena,`) {
		t.Errorf("error %v", err)
	}
}

func TestDetectAll(t *testing.T) {
	for paths, want := range map[string]string{
		"testdata/lm-eval":                               "",
		"testdata/lm-eval testdata/inspect":              "found files of lm-eval and inspect, expected those of one tool",
		"testdata/mt-bench/question.jsonl":               "found no files of one evaluation tool",
		"testdata/mt-bench/question.jsonl testdata/helm": "",
		"testdata": "found no files of one evaluation tool",
	} {
		_, err := DetectAll(strings.Fields(paths))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", paths, err, want)
		}
	}
}

// TestImportPipe reads what can be read once only, twice.
func TestImportPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	path := fmt.Sprintf("/dev/fd/%d", r.Fd())
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipped: no /dev/fd")
	}
	_, _ = w.WriteString(strings.Replace(promptfooLine, "LABEL", "p", 1)) // less than a pipe holds
	_ = w.Close()
	out, sum, _, err := importAll("promptfoo", []string{path}, Options{})
	if err != nil || out.Answers.Rows() != 1 || sum.Files[0] != path {
		t.Errorf("%v, %v", sum, err)
	}
}
