package features

import (
	"strings"
	"testing"
)

func TestChoicesOfManyScriptsAndStyles(t *testing.T) {
	for _, labels := range []string{
		"A. |B. |C. ", "A) |B) |C) ", "(A) |(B) |(C) ", "A: |B: |C: ", "a. |b. |c. ", "(a) |(b) |(c) ", "**A.** |**B.** |**C.** ",
		"1. |2. |3. ", "1) |2) |3) ", "(1) |(2) |(3) ", "- |- |- ", "* |* |* ", "\u2022 |\u2022 |\u2022 ",
		"\u2460 |\u2461 |\u2462 ", "\u0410) |\u0411) |\u0412) ", "\u03B1. |\u03B2. |\u03B3. ", "\u0623. |\u0628. |\u062C. ",
		"\u0661) |\u0662) |\u0663) ", "\u0967. |\u0968. |\u0969. ", "\u7532\u3001|\u4E59\u3001|\u4E19\u3001", "\uAC00. |\uB098. |\uB2E4. ", "A\uFF0E|B\uFF0E|C\uFF0E",
	} {
		l := strings.Split(labels, "|")
		text := "What is it?\n" + l[0] + "red\n" + l[1] + "green\n" + l[2] + "blue\nAnswer it."
		if got, want := of(t, "choices", text), of(t, "choices", animals); got != want {
			t.Errorf("%q: choices %v, expected %v", text, got, want)
		}
		if got := of(t, "choice_share", text); got < 0.15 || got > 0.5 {
			t.Errorf("%q: %v of it are choices", text, got)
		}
	}
}

func TestNoChoices(t *testing.T) {
	for _, text := range []string{
		"A. Smith wrote it.", "It is (a) good idea.", "3.5 is a number\n4.5 is one too", "B. one\nC. two", "- only one", "I. one\nII. two",
		"see f (x) and (y) here", "1. one",
	} {
		if got := of(t, "choices", text); got != 0 {
			t.Errorf("%q has choices: %v", text, got)
		}
	}
}

func TestTheLastListCounts(t *testing.T) {
	text := "Example?\nA. one\nB. two\nC. three\nD. four\n\nQuestion?\nA. 1) five\nB. 2) six"
	if got, want := of(t, "choices", text), of(t, "choices", "x\nA. a\nB. b"); got != want {
		t.Errorf("choices %v, expected %v", got, want)
	}
}
