package modelserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"unicode"

	"github.com/routellm/routellm/internal/hint"
)

// KeyFromEnv returns the key in an environment variable. A variable that is not set, or holds no
// key, is an error.
func KeyFromEnv(name string) (string, error) {
	value, found := os.LookupEnv(name)
	if !found {
		err := fmt.Errorf("the environment variable %q is not set", name)
		if suspicious(name) {
			err = errors.New("the name of an environment variable is expected, found what looks like a key")
		}
		return "", hint.With(err, "export it in the shell that runs this program", "name the variable, and never give the key itself: other users see command lines")
	}
	key := strings.TrimSpace(value)
	return key, hint.With(CheckKey(key), fmt.Sprintf("see the environment variable %q", name))
}

// suspicious reports whether a name may be a key by mistake, which no error may repeat.
func suspicious(name string) bool {
	return len(name) > 60 || strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && !unicode.IsUpper(r) && !unicode.IsDigit(r)
	})
}

// KeyFromFile returns the key that a file holds alone, without white space around it. warning, if
// not "", says that other users of this machine can read the file.
func KeyFromFile(path string) (key, warning string, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && likeKey(path) {
		return "", "", hint.With(errors.New("the path of a file is expected, found what looks like a key"), "never give the key itself: other users see command lines")
	}
	if err != nil {
		return "", "", err
	}
	if runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0 {
		warning = fmt.Sprintf("other users can read the key file %q: chmod 600 it", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return "", "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 2*mostKey)) // a device may never end
	if err != nil {
		return "", "", err
	}
	key = string(bytes.TrimSpace(text))
	if err := CheckKey(key); err != nil {
		return "", "", hint.With(fmt.Errorf("key file %q: %w", path, err), "the file holds the key and nothing else")
	}
	return key, warning, nil
}

// likeKey reports whether a path may be a key by mistake.
func likeKey(path string) bool { return len(path) >= 16 && !strings.ContainsAny(path, "./\\ ") }

// mostKey is the number of bytes of the longest key.
const mostKey = 16 << 10

// CheckKey returns an error, which does not repeat the key, unless it can be sent in a header.
func CheckKey(key string) error {
	switch {
	case key == "":
		return errors.New("the key is empty")
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the key has white space, or a character that no key has")
	case len(key) > mostKey:
		return errors.New("the key is longer than any key")
	}
	return nil
}

// Redact removes a key from a text, as it is and as JSON and URLs write it.
func Redact(text, key string) string {
	if key == "" {
		return text
	}
	quoted, _ := json.Marshal(key)
	inJSON := strings.Trim(string(quoted), `"`)
	for _, form := range []string{key, inJSON, strings.ReplaceAll(inJSON, "/", `\/`), url.QueryEscape(key), url.PathEscape(key)} {
		text = strings.ReplaceAll(text, form, "(the key)")
	}
	return text
}

// Bearer returns the header fields of a JSON request with a key, which may be "".
func Bearer(key string) http.Header {
	h := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}, "User-Agent": {"routellm"}}
	if key != "" {
		h.Set("Authorization", "Bearer "+key)
	}
	return h
}
