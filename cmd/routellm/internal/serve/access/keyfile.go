package access

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
)

// maxKeyFile is the largest file with keys, in bytes.
const maxKeyFile = 1 << 20

// ReadKey reads a file with one key, such as a secret of Docker or Kubernetes. White space around
// the key does not count.
func ReadKey(path string) (string, error) {
	text, err := readFile(path)
	if err != nil {
		return "", err
	}
	key := strings.TrimSpace(text)
	switch {
	case key == "":
		return "", fmt.Errorf("%q: found no key", path)
	case strings.ContainsFunc(key, unprintable):
		return "", fmt.Errorf("%q: found several lines or a control character, expected one key", path)
	}
	return key, nil
}

// ReadKeys reads a file with clients' keys. A line is KEY, or NAME KEY where logs may tell whose
// key it is; several keys may have one name. Empty lines and lines that begin with # are skipped.
func ReadKeys(path string) ([]Key, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}
	var keys []Key
	lines := map[string]int{} // of the keys so far
	names := map[string]string{}
	at := 0
	for line := range strings.Lines(text) {
		at++
		key, err := parseLine(line)
		if first, ok := lines[key.Secret]; err == nil && ok && names[key.Secret] != key.Name {
			err = fmt.Errorf("line %d has the same key under another name", first)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, at, err)
		}
		if key.Secret != "" {
			keys, lines[key.Secret], names[key.Secret] = append(keys, key), at, key.Name
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%q: found no key, expected lines with KEY or NAME KEY", path)
	}
	return keys, nil
}

// parseLine reads a line. One without a key gives the zero Key. Errors repeat no part of it.
func parseLine(line string) (Key, error) {
	words := strings.Fields(line)
	if len(words) == 0 || words[0][0] == '#' {
		return Key{}, nil
	}
	key := Key{Secret: words[len(words)-1]}
	if len(words) == 2 {
		key.Name = words[0]
	}
	switch {
	case len(words) > 2:
		return Key{}, fmt.Errorf("found %d words, expected KEY or NAME KEY", len(words))
	case strings.ContainsFunc(strings.Join(words, " "), unprintable):
		return Key{}, errors.New("found a control character, expected KEY or NAME KEY")
	case len(words) == 2 && !validName(key.Name):
		return Key{}, errors.New("expected a name of at most 64 letters, digits, dots, hyphens and underscores before the key")
	case len(key.Name) >= 20 && len(key.Name) > len(key.Secret):
		return Key{}, errors.New("the name is longer than the key: expected NAME KEY, in this order, as logs may have the name")
	}
	return key, nil
}

func validName(name string) bool {
	return len(name) <= 64 && !strings.ContainsFunc(name, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("._-", r)
	})
}

// unprintable reports whether a header cannot carry a character.
func unprintable(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }

// readFile reads a small file as it is now: Kubernetes replaces a secret by moving a link.
func readFile(path string) (string, error) {
	about, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !about.Mode().IsRegular() { // a pipe can be read only once, and a reload would wait for it
		return "", fmt.Errorf("%q: expected a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if len(raw) > maxKeyFile {
		return "", fmt.Errorf("%q: found more than %d bytes", path, maxKeyFile)
	}
	return strings.TrimPrefix(string(raw), "\ufeff"), err
}
