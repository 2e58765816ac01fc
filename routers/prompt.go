package routers

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/features"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
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
	Cues     []float32 // Cues holds the cues of the text, as package features computes them; nil if absent
	Answer   *Answer   // Answer is the weak model's answer; nil if it was not asked, see [AnswerRouter]
}

// NewPrompt returns a prompt with everything that follows from its text: Text, HasText,
// SHA256 and Features. Like the command line, it replaces each run of bytes that are not
// UTF-8 with one U+FFFD. It sets neither Task nor Vector nor Cues: package routers/encoder
// computes vectors, and [Prompt.CheckedCues] cues.
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

// CheckedCues returns the cues of the prompt, one per entry of [features.All]: Cues or, if they
// are absent, those of Text. It fails if there is neither, or if Cues has another length or a
// component that is not finite. The error names the prompt.
func (p *Prompt) CheckedCues() ([]float32, error) {
	if p.Cues == nil && p.HasText {
		return features.Of(p.Text), nil
	}
	if p.Cues == nil {
		return nil, hint.With(fmt.Errorf("sample %q: the cues are missing, and there is no prompt text to compute them from", p.ID),
			"routellm datasets import keeps the text, or the cues where --drop-text leaves it out")
	}
	if want := features.Count; len(p.Cues) != want {
		return nil, fmt.Errorf("sample %q: %s found, expected %d", p.ID, text.Plural(len(p.Cues), "cue"), want)
	}
	for k, v := range p.Cues {
		if !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("sample %q: cue %q is %v, expected a number from 0 to 1", p.ID, features.All()[k].Name, v)
		}
	}
	return p.Cues, nil
}
