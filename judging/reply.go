package judging

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/routellm/routellm/answers/chat"
)

// Kind says what became of a question.
type Kind string

// The kinds. Only the first has a label.
const (
	Judged     Kind = "judged"
	Refused    Kind = "refused"    // the judge would not judge, or a filter stopped it
	Unreadable Kind = "unreadable" // the reply has no label, several, or one outside the scale
	Failed     Kind = "failed"     // the server gave no reply
)

// Reply holds a judge's reply to one question.
type Reply struct {
	Kind  Kind
	Why   string  // Why says why there is no label; "" if there is one
	Text  string  // Text is the reply, shortened, if it has no label
	Value float64 // Value is the grade, or of pairs 1 if the first answer won, 0 if the second did, 0.5 for a tie; NaN without a label

	spread spread
	at     int    // place of the label in the text
	label  string // the label as it was written
}

// marks matches what stands between a word and its value: quotes, stars, and a sign or a word.
const marks = `["'*_` + "`" + `\s]*(?:[:=]|is|of)?["'*_` + "`" + `\s]*`

var (
	number  = `([-+−]?\d+(?:[.,]\d+)?)(\s*(?:-|–|to|or)\s*\d+)?(?:["'*_\s]*(?:/|out of)\s*(\d+))?`
	graded  = regexp.MustCompile(`(?i)\bgrade\b` + marks + number)
	bare    = regexp.MustCompile(`(?i)^[^\pL\pN+−-]*` + number + `[^\pL\pN]*$`)
	decided = regexp.MustCompile(`(?i)\bverdict\b` + marks + `(first|second|tie)\b(?:\W*(?:or|and|/)\W*(first|second|tie)\b)?`)
	alone   = regexp.MustCompile(`(?i)^\W*(first|second|tie)()\W*$`)
	refusal = regexp.MustCompile(`(?i)^\W*(?:i['’]?m sorry|i am sorry|sorry\b|i apologi[sz]e|i (?:can['’]?t|cannot|can not|won['’]?t|will not)\b|i['’]?m (?:unable|not able)|i am (?:unable|not able)|unfortunately,? i)`)
	thought = regexp.MustCompile(`(?is)<think(?:ing)?>(?:.*?</think(?:ing)?>|.*$)`)
)

// read reads a reply. A label inside of the judge's thoughts is none.
func read(m Mode, a chat.Answer) Reply {
	said := thought.ReplaceAllStringFunc(a.Text, func(s string) string { return strings.Repeat(" ", len(s)) })
	r := readGrade(said)
	if m == Pair {
		r = readVerdict(said)
	}
	switch {
	case a.Finish == "filter":
		r.deny(Refused, "a filter stopped the judge")
	case a.Finish == "length" && (r.Kind != Judged || r.at+len(r.label) == len(said)):
		r.deny(Unreadable, cutOff)
	case r.Kind == Unreadable && r.Why == noLabel && refusal.MatchString(said):
		r.deny(Refused, "the judge declined")
	}
	if r.Kind != Judged {
		r.Text = shortened(a.Text)
		return r
	}
	r.spread = spreadOf(m, a, r)
	return r
}

// deny takes the label away.
func (r *Reply) deny(k Kind, why string) { *r = Reply{Kind: k, Why: why, Value: nan, spread: noSpread} }

// The reasons for which a reply is unreadable.
const (
	noLabel      = "no label in the reply"
	severalLabel = "several labels in the reply"
	offScale     = "a grade outside 1 to 10"
	cutOff       = "the reply was cut off"
)

func unreadable(why string) Reply {
	return Reply{Kind: Unreadable, Why: why, Value: nan, spread: noSpread}
}

// readGrade reads the one grade of a text.
func readGrade(said string) Reply {
	found := graded.FindAllStringSubmatchIndex(said, -1)
	if found == nil {
		found = bare.FindAllStringSubmatchIndex(said, 1)
	}
	out := unreadable(noLabel)
	for _, at := range found {
		v, err := strconv.ParseFloat(strings.NewReplacer(",", ".", "−", "-").Replace(said[at[2]:at[3]]), 64)
		switch {
		case at[4] >= 0:
			return unreadable(severalLabel)
		case err != nil || v < Least || v > Most || at[6] >= 0 && said[at[6]:at[7]] != "10":
			return unreadable(offScale)
		case out.Kind == Judged && out.Value != v:
			return unreadable(severalLabel)
		}
		out = Reply{Kind: Judged, Value: v, spread: noSpread, at: at[2], label: said[at[2]:at[3]]}
	}
	return out
}

// verdicts lists the values of the verdicts.
var verdicts = map[string]float64{"first": 1, "second": 0, "tie": 0.5}

// readVerdict reads the one verdict of a text.
func readVerdict(said string) Reply {
	found := decided.FindAllStringSubmatchIndex(said, -1)
	if found == nil {
		found = alone.FindAllStringSubmatchIndex(said, 1)
	}
	out := unreadable(noLabel)
	for _, at := range found {
		v := verdicts[strings.ToLower(said[at[2]:at[3]])]
		if at[4] >= 0 && at[5] > at[4] || out.Kind == Judged && out.Value != v {
			return unreadable(severalLabel)
		}
		out = Reply{Kind: Judged, Value: v, spread: noSpread, at: at[2], label: said[at[2]:at[3]]}
	}
	return out
}

// shown is the number of characters of an unreadable reply to keep.
const shown = 160

// shortened returns a text on one line, cut after so many characters.
func shortened(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > shown {
		return string(r[:shown]) + "..."
	}
	return s
}
