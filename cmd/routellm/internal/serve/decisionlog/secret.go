package decisionlog

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// secretSize is the size in bytes of the secret beside a log.
const secretSize = 32

// secretPath returns the path of a log's secret.
func secretPath(log string) string { return log + ".key" }

// Digest returns a name's digest for the log, 16 hex digits: the same for the same name as long as
// the secret beside the log stays, also after a restart. Without the secret nobody can tell which
// name it stands for, not even by trying names. The digest of "" is "".
func (l *Log) Digest(name string) string {
	if name == "" {
		return ""
	}
	mac := hmac.New(sha256.New, l.secret)
	mac.Write([]byte(name))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// openSecret reads the secret of a log, or creates it.
func openSecret(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return createSecret(path)
	}
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != secretSize {
		return nil, fmt.Errorf("%q: expected %d hex digits, the secret for the digests of clients' names: remove the file, and another one is made", path, 2*secretSize)
	}
	return secret, nil
}

// createSecret makes a secret that only the server's user can read.
func createSecret(path string) ([]byte, error) {
	secret := make([]byte, secretSize)
	rand.Read(secret)                                              // never fails
	f, err := os.CreateTemp(filepath.Dir(path), ".routellm-key-*") // mode 0600
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(hex.EncodeToString(secret) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return nil, err
	}
	return secret, nil
}
