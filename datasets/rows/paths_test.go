package rows

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func gzipped(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstded(t testing.TB, content string) string {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll([]byte(content), nil))
}

func TestCompressed(t *testing.T) {
	const content, want = "id,p\n1,x\n", `1 t"1" t"x"` + "\n"
	for name, data := range map[string]string{
		"a.csv.gz": gzipped(t, content), "a.csv.zst": zstded(t, content), "a.csv": zstded(t, content), "plain.gz": content,
		"members.gz": gzipped(t, "id,p\n") + gzipped(t, "1,x\n"), "frames.zst": zstded(t, "id,p\n") + zstded(t, "1,x\n"),
	} {
		if got, err := dump(t, write(t, name, data), Options{}); err != nil || got != want {
			t.Errorf("%s: %v %s", name, err, got)
		}
	}
	_, err := dump(t, write(t, "a.gz", gzipped(t, zstded(t, content))), Options{})
	checkError(t, "twice", err, "compressed twice, with Zstandard inside of gzip", "decompress the outer one first")
}

func TestCutOff(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,p\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "%d,text %x\n", i+1, sha256.Sum256([]byte{byte(i), byte(i >> 8)}))
	}
	for _, data := range []string{gzipped(t, b.String()), zstded(t, b.String())} {
		last := 0
		path := write(t, "a.csv", data[:len(data)*2/3])
		table, err := Open(context.Background(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = table.Scan(context.Background(), []string{"id"}, func(r Row) error { last = r.Number; return nil })
		checkError(t, "cut off", err, fmt.Sprintf("row %d", last+1), "copy or download the file again")
		checkError(t, "cut off", err, "the file is cut off", "")
		if last < 1000 {
			t.Errorf("ends after row %d", last)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct{ name, content, want, hint string }{
		{"a.db", "SQLite format 3\x00....", "is an SQLite database", "sqlite3 -header -csv"},
		{"a.pkl", "\x80\x04\x95\x00\x00\x00", "is a Python pickle", "read_pickle"},
		{"a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "is an old Excel or Word file", "save it as CSV"},
		{"a.pdf", "%PDF-1.7", "is a PDF", "CSV"},
		{"a.csv", "<!DOCTYPE html><html>", "is a page of a web site", "download the file again"},
		{"a.feather", "FEA1....", "is Feather version 1", "read_feather"},
		{"a.bz2", "BZh91AY", "is compressed with bzip2", "bunzip2"},
		{"a.parquet", "version https://git-lfs.github.com/spec/v1\noid x\n", "pointer of Git LFS", "git lfs pull"},
		{"a.bin", strings.Repeat("\x01\x02\x03x", 50), "found binary data", "export"},
		{"a.csv", strings.Repeat("\x00", 100), "found binary data", "export"},
		{"a.zip", "PK\x03\x04 no more", "damaged ZIP archive", "again"},
	} {
		_, err := Open(context.Background(), write(t, c.name, c.content), Options{})
		checkError(t, c.want, err, c.want, c.hint)
		_, err = OpenText(context.Background(), write(t, c.name, c.content))
		if err == nil && !strings.HasPrefix(c.want, "found binary") && c.name != "a.zip" {
			t.Errorf("OpenText reads what %s", c.want)
		}
	}
}

func TestStdin(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	table, err := Open(context.Background(), "-", Options{Stdin: strings.NewReader(gzipped(t, "id\na\n"))})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err = table.Scan(context.Background(), []string{"id"}, func(r Row) error {
			if r.File != "standard input" || r.Cells[0].Text != "a" {
				t.Error(r)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if err := table.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	_, err = Open(context.Background(), "-", Options{})
	checkError(t, "none", err, "no standard input", "")
	_, err = Open(context.Background(), "-", Options{Stdin: strings.NewReader("BZh91AY")})
	checkError(t, "bzip2", err, "compressed with bzip2", "bunzip2 FILE")
	_, err = Open(context.Background(), "-", Options{Stdin: strings.NewReader("")})
	checkError(t, "empty", err, `"standard input": empty file`, "")
	if left, _ := os.ReadDir(temp); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// tree writes files, by their paths, and returns their folder.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestParts(t *testing.T) {
	dir := tree(t, map[string]string{
		"out/model=a%2Fb/part-0.csv": "id,q\n1,0\n2,1\n", "out/model=__HIVE_DEFAULT_PARTITION__/part-1.csv.gz": gzipped(t, "id,q,x\n3,1,y\n"),
		"out/_SUCCESS": "", "out/.part-0.csv.crc": "x", "out/_metadata": "x", "out/notes.md": "x", "out/.hidden/a.csv": "id\nz\n",
		"mixed/a.csv": "id\n1\n", "mixed/b.json": `[{"id": 1}]`, "empty/readme.md": "", "a[1].csv": "id\nx\n", "in[1]/a.csv": "id\nw\n",
	})
	for _, c := range []struct{ path, want, notes string }{
		{"out", "1 -\"\" t\"3\" t\"1\" t\"y\"\n1 t\"a/b\" t\"1\" t\"0\" -\"\"\n2 t\"a/b\" t\"2\" t\"1\" -\"\"\n", `column "x" is missing in 1 of 2 files`},
		{"out/*/part-*.csv", "1 t\"a/b\" t\"1\" t\"0\" -\"\"\n2 t\"a/b\" t\"2\" t\"1\" -\"\"\n", ""},
		{"out/**/*.gz", "1 -\"\" t\"3\" t\"1\" t\"y\"\n", ""},
	} {
		path := filepath.Join(dir, c.path)
		want := []string{"model", "id", "q", "x"}
		if c.path == "out/*/part-*.csv" {
			want = want[:3]
			c.want = strings.ReplaceAll(c.want, " -\"\"", "")
		}
		if got, err := dump(t, path, Options{}, want...); err != nil || got != c.want {
			t.Errorf("%s: %v\n%s", c.path, err, got)
		}
		if got := about(t, path, Options{}); !strings.Contains(got, c.notes) {
			t.Errorf("%s: %s", c.path, got)
		}
	}
	for path, want := range map[string]string{"a[1].csv": `1 t"x"` + "\n", "in[1]": `1 t"w"` + "\n"} {
		if got, err := dump(t, filepath.Join(dir, path), Options{}); err != nil || got != want {
			t.Error(path, err, got)
		}
	}
	for path, want := range map[string]string{"mixed": "its files have different formats: CSV (1 file, such as", "empty": "no table in the folder", "no*.csv": "no file matches the pattern", "none.csv": "no such file"} {
		_, err := Open(context.Background(), filepath.Join(dir, path), Options{})
		checkError(t, path, err, want, "")
	}
}

func TestDigest(t *testing.T) {
	digest := func(s string) string { sum := sha256.Sum256([]byte(s)); return hex.EncodeToString(sum[:]) }
	a, b := "id\n1\n", "id\n2\n"
	dir := tree(t, map[string]string{"a.csv": a, "b.csv": b})
	for path, want := range map[string]string{"a.csv": digest(a), "": digest(digest(a) + "\n" + digest(b) + "\n")} {
		table, err := Open(context.Background(), filepath.Join(dir, path), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := table.Digest(); err != nil || got != want {
			t.Errorf("%q: %s %v", path, got, err)
		}
	}
}

func TestScanEnds(t *testing.T) {
	path := write(t, "a.csv", "id\n"+strings.Repeat("1\n", 100_000))
	progress := 0
	stop := errors.New("stop")
	table, err := Open(context.Background(), path, Options{Progress: func(done, total int) error {
		if done < progress || total != 100 {
			t.Errorf("%d of %d after %d", done, total, progress)
		}
		progress = done
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	rows := 0
	if err := table.Scan(ctx, nil, func(Row) error {
		if rows++; rows == 10 {
			cancel()
		}
		return nil
	}); !errors.Is(err, context.Canceled) || rows > 5000 {
		t.Errorf("%d rows: %v", rows, err)
	}
	if err := table.Scan(context.Background(), nil, func(r Row) error { return stop }); err != stop {
		t.Error(err)
	}
	progress = 0
	if err := table.Scan(context.Background(), nil, func(r Row) error { return nil }); err != nil || progress < 90 {
		t.Error(progress, err)
	}
}

// TestWrongOptions names a path or a sheet in a file that has none.
func TestWrongOptions(t *testing.T) {
	for _, o := range []Options{{At: "a"}, {Sheet: "a"}} {
		_, err := Open(context.Background(), write(t, "a.csv", "id\n1\n"), o)
		checkError(t, "CSV", err, "is CSV: rows at a path are in JSON only", "")
	}
	_, err := Open(context.Background(), write(t, "a.csv", "id\n1\n"), Options{Delimiter: 'é'})
	checkError(t, "delimiter", err, "expected an ASCII character", "")
}

func TestOpenText(t *testing.T) {
	for _, content := range []string{"x ü\n", "\ufeffx ü\n", gzipped(t, "x ü\n"), "\xff\xfex\x00 \x00\xfc\x00\n\x00"} {
		r, err := OpenText(context.Background(), write(t, "a", content))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != "x ü\n" || r.Close() != nil {
			t.Errorf("%q: %q %v", content, got, err)
		}
	}
}
