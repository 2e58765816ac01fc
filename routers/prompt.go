package routers

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/datasets"
)

// Prompt is what a router may look at. Every part but ID may be absent; a router
// states what it reads with [Router.Needs]. [NewPrompt] makes one from a text.
type Prompt struct {
	ID       string    // unique within a data set
	SHA256   string    // hex digest of the UTF-8 text; "" when absent
	Task     string    // subject or category; "" when there is none
	Text     string    // "" when absent; see HasText
	HasText  bool      // distinguishes an empty text from an absent one
	Vector   []float32 // embedding; nil when absent
	Features Features  // counts of the text; the zero value knows none
}

// NewPrompt returns a prompt with everything that follows from its text: Text, HasText,
// SHA256 and Features. As in the program, each run of bytes that are not UTF-8 becomes
// one U+FFFD. Task and Vector stay absent; package routers/encoder makes vectors.
func NewPrompt(id, text string) Prompt {
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	return Prompt{ID: id, SHA256: datasets.SHA256Hex(text), Text: text, HasText: true, Features: FeaturesOf(text)}
}

// Count returns a count of the prompt, from Features or, where it is missing there,
// from the text. If neither has it, or the count is negative or infinite, the error
// names the prompt and the count.
func (p *Prompt) Count(name Feature) (float64, error) {
	v, ok := p.Features.Get(name)
	if !ok {
		if !p.HasText {
			return 0, fmt.Errorf("sample %q: %q is missing, and there is no prompt text to count", p.ID, "feature:"+name.String())
		}
		v, _ = FeaturesOf(p.Text).Get(name)
	}
	if v < 0 || math.IsInf(v, 0) {
		return 0, fmt.Errorf("sample %q: %q is %v, expected a finite number, 0 or more", p.ID, "feature:"+name.String(), v)
	}
	return v, nil
}
