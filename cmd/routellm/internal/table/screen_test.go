package table

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func wide() *Table {
	t := &Table{Header: []string{"router", "calls", "APGR", "verdict", "CPT50"}, Left: []int{3}, Drop: []int{1, 4, 3}, Bold: []int{1}}
	t.Add("random", "50.0 %", "0.500", "equal", "50.0 %")
	t.Add("mf *", "50.0 %", "0.619", "better by far", "31.0 %")
	return t
}

func shown(t *testing.T, s Screen) []string {
	t.Helper()
	var b strings.Builder
	if err := wide().Screen(&b, s); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

func TestScreenDropsInOrder(t *testing.T) {
	for width, want := range map[int]string{
		80: "router  calls  APGR  verdict  CPT50",
		46: "router  calls  APGR  verdict  CPT50",
		40: "router  APGR  verdict  CPT50",
		29: "router  APGR  verdict",
		20: "router  APGR",
		8:  "router …",
	} {
		lines := shown(t, Screen{Width: width})
		if got := strings.Join(strings.Fields(lines[0]), "  "); got != strings.Join(strings.Fields(want), "  ") {
			t.Errorf("%d columns: %q, want %q", width, got, want)
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > width || strings.Contains(line, "\x1b") {
				t.Errorf("%d columns: %q", width, line)
			}
		}
	}
}

// TestScreenShortensNames expects Screen to shorten names before it drops columns, and
// different names to stay different.
func TestScreenShortensNames(t *testing.T) {
	names := &Table{Header: []string{"router", "APGR"}, Drop: []int{1}}
	names.Add("experiment-2024-a", "0.5")
	names.Add("experiment-2024-b *", "0.6")
	for width, want := range map[int][]string{
		80: {"experiment-2024-a     0.5", "experiment-2024-b *   0.6"},
		24: {"experime…-2024-a   0.5", "experime…024-b *   0.6"},
	} {
		var b strings.Builder
		if err := names.Screen(&b, Screen{Width: width}); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n"); !slices.Equal(lines[headLines:], want) {
			t.Errorf("%d columns: %q, want %q", width, lines[headLines:], want)
		}
	}
	side := strings.Repeat("x", 12)
	if got := shorten([]string{side + "a" + side, side + "b" + side, side + "a" + side}); got[0] == got[1] || got[0] != got[2] {
		t.Errorf("names that differ in the middle were shortened to %q", got)
	}
}

// TestScreenKeepsAlignment expects columns to keep their alignment when others are dropped.
func TestScreenKeepsAlignment(t *testing.T) {
	if got := wide().without([]int{1}); !slices.Equal(got.Left, []int{2}) {
		t.Errorf("left columns %v", got.Left)
	}
	if got := wide().without([]int{3}); got.Left != nil {
		t.Errorf("left columns %v", got.Left)
	}
}

func TestScreenColour(t *testing.T) {
	lines := shown(t, Screen{Width: 80, Colour: true})
	for i, line := range lines {
		bold := strings.HasPrefix(line, "\x1b[1m") && strings.HasSuffix(line, "\x1b[0m")
		if bold != (i == 0 || i == 3) {
			t.Errorf("line %d is %q", i, line)
		}
	}
	if got := (Screen{Width: 80, Colour: true}).Warn("x"); got != "\x1b[33mx\x1b[0m" {
		t.Errorf("warning %q", got)
	}
}
