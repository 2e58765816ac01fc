package examples

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/routellm/routellm/internal/quiz"
)

// gradedFile returns made-up outcomes of two models on prompts of our own, as CSV. The small model
// fails at most hard prompts, which are longer more often.
func gradedFile(rows int) []byte {
	r := rand.New(rand.NewPCG(20, 11))
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	easy := []string{"add up", "count", "name the colour of", "spell", "list"}
	hard := []string{"prove a theorem about", "derive the equation of", "find all errors in the proof about", "write a compiler pass for", "translate the contract clause on"}
	things := []string{"apples", "rivers", "matrices", "gardens", "engines", "poems", "markets", "stars", "bridges", "proteins", "kettles", "taxes"}
	var b bytes.Buffer
	fmt.Fprintln(&b, "id,topic,prompt,quality:big,quality:small,cost_usd:big,cost_usd:small")
	for i := range rows {
		verbs, topic, big, small := easy, "daily", 0.96, 0.93
		if r.IntN(2) == 0 {
			verbs, topic, big, small = hard, "expert", 0.9, 0.25
		}
		prompt := fmt.Sprintf("Please %s %s and %s for case %d.", pick(verbs), pick(things), pick(things), i+1)
		if long := map[string]float64{"daily": 0.5, "expert": 0.6}[topic]; r.Float64() < long {
			prompt += " Explain each step to a colleague who has never seen anything like this before."
		}
		right := func(p float64) int {
			if r.Float64() < p {
				return 1
			}
			return 0
		}
		fmt.Fprintf(&b, "q%d,%s,%s,%d,%d,%.5f,%.6f\n", i+1, topic, prompt, right(big), right(small), 0.004+float64(0.004*r.Float64()), 0.0002+float64(0.0002*r.Float64()))
	}
	return b.Bytes()
}

// tokensFile returns what the models of package quiz answered to some questions, as CSV: whether they
// were right, and tokens of about four characters each.
func tokensFile(asked []quiz.Question) ([]byte, error) {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	rows := [][]string{{"id", "task", "prompt", "quality:big", "quality:small", "input_tokens:big", "input_tokens:small", "output_tokens:big", "output_tokens:small"}}
	for _, q := range asked {
		row := []string{q.ID, q.Task, q.Prompt}
		models := []quiz.Model{quiz.Big(), quiz.Small()}
		var lengths []string
		for _, m := range models {
			text, right := m.Answer(q, 0)
			row = append(row, map[bool]string{false: "0", true: "1"}[right])
			lengths = append(lengths, tokens(text))
		}
		rows = append(rows, append(append(row, tokens(q.Prompt), tokens(q.Prompt)), lengths...))
	}
	err := out.WriteAll(rows)
	return b.Bytes(), err
}

// tokens estimates the number of tokens of a text.
func tokens(text string) string { return strconv.Itoa(len(text)/4 + 1) }
