package quiz

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Model plays a language model that knows the correct answers and errs at a known rate.
type Model struct {
	Name   string
	Right  map[string]float64 // Right holds the share of right answers by task and level, such as "sums hard"; short questions have no level
	Wordy  bool               // Wordy models explain themselves, which takes more tokens
	Silent float64            // Silent is the share of answers that name no number at all
}

// Small returns a model for the easy questions, and Big one for all of them.
func Small() Model {
	return Model{Name: "small", Silent: 0.02, Right: map[string]float64{
		"sums easy": 0.94, "rooms easy": 0.95, "words easy": 0.88, "sums hard": 0.22, "rooms hard": 0.38, "words hard": 0.30}}
}

// Big returns a model that answers hard questions too.
func Big() Model {
	return Model{Name: "big", Wordy: true, Silent: 0.005, Right: map[string]float64{
		"sums easy": 0.98, "rooms easy": 0.97, "words easy": 0.96, "sums hard": 0.90, "rooms hard": 0.93, "words hard": 0.85,
		"one digit": 0.99, "two digits": 0.98, "product": 0.96, "lookup": 0.97, "reading": 0.95, "capital": 0.96}}
}

// Answer returns what the model says to a question, and whether it is right. The same model,
// question and sample give the same answer.
func (m Model) Answer(q Question, sample int) (text string, right bool) {
	d := m.draw(q.Prompt, sample)
	if d.Float64() < m.Silent {
		return "I am not sure about this one.", false
	}
	right = d.Float64() < m.Right[strings.TrimSpace(q.Task+" "+q.Level)]
	said := q.Answer
	if !right {
		said = wrong(said, d)
	}
	if !m.Wordy {
		return fmt.Sprintf("The answer is %s.", said), right
	}
	steps := []string{"Let me go through this step by step.", "First I look at what is given, then at what is asked.",
		"I check each number once more.", "Nothing else in the text changes the result."}
	return fmt.Sprintf("%s The answer is %s.", strings.Join(steps[:2+d.IntN(3)], " "), said), right
}

// wrong returns another number than the answer or, if that is a word, none at all.
func wrong(answer string, d *rand.Rand) string {
	value, err := strconv.Atoi(answer)
	if err != nil {
		return "not in the text"
	}
	return strconv.Itoa(value + 1 + d.IntN(12))
}

// draw returns a source of random numbers that belongs to the model, a prompt and a sample.
func (m Model) draw(prompt string, sample int) *rand.Rand {
	digest := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s", m.Name, sample, prompt))
	return rand.New(rand.NewPCG(binary.BigEndian.Uint64(digest[:]), binary.BigEndian.Uint64(digest[8:])))
}
