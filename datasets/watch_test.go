package datasets

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

// TestImportsTellHowFarTheyAre expects each step to be followed from its start to its end, and
// an error to end the import at once.
func TestImportsTellHowFarTheyAre(t *testing.T) {
	var csv, jsonl strings.Builder
	csv.WriteString("prompt,m,model_a,model_b,winner\n")
	for i := range 3 * watchRows {
		fmt.Fprintf(&csv, "text %d,1,a,b,tie\n", i)
		fmt.Fprintf(&jsonl, `{"prompt": "text %d", "model": "m", "grade": 3}`+"\n", i)
	}
	table, grades := fileOf(t, "a.csv.gz", csv.String()), fileOf(t, "a.jsonl", jsonl.String())
	for name, run := range map[string]func(progress func(done, total int) error) error{
		"table": func(progress func(done, total int) error) error {
			_, err := ImportTable(table, TableOptions{Prompt: "prompt", Models: []ModelColumn{{"m", "m"}}, Progress: progress})
			return err
		},
		"battles": func(progress func(done, total int) error) error {
			_, _, err := ImportBattles(table, BattleOptions{Prompt: "prompt", ModelA: "model_a", ModelB: "model_b", Progress: progress})
			return err
		},
		"grades": func(progress func(done, total int) error) error {
			_, _, err := ImportGrades(grades, GradeOptions{Prompt: "prompt", Model: "model", Min: math.NaN(), Max: math.NaN(), Progress: progress})
			return err
		},
	} {
		steps, last, calls := 1, 0, 0
		if err := run(func(done, total int) error {
			if calls++; done < last {
				steps++
			}
			last = done
			if total != 100 || done < 0 || done > total {
				t.Errorf("%s: %d of %d", name, done, total)
			}
			return nil
		}); err != nil || steps != 2 || last != 100 || calls < 6 {
			t.Errorf("%s: %d steps in %d calls, the last %d %%: %v", name, steps, calls, last, err)
		}
		stop, after := errors.New("stop"), 0
		if err := run(func(int, int) error { after++; return stop }); !errors.Is(err, stop) || after != 1 {
			t.Errorf("%s: %d calls after an error: %v", name, after, err)
		}
	}
}
