package routers

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/features"
)

var names = []Feature{Chars, Words, Lines, Numbers}

func TestNothingIsKnownBeforeItIsSet(t *testing.T) {
	for _, f := range []Features{{}, Features{}.With(Words, 3).With(Words, math.NaN())} {
		if f != (Features{}) {
			t.Errorf("%+v differs from the zero value", f)
		}
		for _, name := range names {
			if v, ok := f.Get(name); v != 0 || ok {
				t.Errorf("%v is %v, %v, expected it to be missing", name, v, ok)
			}
		}
	}
	f := Features{}.With(Words, 0)
	if v, ok := f.Get(Words); v != 0 || !ok {
		t.Errorf("words are %v, %v after they were set to 0", v, ok)
	}
	if _, ok := f.Get(Chars); ok {
		t.Error("setting the words made the characters known")
	}
}

func TestFeaturesOf(t *testing.T) {
	want := Features{}.With(Chars, 16).With(Words, 4).With(Lines, 2).With(Numbers, 1)
	if got := FeaturesOf("naïve is\n1,234 ☃"); got != want {
		t.Errorf("features %v, want %v", got, want)
	}
	if got := FeaturesOf(""); got != (Features{}.With(Chars, 0).With(Words, 0).With(Lines, 1).With(Numbers, 0)) {
		t.Errorf("features of an empty text: %v", got)
	}
}

func TestNewPrompt(t *testing.T) {
	p := NewPrompt("id", "a b\xff\xfe")
	if p.ID != "id" || p.Text != "a b\uFFFD" || !p.HasText || p.Features != FeaturesOf("a b\uFFFD") ||
		p.SHA256 != "f8294496791c4cacf9549a16dbc577099aa74028a02546c3642f6c86ae0df155" {
		t.Errorf("prompt %+v", p)
	}
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		name string
		p    Prompt
		want float64
	}{
		{"set", Prompt{Features: Features{}.With(Words, 7), Text: "ignored", HasText: true}, 7},
		{"from the text", Prompt{Features: Features{}.With(Chars, 7), Text: "a b", HasText: true}, 2},
		{"from an empty text", Prompt{HasText: true}, 0},
	} {
		if got, err := c.p.Count(Words); err != nil || got != c.want {
			t.Errorf("%s: %v, %v, want %v", c.name, got, err, c.want)
		}
	}
	for want, f := range map[string]Features{
		`sample "s": "feature:words" is missing, and there is no prompt text to count`: Features{}.With(Chars, 7),
		`sample "s": "feature:words" is -1, expected a finite number, 0 or more`:       Features{}.With(Words, -1),
		`sample "s": "feature:words" is +Inf, expected a finite number, 0 or more`:     Features{}.With(Words, math.Inf(1)),
	} {
		p := Prompt{ID: "s", Features: f}
		if v, err := p.Count(Words); err == nil || err.Error() != want {
			t.Errorf("%v, error %v, want %q", v, err, want)
		}
	}
}

func TestCheckedCues(t *testing.T) {
	text := NewPrompt("s", "Why is 1 + 1 = 2?")
	want, err := text.CheckedCues()
	if err != nil || !slices.Equal(want, features.Of(text.Text)) {
		t.Fatalf("cues %v, error %v", want, err)
	}
	stored := Prompt{ID: "s", Cues: want}
	if got, err := stored.CheckedCues(); err != nil || !slices.Equal(got, want) {
		t.Errorf("stored cues %v, error %v", got, err)
	}
	notFinite := slices.Clone(want)
	notFinite[1] = float32(math.Inf(1))
	for want, p := range map[string]Prompt{
		`sample "s": the cues are missing, and there is no prompt text to compute them from`: {ID: "s"},
		`sample "s": 1 cue found, expected 63`:                                               {ID: "s", Cues: want[:1]},
		`sample "s": cue "lettered" is +Inf, expected a number from 0 to 1`:                  {ID: "s", Cues: notFinite},
	} {
		if _, err := p.CheckedCues(); err == nil || err.Error() != want {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestFeatureNames(t *testing.T) {
	var all []string
	for _, name := range names {
		all = append(all, name.String())
	}
	if got := strings.Join(all, " "); got != "chars words lines numbers" || Feature(9).String() != "Feature(9)" {
		t.Errorf("names %q, and %v", got, Feature(9))
	}
}
