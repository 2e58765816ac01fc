package harness

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCapText(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 1, ""}, {"abc", 3, "abc"}, {"abcd", 3, "ab\nd"}, {"abcd", 1, "a\n"}, {"äöü", 3, "äöü"}, {"äöüß", 3, "äö\nß"}, {"日本語です", 2, "日\nす"},
		{"a😀b", 3, "a😀b"}, {"a😀b", 2, "a\nb"}, {"日本語", 4, "日本語"}, {"日本語", 5, "日本語"}, {"日本", 3, "日本"},
	} {
		if got := capText(c.text, c.limit); got != c.want || !utf8.ValidString(got) {
			t.Errorf("%q, %d: %q, expected %q", c.text, c.limit, got, c.want)
		}
	}
}

// TestLimit expects a limit to change what mf encodes, but not what length counts.
func TestLimit(t *testing.T) {
	score := func(router string, limit int, text string) float64 {
		t.Helper()
		opened, err := Open([]string{router}, RouterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		c, err := NewScorer(opened[0], Encoder{}, Feedback{})
		if err != nil {
			t.Fatal(err)
		}
		if limit > 0 {
			c.Limit(limit)
		}
		got, err := c.Score(context.Background(), "a", text)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	text := strings.Repeat("Please write an email about the rent ä. ", 10) + strings.Repeat("Prove the theorem on prime numbers. ", 10)
	if got := score("length", 10, text); got != 760 {
		t.Errorf("length %v", got)
	}
	if whole := score("mf", 0, text); whole != score("mf", 800, text) || whole == score("mf", 400, text) {
		t.Error("the limit changes nothing, or too much")
	}
}
