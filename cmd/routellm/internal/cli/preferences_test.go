package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// madePrompts are 48 prompts, put together from parts.
func madePrompts() []string {
	var out []string
	for _, task := range []string{"write a limerick about", "estimate the weight of", "list three facts on", "prove something about", "tell a child about", "plan a day around"} {
		for _, thing := range []string{"a paper kite", "an old bridge", "seven beehives", "the tide", "a prime number", "wet snow", "a brass key", "goat cheese"} {
			out = append(out, task+" "+thing)
		}
	}
	return out
}

// TestOwnPreferencesTrainARouter goes the whole way: a user's file, a data set, a
// router, a decision.
func TestOwnPreferencesTrainARouter(t *testing.T) {
	var votes, grades strings.Builder
	votes.WriteString("prompt,model_a,model_b,winner_model_a,winner_model_b,winner_tie\n")
	grades.WriteString("prompt,model,score\n")
	for i, prompt := range madePrompts() {
		winner := [3]int{}
		winner[i%3] = 1
		fmt.Fprintf(&votes, "%s,big,small,%d,%d,%d\n", prompt, winner[0], winner[1], winner[2])
		fmt.Fprintf(&grades, "%s,big,%d\n%s,small,%d\n%s,tiny,%d\n", prompt, 6+i%4, prompt, 3+i%7, prompt, 1+i%5)
	}
	workFolder(t)
	for name, text := range map[string]string{"own-votes.csv": votes.String(), "own-grades.csv": grades.String()} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ imports, printed, router, trained string }{
		{"battles own-votes.csv", "48 rows, 2 models", "mf", "48"},
		{"grades own-grades.csv", "144 rows, 3 models", "knn", "144"},
		{"grades own-grades.csv --as grades", "48 rows, 3 models", "knn", "48"},
	} {
		if out := runLine(t, "routellm datasets import "+c.imports+" --name own --drop-text --out own.parquet"); !strings.Contains(out, c.printed) {
			t.Errorf("import %s prints %q", c.imports, out)
		}
		out := runLine(t, "routellm train "+c.router+" --data own.parquet --pair big,small --out own.safetensors")
		if fields := strings.Fields(out[strings.LastIndex(out, "\nown"):]); fields[1] != c.trained {
			t.Errorf("import %s: training prints\n%s", c.imports, out)
		}
		if out := runLine(t, `routellm route --router `+c.router+`:own.safetensors --threshold 0.5 --format json "plan a day around a brass key"`); !strings.Contains(out, `"model":`) {
			t.Errorf("import %s: route prints %q", c.imports, out)
		}
	}
}
