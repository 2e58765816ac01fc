package harness

import "github.com/routellm/routellm/routers"

// readAnswers keeps the answers of models, one per row of the table, and frees their columns.
func (b *evaluatedData) readAnswers(models []string) error {
	for _, m := range models {
		w, err := weakAnswersOf(b.name, b.table, m)
		if err != nil {
			return err
		}
		if b.answers == nil {
			b.answers = map[string]*weakAnswers{}
		}
		b.answers[m] = w
	}
	b.table.Answers = nil
	return nil
}

// addAnswers adds the answers that a router reads to the prompts of some rows.
func (b *evaluatedData) addAnswers(r routers.Router, prompts []routers.Prompt, rows []int) {
	a, ok := routers.As[routers.AnswerRouter](r)
	if !ok {
		return
	}
	if w := b.answers[weakOf(a, b.weak)]; w != nil {
		w.addTo(prompts, rows)
	}
}
