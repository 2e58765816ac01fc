package training

import (
	"fmt"
	"slices"
	"testing"

	"github.com/routellm/routellm/datasets/nearcopy"
	"github.com/routellm/routellm/routers"
)

// The optional interfaces that routers get by embedding a Card.
var (
	_ routers.Trained  = (*Card)(nil)
	_ routers.Paired   = (*Card)(nil)
	_ routers.Weighted = (*Card)(nil)
	_ routers.Encoded  = (*Card)(nil)
	_ routers.HeldOut  = (*Card)(nil)
	_ routers.Signed   = (*Card)(nil)
)

func TestCard(t *testing.T) {
	norm := []string{"c", "a", "c"}
	c := NewCard([]*Source{
		{Kind: Judge, Name: "j", SHA256: "1", Norm: norm}, {Kind: Gold, Name: "g", SHA256: "2", Norm: []string{"b"}},
	}, Options{Strong: "s", Weak: "w", Encoder: "e", EncoderSHA256: "d"})
	if !slices.Equal(c.TrainingPrompts(), []string{"a", "b", "c"}) || !slices.Equal(norm, []string{"c", "a", "c"}) {
		t.Errorf("training prompts %v of %v", c.TrainingPrompts(), norm)
	}
	if want := []SourceInfo{{"judge", "j", "1", 3}, {"gold", "g", "2", 1}}; !slices.Equal(c.Sources, want) {
		t.Errorf("sources %v, want %v", c.Sources, want)
	}
	strong, weak := c.Pair()
	name, digest := c.VectorsFrom()
	if strong != "s" || weak != "w" || name != "e" || digest != "d" || c.SHA256() != "" {
		t.Errorf("pair %q and %q, encoder %q %q, file %q", strong, weak, name, digest, c.SHA256())
	}
}

func TestHeldOutKeepsTheFirstScore(t *testing.T) {
	var c Card
	c.KeepHeldOut([]string{"c", "a", "c", "b"}, []float64{3, 1, 4, 2})
	if !slices.Equal(c.HeldOutNorm, []string{"a", "b", "c"}) || !slices.Equal(c.HeldOutScore, []float64{1, 2, 3}) {
		t.Errorf("scores %v of %v", c.HeldOutScore, c.HeldOutNorm)
	}
	if got, ok := c.HeldOut("c"); got != 3 || !ok {
		t.Errorf("score of c is %v, %v", got, ok)
	}
	if got, ok := c.HeldOut("d"); got != 0 || ok {
		t.Errorf("score of an unknown prompt is %v, %v", got, ok)
	}
}

// TestCardSignsPromptsWithText leaves out prompts without text, and those of built-in data.
func TestCardSignsPromptsWithText(t *testing.T) {
	builtin := fmt.Sprintf("%016x%048d", uint64(nearcopy.Builtin().Keys[0]), 0)
	prompt := func(text string) routers.Prompt { return routers.Prompt{Text: text, HasText: text != ""} }
	c := NewCard([]*Source{{
		Kind: Judge, Name: "j", Norm: []string{"00000000000000ff", "0000000000000001", builtin},
		Prompts: []routers.Prompt{prompt("who waters the fern on the third floor"), prompt(""), prompt("five words are quite enough")},
	}}, Options{})
	set := c.Signatures()
	if !slices.Equal(set.Keys, []nearcopy.Key{255}) || len(set.Signatures[0].Hashes) != 4 {
		t.Errorf("signatures %v, want one of the prompt with text, with a hash per run of words", set)
	}
}
