package quiz

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/routellm/routellm/internal/modelserver/chattest"
)

// The judge's weaknesses. It misreads a share of the answers, and prefers long ones: it takes that
// share of the wrong ones that explain themselves for right ones.
const (
	misread  = 0.04
	dazzled  = 0.25
	longText = 100 // bytes
)

var (
	section = regexp.MustCompile(`(?s)<<<([a-z ]+) \S+\n(.*?)\n([a-z ]+) \S+>>>`)
	numbers = regexp.MustCompile(`\d+`)
)

// judge answers questions of package judging. It finds the request and the answers between their
// marks, and knows the correct answer.
func (known questions) judge(r chattest.Request) chattest.Answer {
	text := map[string]string{}
	for _, part := range section.FindAllStringSubmatch(r.Prompt(), -1) {
		text[part[1]] = part[2]
	}
	q, ok := known[strings.TrimSpace(text["request"])]
	if !ok {
		return chattest.Answer{Text: "I cannot judge this."}
	}
	if answer, ok := text["answer"]; ok {
		grade := 2 + int(2*chattest.Uniform(r.Digest("grade")))
		if q.believes(answer, r, "answer") {
			grade += 7
		}
		return chattest.Answer{Text: fmt.Sprint("grade: ", grade)}
	}
	verdict := "tie"
	switch first, second := q.believes(text["first answer"], r, "first"), q.believes(text["second answer"], r, "second"); {
	case first && !second:
		verdict = "first"
	case second && !first:
		verdict = "second"
	}
	return chattest.Answer{Text: "verdict: " + verdict}
}

// believes reports whether the judge takes an answer for right. The draw is that of the question.
func (q Question) believes(answer string, r chattest.Request, salt string) bool {
	found := numbers.FindAllString(answer, -1)
	right := len(found) > 0 && found[len(found)-1] == q.Answer
	draw := chattest.Uniform(r.Digest(salt))
	if !right && found != nil && len(answer) > longText && draw < dazzled {
		return true
	}
	return right != (draw > 1-misread)
}
