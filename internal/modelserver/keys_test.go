package modelserver

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

func TestKeyFromEnv(t *testing.T) {
	t.Setenv("GOOD_KEY", " sk-1\n")
	t.Setenv("EMPTY_KEY", " ")
	t.Setenv("BROKEN_KEY", "sk 1")
	if key, err := KeyFromEnv("GOOD_KEY"); key != "sk-1" || err != nil {
		t.Errorf("%q, %v", key, err)
	}
	for name, want := range map[string]string{
		"NO_SUCH_KEY": `the environment variable "NO_SUCH_KEY" is not set`, "EMPTY_KEY": "the key is empty", "BROKEN_KEY": "the key has white space",
		"sk-proj-abcdef": "found what looks like a key",
	} {
		key, err := KeyFromEnv(name)
		if err == nil || !strings.Contains(err.Error(), want) || len(hint.Of(err)) == 0 {
			t.Errorf("%s: %q, %v", name, key, err)
		}
		if all := fmt.Sprint(err, hint.Of(err)); strings.Contains(all, "sk") {
			t.Errorf("%s repeats a key: %s", name, all)
		}
	}
}

func TestKeyFromFile(t *testing.T) {
	dir := t.TempDir()
	write := func(text string, mode os.FileMode) string {
		path := filepath.Join(dir, fmt.Sprint(len(text), mode))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		text    string
		mode    os.FileMode
		key     string
		warning bool
	}{
		{"sk-1\r\n", 0o600, "sk-1", false}, {"sk-1", 0o644, "sk-1", true}, {"sk-1", 0o640, "sk-1", true},
		{"", 0o600, "", false}, {"\n\n", 0o600, "", false}, {"two lines\nof text", 0o600, "", false}, {"ключ", 0o600, "", false}, {strings.Repeat("x", 20<<10), 0o600, "", false},
	} {
		key, warning, err := KeyFromFile(write(c.text, c.mode))
		if key != c.key || (err == nil) != (c.key != "") || (warning != "") != (c.warning && runtime.GOOS != "windows") {
			t.Errorf("%.20q, mode %o: key %.20q, warning %q, error %v", c.text, c.mode, key, warning, err)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%.100s...", err)
		}
	}
	if _, _, err := KeyFromFile(filepath.Join(dir, "none")); err == nil {
		t.Error("no error for a file that does not exist")
	}
	if _, _, err := KeyFromFile(dir); err == nil {
		t.Error("no error for a folder")
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		`bad key a/b"c, sorry`:    `bad key (the key), sorry`,
		`{"key": "a/b\"c"}`:       `{"key": "(the key)"}`,
		`{"key": "a\/b\"c"}`:      `{"key": "(the key)"}`,
		`GET /?key=a%2Fb%22c&x=1`: `GET /?key=(the key)&x=1`,
		`nothing`:                 `nothing`,
	} {
		if got := Redact(text, `a/b"c`); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if Redact("x", "") != "x" {
		t.Error("an empty key removes something")
	}
}
