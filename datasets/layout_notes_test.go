package datasets

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestColumnsNotTaken checks that nothing is taken or left out without a word.
func TestColumnsNotTaken(t *testing.T) {
	for _, c := range []struct{ csv, want string }{
		{"id,frage,big,small\n1,why?,1,0\n2,how?,0,1\n", `models = big, small; no prompts: --prompt takes them from "frage"`},
		{"id,prompt,big,small\n1,why?,8/10,3/10\n", `prompt = prompt; no qualities: --model takes them from "big", "small"`},
		{"id,prompt\n1,why?\n", "id = id, prompt = prompt"},
		{"id,prompt,big,small,big_std,diff,mean,Small Wins\n1,why?,1,0,0.1,1,0.5,0\n", "id = id, prompt = prompt, models = big, small"},
		{"prompt,a,b\nwhy?,\"0,5\",\"1,0\"\n", "prompt = prompt, models = a, b; decimal commas"},
	} {
		_, reading, err := ImportTable(context.Background(), fileOf(t, "a.csv", c.csv), Mapping{})
		if err != nil {
			t.Fatal(err)
		}
		line := strings.Join(strings.Fields(reading.String()), " ")
		if _, got, _ := strings.Cut(line, ": "); got != c.want && strings.TrimPrefix(got, "id = id, ") != c.want {
			t.Errorf("%q:\n%s, want\n%s", c.csv, got, c.want)
		}
	}
}

// TestUnreadableColumn checks that a column in another encoding is not passed over.
func TestUnreadableColumn(t *testing.T) {
	_, _, err := ImportTable(context.Background(), fileOf(t, "a.csv", "id,prompt,big,small\n1,M\xfcll?,1,0\n"), Mapping{})
	if err == nil || !strings.Contains(err.Error(), `row 1, column "prompt"`) {
		t.Errorf("Latin-1 prompts: %v", err)
	}
	_, _, err = ImportTable(context.Background(), fileOf(t, "a.csv", "1,why?,0.5,0.1\n2,how?,0.7,0.3\n"), Mapping{FromRest: true})
	if err == nil {
		t.Error("a file without a header has models named like its numbers")
	}
}

// TestPartitionsAreNoModels checks that numbers in the names of folders are no qualities.
func TestPartitionsAreNoModels(t *testing.T) {
	dir := t.TempDir()
	for _, part := range []string{"part=0", "part=1"} {
		if err := os.MkdirAll(filepath.Join(dir, part), 0o777); err != nil {
			t.Fatal(err)
		}
		text := "id,prompt,big,small\n" + part + ",why " + part + "?,1,0\n"
		if err := os.WriteFile(filepath.Join(dir, part, "a.csv"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	table, _, err := ImportTable(context.Background(), dir, Mapping{})
	if err != nil || len(table.Quality) != 2 || table.Rows() != 2 {
		t.Errorf("%v: %v", table, err)
	}
}
