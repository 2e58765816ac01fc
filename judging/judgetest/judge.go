// Package judgetest has a judge whose faults are known, for tests of the checks that find them.
package judgetest

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/answers/chat"
)

// Judge judges answers that say themselves what they are worth: the text "worth=6.3" is in the
// answer. What it replies depends only on the question, its sample number and the seed.
type Judge struct {
	Seed        uint64
	First       float64 // probability that it prefers the answer shown first, whatever it says
	PerDoubling float64 // grades that an answer gains by being twice as long; none at [Length] characters
	Opinion     float64 // standard deviation of what it thinks of an answer, the same whenever it is asked
	Noise       float64 // standard deviation of a grade from one question to the next
	Refuse      float64 // probability that it declines
	Unreadable  float64 // probability of a reply without a label
	Logprobs    bool    // whether it reports the probabilities of its labels
	SplitTen    bool    // whether "10" is two of its tokens
	Greedy      bool    // whether it replies with the likeliest label, as at temperature 0
}

// Length is the number of characters of an answer that gains nothing by its length.
const Length = 64

var (
	answer = regexp.MustCompile(`(?s)<<<(?:first |second )?answer ([0-9a-f]{12})\n(.*?)\n(?:first |second )?answer ([0-9a-f]{12})>>>`)
	worth  = regexp.MustCompile(`worth=(-?[0-9.]+)`)
)

// Ask judges.
func (j Judge) Ask(_ context.Context, r chat.Request) (chat.Answer, bool, error) {
	question := r.Messages[len(r.Messages)-1].Content
	text, tokens, err := j.Reply(question, r.Sample)
	if err != nil {
		return chat.Answer{}, false, err
	}
	if r.Settings.TopLogprobs == 0 {
		tokens = nil
	}
	return chat.Answer{
		Text: text, Finish: "stop", Model: "scripted-judge", Tokens: tokens, Requests: 1, CostUSD: 1e-5,
		InputTokens: float64(len(question) / 4), OutputTokens: 5, CachedTokens: math.NaN(),
	}, false, nil
}

// Reply returns the reply to a question.
func (j Judge) Reply(question string, sample int) (string, []chat.Token, error) {
	sum := sha256.Sum256([]byte(question))
	random := rand.New(rand.NewPCG(j.Seed^binary.LittleEndian.Uint64(sum[:]), uint64(sample)))
	var merits []float64
	for _, m := range answer.FindAllStringSubmatch(question, -1) {
		merit, err := j.merit(m[2])
		if err != nil {
			return "", nil, err
		}
		merits = append(merits, merit)
	}
	switch fate := random.Float64(); {
	case fate < j.Refuse:
		return "I'm sorry, but I cannot judge this.", nil, nil
	case fate < j.Refuse+j.Unreadable:
		return "It is rather good.", nil, nil
	}
	switch len(merits) {
	case 1:
		text, tokens := j.reply("grade", grades[:], j.gradeOdds(merits[0]), random)
		return text, tokens, nil
	case 2:
		text, tokens := j.reply("verdict", []string{"first", "second", "tie"}, j.verdictOdds(merits[0]-merits[1]), random)
		return text, tokens, nil
	}
	return "", nil, fmt.Errorf("found %d answers in the question, expected one or two", len(merits))
}

// merit returns what the judge thinks of an answer before noise.
func (j Judge) merit(text string) (float64, error) {
	m := worth.FindStringSubmatch(text)
	if m == nil {
		return 0, errors.New("found no worth=NUMBER in an answer")
	}
	v, err := strconv.ParseFloat(strings.TrimRight(m[1], "."), 64)
	sum := sha256.Sum256([]byte(text))
	v += float64(j.Opinion * rand.New(rand.NewPCG(j.Seed, binary.LittleEndian.Uint64(sum[:]))).NormFloat64())
	return v + float64(j.PerDoubling*math.Log2(float64(1+utf8.RuneCountInString(text))/(1+Length))), err
}

var grades = [...]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}

// below returns P(x < v) for a normal x.
func below(v, mean, sd float64) float64 {
	if sd == 0 {
		if mean < v {
			return 1
		}
		return 0
	}
	return math.Erfc((mean-v)/sd/math.Sqrt2) / 2
}

// gradeOdds returns the probabilities of the grades: those of a normal number, rounded.
func (j Judge) gradeOdds(mean float64) []float64 {
	out := make([]float64, len(grades))
	for k := range out {
		lo, hi := math.Inf(-1), math.Inf(1)
		if k > 0 {
			lo = float64(k) + 0.5
		}
		if k < len(out)-1 {
			hi = float64(k) + 1.5
		}
		out[k] = below(hi, mean, j.Noise) - below(lo, mean, j.Noise)
	}
	return out
}

// verdictOdds returns the probabilities of first, second and tie. A difference below half a grade is
// a tie.
func (j Judge) verdictOdds(difference float64) []float64 {
	const band = 0.5
	sd := j.Noise * math.Sqrt2
	second, notFirst := below(-band, difference, sd), below(band, difference, sd)
	honest := 1 - j.First
	return []float64{j.First + float64(honest*(1-notFirst)), honest * second, honest * (notFirst - second)}
}

// reply draws a label and writes it, as the tokens of a model.
func (j Judge) reply(word string, labels []string, odds []float64, random *rand.Rand) (string, []chat.Token) {
	k, u := 0, random.Float64()
	for ; k < len(odds)-1 && u >= odds[k]; k++ {
		u -= odds[k]
	}
	if j.Greedy {
		for i := range odds {
			if odds[i] > odds[k] {
				k = i
			}
		}
	}
	text := word + ": " + labels[k]
	if !j.Logprobs {
		return text, nil
	}
	tokens := []chat.Token{{Text: word, Top: []chat.Alternative{{Text: word}}}, {Text: ":", Top: []chat.Alternative{{Text: ":"}}}}
	if j.SplitTen && len(labels) == len(grades) {
		return text, append(tokens, split(odds, k)...)
	}
	label := chat.Token{Text: " " + labels[k], Logprob: logOf(odds[k])}
	for i := range odds {
		label.Top = append(label.Top, chat.Alternative{Text: " " + labels[i], Logprob: logOf(odds[i])})
	}
	return text, append(tokens, label)
}

// logOf returns the logarithm of a probability. Servers report a finite number for what is impossible.
func logOf(p float64) float64 { return max(math.Log(p), -100) }

// split writes a grade digit by digit.
func split(odds []float64, k int) []chat.Token {
	first := chat.Token{Text: " " + grades[k][:1]}
	one := odds[0] + odds[9]
	for i, p := range odds[:9] {
		if i == 0 {
			p = one
		}
		first.Top = append(first.Top, chat.Alternative{Text: " " + grades[i], Logprob: logOf(p)})
	}
	second := chat.Token{Text: "\n", Top: []chat.Alternative{{Text: "\n", Logprob: 0}}}
	if k == 0 || k == 9 {
		zero := odds[9] / one
		second.Top = []chat.Alternative{{Text: "0", Logprob: logOf(zero)}, {Text: "\n", Logprob: logOf(1 - zero)}}
	}
	if k == 9 {
		second.Text = "0"
	}
	return []chat.Token{first, second}
}
