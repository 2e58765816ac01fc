package idset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/internal/idset"
)

// texts draws few different texts, many of them equal.
var texts = rapid.SliceOf(rapid.StringMatching(`[ab]{0,3}|\x00?`))

// TestSet compares a set with a map.
func TestSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s idset.Set
		known := map[string]int{}
		if _, ok := s.Find(""); ok {
			t.Fatal("an empty set holds a text")
		}
		for _, text := range texts.Draw(t, "texts") {
			want, again := known[text]
			if !again {
				want = len(known)
				known[text] = want
			}
			if got, added := s.Add(text); got != want || added == again {
				t.Fatalf("Add(%q) = %d, %v, want %d, %v", text, got, added, want, !again)
			}
		}
		if s.Len() != len(known) {
			t.Fatalf("%d texts, want %d", s.Len(), len(known))
		}
		for _, text := range append(texts.Draw(t, "others"), "c") {
			want, ok := known[text]
			if got, found := s.Find(text); found != ok || ok && (got != want || s.At(got) != text) {
				t.Fatalf("Find(%q) = %d, %v, want %d, %v", text, got, found, want, ok)
			}
		}
	})
}

// TestManyTexts adds more texts than a block has, long ones among them.
func TestManyTexts(t *testing.T) {
	var s idset.Set
	name := func(i int) string { return fmt.Sprint(i, strings.Repeat("x", i%7)) }
	long := strings.Repeat("y", idset.MaxText)
	s.Add(long)
	for i := range 200_000 {
		s.Add(name(i))
	}
	if at, ok := s.Find(long); at != 0 || !ok || s.At(0) != long {
		t.Errorf("the long text is at %d, %v", at, ok)
	}
	for i := range 200_000 {
		if at, ok := s.Find(name(i)); at != i+1 || !ok || s.At(at) != name(i) {
			t.Fatalf("text %d is at %d, %v", i+1, at, ok)
		}
	}
}

// TestFirsts compares the first of equal elements with that of a search.
func TestFirsts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := texts.Draw(t, "values")
		f := idset.NewFirsts(values)
		for i, v := range values {
			if got, want := f.Of(i), slices.Index(values, v); got != want {
				t.Fatalf("first of %q is %d, want %d", v, got, want)
			}
		}
	})
}
