package harness_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/routellm/routellm/datasets/prompttext"
)

// TestTextOnBench does for the second turns of MT Bench what TestTextOnArena does for votes. The
// texts were chosen before it first ran.
func TestTextOnBench(t *testing.T) {
	inDocument(t, "mt-bench", textTable(t, benchTalks(t), "length", "mf@judge", "mf@gold", "knn@judge", "knn@gold", "mf", "knn"))
}

// TestTextShift counts the strong calls of mf at a strong fraction of 30 %, by text, and the
// conversations of several turns that are answered by both models, turn by turn.
func TestTextShift(t *testing.T) {
	c := scorer(t, "mf")
	threshold, err := c.ThresholdFor(context.Background(), 0.3)
	if err != nil {
		t.Fatal(err)
	}
	byTurns := map[int][]talk{}
	for _, a := range arenaTalks(t) {
		n := min(len(a.turns), 4)
		byTurns[n] = append(byTurns[n], a)
	}
	table := "| turns | conversations | last | first | users | both: last | both: users |\n| --- | --- | --- | --- | --- | --- | --- |\n"
	several := slices.Concat(byTurns[2], byTurns[3], byTurns[4])
	for i, talks := range [][]talk{byTurns[1], byTurns[2], byTurns[3], byTurns[4], several} {
		strong, both := map[prompttext.Mode]float64{}, map[prompttext.Mode]float64{}
		for _, a := range talks {
			for _, mode := range textModes {
				sides := c.sides(t, a, mode, threshold)
				if sides[len(sides)-1] {
					strong[mode] += 100 / float64(len(talks))
				}
				if slices.Contains(sides, true) && slices.Contains(sides, false) {
					both[mode] += 100 / float64(len(talks))
				}
			}
		}
		table += fmt.Sprintf("| %s | %d | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% |\n", []string{"1", "2", "3", "4 or more", "2 or more"}[i], len(talks),
			strong[prompttext.Last], strong[prompttext.First], strong[prompttext.Users], both[prompttext.Last], both[prompttext.Users])
	}
	inDocument(t, "shift", table)
}

// sides reports for each turn of a conversation whether the strong model is called.
func (c textScorer) sides(t *testing.T, a talk, mode prompttext.Mode, threshold float64) []bool {
	t.Helper()
	sides := make([]bool, len(a.turns))
	for i := range sides {
		sides[i] = c.score(t, a.text(t, mode, i+1)) >= threshold
	}
	return sides
}
