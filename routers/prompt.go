package routers

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/num"
)

// Prompt is the input of a router. Every part except ID may be absent; a router states
// what it reads with [Router.Needs]. [NewPrompt] makes a Prompt from a text.
type Prompt struct {
	ID       string    // ID is unique within a data set
	SHA256   string    // SHA256 is the hex digest of the UTF-8 text; "" if absent
	Task     string    // Task is the subject or category; "" if there is none
	Text     string    // Text is the prompt itself; "" if absent, see HasText
	HasText  bool      // HasText distinguishes an empty text from an absent one
	Vector   []float32 // Vector is the embedding; nil if absent
	Features Features  // Features holds the counts of the text; the zero value holds none
}

// NewPrompt returns a prompt with everything that follows from its text: Text, HasText,
// SHA256 and Features. Like the command line, it replaces each run of bytes that are not
// UTF-8 with one U+FFFD. It sets neither Task nor Vector; package routers/encoder
// computes vectors.
func NewPrompt(id, text string) Prompt {
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	return Prompt{ID: id, SHA256: datasets.SHA256Hex(text), Text: text, HasText: true, Features: FeaturesOf(text)}
}

// Count returns one count of the prompt: from Features or, if it is missing there, from
// Text. It fails if neither has the count, or if the count is negative or infinite. The
// error names the prompt and the count.
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

// CheckVector returns an error that names the prompt if a component of its vector is not
// finite.
func (p *Prompt) CheckVector() error {
	for k, v := range p.Vector {
		if !num.Finite(float64(v)) {
			return fmt.Errorf("sample %q: component %d of the vector is %v, expected a finite number", p.ID, k+1, v)
		}
	}
	return nil
}
