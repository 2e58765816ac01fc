package judging

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// markLength is the number of hex digits of a mark.
const markLength = 12

// markOf returns what the lines around the texts of one question carry. It is a digest of all the
// texts, so that a text cannot hold its own mark, and the same question has the same mark again,
// as the store of answers needs.
func markOf(texts ...string) string {
	h := sha256.New()
	for round := 0; ; round++ {
		h.Write([]byte(strconv.Itoa(round)))
		for _, t := range texts {
			fmt.Fprintf(h, "\n%d\n%s", len(t), t)
		}
		mark := hex.EncodeToString(h.Sum(nil))[:markLength]
		if !strings.Contains(strings.Join(texts, "\n"), mark) {
			return mark
		}
	}
}

// fenced puts a text between the lines that the judge is told about.
func fenced(name, text, mark string) string {
	return fmt.Sprintf("<<<%s %s\n%s\n%s %s>>>", name, mark, harmless(text), name, mark)
}

// controls matches what the servers of common models take for the end of a message, the start of
// another one, or thoughts of the model, even inside of a text.
var controls = regexp.MustCompile(`(?i)<(?:[|｜][a-z0-9_▁ ]{1,40}[|｜]|/?s|(?:start|end)_of_turn|/?think|/?thinking|[be]os|/?assistant|/?system|/?user)>|\[/?inst\]|<</?sys>>`)

// harmless breaks the control words of models up by a space. Without it an answer could end the
// question and write the judge's reply.
func harmless(text string) string {
	return controls.ReplaceAllStringFunc(text, func(word string) string { return word[:1] + " " + word[1:] })
}
