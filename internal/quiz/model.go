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
	Right  map[string]float64 // Right holds the share of right answers by task and level, such as "sums hard"
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
		"sums easy": 0.98, "rooms easy": 0.97, "words easy": 0.96, "sums hard": 0.90, "rooms hard": 0.93, "words hard": 0.85}}
}

// Answer returns what the model says to a question, and whether it is right. The same model,
// question and sample give the same answer.
func (m Model) Answer(q Question, sample int) (text string, right bool) {
	d := m.draw(q.Prompt, sample)
	if d.Float64() < m.Silent {
		return "I am not sure about this one.", false
	}
	value, err := strconv.Atoi(q.Answer)
	if err != nil {
		panic(fmt.Sprintf("question %q: %v", q.ID, err))
	}
	right = d.Float64() < m.Right[q.Task+" "+q.Level]
	if !right {
		value += 1 + d.IntN(12)
	}
	if !m.Wordy {
		return fmt.Sprintf("The answer is %d.", value), right
	}
	steps := []string{"Let me go through this step by step.", "First I look at what is given, then at what is asked.",
		"I check each number once more.", "Nothing else in the text changes the result."}
	return fmt.Sprintf("%s The answer is %d.", strings.Join(steps[:2+d.IntN(3)], " "), value), right
}

// draw returns a source of random numbers that belongs to the model, a prompt and a sample.
func (m Model) draw(prompt string, sample int) *rand.Rand {
	digest := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s", m.Name, sample, prompt))
	return rand.New(rand.NewPCG(binary.BigEndian.Uint64(digest[:]), binary.BigEndian.Uint64(digest[8:])))
}
