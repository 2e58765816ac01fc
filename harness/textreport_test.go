package harness_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/harness"
)

var writeTexts = flag.Bool("texts", false, "write the tables of docs/serve-conversations.md")

// textModes are the candidates. The battles have no answers, which prompttext.All would read.
var textModes = []prompttext.Mode{prompttext.Last, prompttext.First, prompttext.Users}

// TestTextOnArena compares the table of docs/serve-conversations.md, which make texts writes,
// with what the texts of conversations tell about the votes on them.
func TestTextOnArena(t *testing.T) {
	var talks []talk
	for _, c := range arenaTalks(t) {
		if len(c.turns) > 1 {
			talks = append(talks, c)
		}
	}
	inDocument(t, "arena", textTable(t, talks, "length", "mf@judge", "mf@gold", "knn@judge", "knn@gold", "mf", "knn"))
}

// textTable returns one row per router: the concordance of its scores of each text with the
// outcomes, and by how much it differs from that of the last turn.
func textTable(t *testing.T, talks []talk, names ...string) string {
	t.Helper()
	outcomes, cluster, clusters := clustersOf(talks)
	table := fmt.Sprintf("| %d conversations | last | first | users | first - last | users - last |\n| --- | --- | --- | --- | --- | --- |\n", len(talks))
	for _, name := range names {
		r := scorer(t, name)
		var all []concordance
		for _, mode := range textModes {
			scores := make([]float64, len(talks))
			for i, c := range talks {
				scores[i] = r.score(t, c.text(t, mode, len(c.turns)))
			}
			all = append(all, concord(scores, outcomes, cluster, clusters))
		}
		const signed = "%+.3f (%+.3f to %+.3f)"
		table += fmt.Sprintf("| `%s` | %s | %s | %s | %s | %s |\n", name, all[0], all[1], all[2], all[1].minus(all[0]).format(signed), all[2].minus(all[0]).format(signed))
	}
	return table
}

// clustersOf returns the outcomes and numbers the clusters.
func clustersOf(talks []talk) (outcomes []float64, cluster []int, clusters int) {
	number := map[string]int{}
	for _, c := range talks {
		if _, ok := number[c.cluster]; !ok {
			number[c.cluster] = len(number)
		}
		outcomes, cluster = append(outcomes, c.outcome), append(cluster, number[c.cluster])
	}
	return outcomes, cluster, len(number)
}

// textScorer scores texts as serve does.
type textScorer struct{ *harness.Scorer }

func scorer(t *testing.T, name string) textScorer {
	t.Helper()
	c, err := harness.NewScorer(open(t, name)[0], harness.Encoder{}, harness.Feedback{})
	if err != nil {
		t.Fatal(err)
	}
	return textScorer{c}
}

func (c textScorer) score(t *testing.T, text string) float64 {
	t.Helper()
	score, err := c.Score(context.Background(), "", text)
	if err != nil {
		t.Fatal(err)
	}
	return score
}

// inDocument compares a table with the one between the marks of a name, or writes it there.
func inDocument(t *testing.T, name, table string) {
	t.Helper()
	t.Log("\n" + table)
	const path = "../docs/serve-conversations.md"
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	place := regexp.MustCompile(`(?s)(<!-- texts: ` + name + ` -->\n).*?(<!-- end -->)`)
	found := place.FindString(string(raw))
	switch {
	case found == "":
		t.Fatalf("%s has no place for %s", path, name)
	case strings.Contains(found, "\n\n"+table+"\n<"):
		return
	case !*writeTexts:
		t.Fatalf("the table %q of %s is not what the program computes: make texts", name, path)
	}
	want := place.ReplaceAllString(string(raw), "${1}\n"+strings.ReplaceAll(table, "$", "$$")+"\n$2")
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}
