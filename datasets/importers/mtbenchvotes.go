package importers

import (
	"fmt"
)

// vote reads a judgement of two answers, which the judge saw in both orders. As in FastChat, a model
// wins if it wins both games; else they tie.
func (b *bench) vote(r record) error {
	if !b.counts(r) {
		return nil
	}
	winners := map[string]string{"model_1": "model_a", "model_2": "model_b", "tie": "tie", "error": ""}
	first, ok := winners[r.text("g1_winner")]
	second, both := winners[r.text("g2_winner")]
	if !r.Get("g2_winner").Exists() {
		second, both = first, true
	}
	if !ok || !both {
		field := "g1_winner"
		if ok {
			field = "g2_winner"
		}
		return r.errf(field, r.Get(field), "model_1, model_2, tie or error")
	}
	if first == "" || second == "" {
		b.in.leave(1, "failed vote")
		return nil
	}
	v := Battle{ModelA: r.text("model_1"), ModelB: r.text("model_2"), Winner: first}
	if first != second {
		v.Winner = "tie"
	}
	question, turn := r.text("question_id"), int(r.Get("turn").Int())
	v.ID = fmt.Sprintf("mt-bench/%s/%d/%s/%s", question, turn, v.ModelA, v.ModelB)
	var err error
	if v.Prompt, err = b.prompt(question, turn); err != nil {
		return r.err("%w", err)
	}
	b.out.Battles = append(b.out.Battles, v)
	return nil
}
