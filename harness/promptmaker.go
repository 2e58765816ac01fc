package harness

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/features"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/encoder"
)

// needer is what routers and predictors have in common.
type needer interface{ Needs() routers.Needs }

// promptMaker makes prompts of texts that are in no data set, with everything that a router needs
// of them. It is safe for concurrent use.
type promptMaker struct {
	needs    routers.Needs
	kind     vectorKind             // the kind of the router's vectors
	static   *encoder.StaticEncoder // nil for routers without vectors, or of another kind
	encoders *Encoders
	maxText  int
}

// newPromptMaker returns what makes the prompts of a router.
func newPromptMaker(r needer, enc Encoder, f Feedback) (promptMaker, error) {
	m := promptMaker{needs: r.Needs(), encoders: NewEncoders(enc, f), maxText: MaxText}
	m.kind, _ = kindOf(r)
	if m.needs.Vector && m.kind != staticVectors { // reports a missing key now, and once
		return m, m.encoders.openFor(m.kind)
	}
	if m.kind == staticVectors {
		var err error
		if m.static, err = encoder.Static(); err != nil {
			return m, fault.Wrap(err)
		}
	}
	return m, nil
}

// prompts returns one prompt per text, and one number of tokens per text if the router's encoder
// counts them, or else nil. ids name the prompts in errors, one per text.
func (c *promptMaker) prompts(ctx context.Context, ids, texts []string) (prompts []routers.Prompt, tokens []int, err error) {
	if len(ids) != len(texts) {
		return nil, nil, fmt.Errorf("%s for %s: expected one per text", text.Plural(len(ids), "id"), text.Plural(len(texts), "text"))
	}
	prompts, tokens = make([]routers.Prompt, len(texts)), make([]int, len(texts))
	for i, text := range texts {
		if prompts[i], tokens[i], err = c.prompt(ctx, ids[i], text); err != nil {
			return nil, nil, err
		}
	}
	if c.static != nil {
		return prompts, tokens, nil
	}
	if c.needs.Vector {
		err = c.addVectors(ctx, prompts)
	}
	return prompts, nil, err
}

// addVectors sets the prompts' vectors to those of the server, which gets many texts at once.
func (c *promptMaker) addVectors(ctx context.Context, prompts []routers.Prompt) error {
	texts := make([]string, len(prompts))
	for i, p := range prompts {
		texts[i] = p.Text
	}
	vectors, err := c.encoders.encodeNew(ctx, c.kind, texts)
	if err != nil {
		return err
	}
	for i, v := range vectors {
		prompts[i].Vector = v
	}
	return nil
}

// prompt returns the text with everything that the router needs of it but the vectors of a server,
// and the number of its tokens, 0 if that is unknown. It replaces each run of bytes that are not UTF-8 with
// one U+FFFD. It counts the whole text, and encodes what Limit leaves of it.
func (c *promptMaker) prompt(ctx context.Context, id, text string) (p routers.Prompt, tokens int, err error) {
	p = routers.Prompt{ID: id, Text: strings.ToValidUTF8(text, string(utf8.RuneError)), HasText: true}
	if c.needs.Features {
		p.Features = routers.FeaturesOf(p.Text)
	}
	p.Text = capText(p.Text, c.maxText)
	if c.needs.Cues {
		p.Cues = features.Of(p.Text)
	}
	if c.static != nil {
		p.Vector = make([]float32, c.static.Dim())
		tokens, err = c.static.EncodeContext(ctx, p.Vector, p.Text)
	}
	return p, tokens, err
}
