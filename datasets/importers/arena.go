package importers

import (
	"errors"
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/values"
)

// arenaVotes reads the votes of Chatbot Arena in the forms in which they were published: 33k and
// 100k (winner, conversations), 55k (a column per outcome, a list of turns) and 140k (nested
// conversations).
func arenaVotes() Tool {
	return Tool{
		Name: "arena", Title: "Chatbot Arena", Gives: Votes, Uses: []string{"text", "skip-bad"},
		Files:   "the votes as CSV (55k), Parquet (33k, 100k, 140k) or JSON Lines",
		Reads:   "both models, the winner (both bad is a tie), the first message of the user as prompt",
		Leaves:  "answers, languages, categories",
		Example: "routellm datasets import arena train.csv --out battles.parquet",
		kinds:   []kind{{name: "votes", match: isArenaVotes}},
		read:    readArenaVotes,
	}
}

// isArenaVotes asks for a column that people's own tables of battles do not have.
func isArenaVotes(p *peek) bool {
	return p.table("model_a", "model_b", "winner", "conversation_a") ||
		p.table("model_a", "model_b", "prompt", "response_a", "winner_model_a", "winner_model_b", "winner_tie")
}

var votesColumns = []string{
	"id", "question_id", "model_a", "model_b", "prompt", "conversation_a", "winner", "winner_model_a", "winner_model_b", "winner_tie",
}

func readArenaVotes(in *input, out *Output) error {
	rows := map[string]int{} // by id, over all files
	n := 0
	for _, f := range in.of("votes") {
		err := in.scan(f, votesColumns, func(r tableRow) error {
			n++
			b, err := in.vote(r, n)
			if err == nil && rows[b.ID] > 0 {
				err = r.bad("id", b.ID, "a unique id")
			}
			switch {
			case errors.Is(err, errNoVote):
				return nil
			case err != nil:
				return in.skip(err)
			}
			rows[b.ID] = r.row
			out.Battles = append(out.Battles, b)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// errNoVote says that a row has no winner, as after an error of a model.
var errNoVote = errors.New("no vote")

func (in *input) vote(r tableRow, n int) (b Battle, err error) {
	if b.ID = r.text("id", "question_id"); b.ID == "" {
		b.ID = fmt.Sprintf("row/%07d", n)
	}
	b.ModelA, b.ModelB = r.text("model_a"), r.text("model_b")
	switch {
	case b.ModelA == "" || b.ModelB == "":
		return b, r.bad("model_a", b.ModelA+" and "+b.ModelB, "the names of two models")
	case b.ModelA == b.ModelB:
		return b, r.bad("model_b", b.ModelB, "another model than in \"model_a\"")
	}
	if b.Winner, err = in.winner(r); err != nil {
		return b, err
	}
	b.Prompt, err = r.prompt(firstTurn(in.Text), "prompt", "conversation_a")
	return b, err
}

// winner returns the winner of a vote, from the column with its name or from one column each.
func (in *input) winner(r tableRow) (string, error) {
	if text := r.text("winner"); text != "" {
		winner, skipped, ok := values.Parser{}.Winner(text)
		switch {
		case !ok:
			return "", r.bad("winner", text, "model_a, model_b, tie or both_bad")
		case winner == "":
			in.leave(1, skipped+" vote")
			return "", errNoVote
		}
		return winner, nil
	}
	won := ""
	for _, column := range []string{"winner_model_a", "winner_model_b", "winner_tie"} {
		v, err := r.number(column)
		switch {
		case err != nil:
			return "", err
		case v == 1 && won != "":
			return "", r.bad(column, "1", "one winner, as "+won+" is 1 too")
		case v == 1:
			won = column
		}
	}
	if won == "" {
		return "", r.bad("winner_model_a", r.text("winner_model_a"), "1 in one of winner_model_a, winner_model_b and winner_tie")
	}
	return strings.TrimPrefix(won, "winner_"), nil
}
