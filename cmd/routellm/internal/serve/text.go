package serve

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/datasets/prompttext"
)

// routedOf says which text of a request is routed. The names of tags have been checked.
func routedOf(c config.Config) prompttext.RequestOptions {
	drop, _ := prompttext.NewTags(c.DropTags)
	return prompttext.RequestOptions{Mode: prompttext.Mode(c.Text), Drop: drop}
}

// digestOf returns the hex SHA-256 of a text, of which it copies only a part at a time.
func digestOf(text string) string {
	h, part := sha256.New(), make([]byte, min(len(text), 4096))
	for text != "" {
		n := copy(part, text)
		h.Write(part[:n])
		text = text[n:]
	}
	return hex.EncodeToString(h.Sum(nil))
}
