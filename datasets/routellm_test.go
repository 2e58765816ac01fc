package datasets

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

const sharedFolder = "../../shared"

// imported returns RouteLLM's benchmarks, which it reads once for all tests.
var imported = sync.OnceValues(func() (map[string]*Table, error) {
	mmlu, gsm8k, mtbench, err := ImportRouteLLM(filepath.Join(sharedFolder, "data"), nil)
	return map[string]*Table{"mmlu": mmlu, "gsm8k": gsm8k, "mt-bench": mtbench}, err
})

func benchmark(t testing.TB, name string) *Table {
	t.Helper()
	if _, err := os.Stat(sharedFolder); errors.Is(err, os.ErrNotExist) {
		t.Skip("skipped: no ../shared")
	}
	tables, err := imported()
	if err != nil {
		t.Fatal(err)
	}
	copied := *tables[name]
	return &copied
}

func TestImportRouteLLMMeans(t *testing.T) {
	for _, c := range []struct {
		name           string
		rows, n        int
		strong, weak   float64
		models, extras int
	}{
		{"mmlu", 14042, 14037, 0.8058702, 0.6809147, 7, 0},
		{"gsm8k", 1319, 1307, 0.8576894, 0.6373374, 45, 43},
		{"mt-bench", 80, 72, 9.211806, 8.281250, 2, 4},
	} {
		table := benchmark(t, c.name)
		strong, n := mean(table, table.Meta.Strong)
		weak, _ := mean(table, table.Meta.Weak)
		if table.Rows() != c.rows || n != c.n || math.Abs(strong-c.strong) > 5e-7 || math.Abs(weak-c.weak) > 5e-7 {
			t.Errorf("%s: %d rows, %d kept, strong %.7f, weak %.7f; want %+v", c.name, table.Rows(), n, strong, weak, c)
		}
		if len(table.Quality) != c.models || len(table.Extras) != c.extras {
			t.Errorf("%s: %d models, %d extras; want %d, %d", c.name, len(table.Quality), len(table.Extras), c.models, c.extras)
		}
	}
}

// mean returns a model's mean quality over the samples that are not contaminated, and their
// number.
func mean(table *Table, model string) (float64, int) {
	values, _ := table.QualityOf(model)
	sum, n := 0.0, 0
	for i, v := range values {
		if !table.Contaminated[i] {
			sum += v
			n++
		}
	}
	return sum / float64(n), n
}

func TestImportRouteLLMMatchesReference(t *testing.T) {
	for _, name := range []string{"mmlu", "gsm8k", "mt-bench"} {
		table := benchmark(t, name)
		for _, row := range goldenRows(t, name) {
			i := int(row[0].(float64))
			id, strong, weak := row[1].(string), number64(row[3]), number64(row[4])
			a, _ := table.QualityOf(table.Meta.Strong)
			b, _ := table.QualityOf(table.Meta.Weak)
			if unpadded(table.SampleID[i]) != id || table.PromptSHA256[i][:16] != row[2] || a[i] != strong || b[i] != weak || table.Contaminated[i] {
				t.Fatalf("%s row %d: %q %q %v %v %v; want %v", name, i, table.SampleID[i], table.PromptSHA256[i], a[i], b[i], table.Contaminated[i], row)
			}
		}
	}
}

func goldenRows(t *testing.T, name string) [][]any {
	data, err := os.ReadFile(filepath.Join(sharedFolder, "golden", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var golden struct{ Rows [][]any }
	if err := json.NewDecoder(zr).Decode(&golden); err != nil || len(golden.Rows) == 0 {
		t.Fatal(len(golden.Rows), err)
	}
	return golden.Rows
}

func number64(v any) float64 {
	if b, ok := v.(bool); ok {
		if b {
			return 1
		}
		return 0
	}
	return v.(float64)
}

// unpadded turns "mmlu/anatomy/0012" into the reference's "mmlu/anatomy/12".
func unpadded(id string) string {
	head, last, _ := cutLast(id, "/")
	trimmed := strings.TrimLeft(last, "0")
	if trimmed == "" {
		trimmed = "0"
	}
	return head + "/" + trimmed
}

func cutLast(s, sep string) (head, tail string, ok bool) {
	i := strings.LastIndex(s, sep)
	return s[:i], s[i+1:], i >= 0
}

func TestImportRouteLLMClusters(t *testing.T) {
	table := benchmark(t, "mmlu")
	repeated := 0
	first := map[string]string{}
	for i, digest := range table.PromptSHA256 {
		want, seen := first[digest]
		if !seen {
			want = table.SampleID[i]
			first[digest] = want
		} else {
			repeated++
		}
		if table.Cluster[i] != want {
			t.Fatalf("cluster of %q is %q, want %q", table.SampleID[i], table.Cluster[i], want)
		}
	}
	if repeated != 105 {
		t.Errorf("%d repeated prompts, want 105", repeated)
	}
}

func TestImportRouteLLMOtherModels(t *testing.T) {
	table := benchmark(t, "mmlu")
	values, ok := table.QualityOf("llama3.1-8b")
	measured := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			measured++
		}
	}
	if !ok || measured != 12498 {
		t.Errorf("llama3.1-8b measured on %d samples, want 12498", measured)
	}
	names := []string{}
	for _, c := range table.Quality {
		names = append(names, c.Name)
	}
	want := "gpt-4-1106-preview mistralai/Mixtral-8x7B-Instruct-v0.1 gemma3-1b gemma3-4b llama3.1-8b llama3.2-1b llama3.2-3b"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("models %s, want %s", got, want)
	}
}

// smallRouteLLM writes a folder with RouteLLM's layout and a few invented rows.
func smallRouteLLM(t *testing.T) string {
	dir := t.TempDir()
	put := func(path, text string) {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	header := "prompt," + weakModel + "," + strongModel + "\n"
	for i, s := range mmluSubjects {
		put("routellm/mmlu/mmlu_"+s+".csv", header+fmt.Sprintf("shared question,True,False\nown question %d,False,True\n", i))
	}
	put("routellm/mmlu/contaminated_prompts.jsonl", `{"eval_prompt":"own question 1","eval_idx":3}`)
	put("routellm/gsm8k/gsm8k_responses.csv", header+"two and two?,True,True\n")
	put("routellm/gsm8k/contaminated_prompts.jsonl", `{"eval_prompt":"two and two?","eval_idx":0}`)
	put("routellm/mt-bench/question.jsonl", `{"question_id":81,"category":"writing","turns":["write","again"]}`)
	put("routellm/mt-bench/contaminated_prompts.jsonl", `{"eval_prompt":"write","eval_idx":0}`)
	grade := `{"question_id":81,"model":"%s","score":%d,"turn":%d}` + "\n"
	put("routellm/mt-bench/judgements.jsonl", fmt.Sprintf(grade, strongModel, 9, 2)+fmt.Sprintf(grade, strongModel, 10, 1)+
		fmt.Sprintf(grade, weakModel, 8, 1)+fmt.Sprintf(grade, weakModel, 5, 2))
	return dir
}

func TestImportRouteLLMSmall(t *testing.T) {
	calls := 0
	mmlu, gsm8k, mtbench, err := ImportRouteLLM(smallRouteLLM(t), func(done, total int) {
		calls++
		if done != calls || total != routellmFiles {
			t.Errorf("progress(%d, %d), want (%d, %d)", done, total, calls, routellmFiles)
		}
	})
	if err != nil || calls != routellmFiles {
		t.Fatal(calls, err)
	}
	if mmlu.Rows() != 114 || mmlu.Cluster[2] != mmlu.SampleID[0] || !mmlu.Contaminated[3] || len(mmlu.Quality) != 2 {
		t.Errorf("mmlu: %d rows, cluster %q, contaminated %v", mmlu.Rows(), mmlu.Cluster[2], mmlu.Contaminated[3])
	}
	turn2, _ := mtbench.ExtraOf("quality_turn2:" + weakModel)
	if q, _ := mtbench.QualityOf(weakModel); q[0] != 6.5 || turn2[0] != 5 || !gsm8k.Contaminated[0] {
		t.Errorf("mt-bench quality %v, turn 2 %v", q, turn2)
	}
}

func TestImportRouteLLMRefuses(t *testing.T) {
	for name, c := range map[string]struct{ path, text, want string }{
		"index":     {"routellm/gsm8k/contaminated_prompts.jsonl", `{"eval_prompt":"other","eval_idx":0}`, `row 1, column "eval_idx"`},
		"label":     {"routellm/mmlu/mmlu_anatomy.csv", "prompt," + weakModel + "," + strongModel + "\nq,True,maybe\n", `found "maybe"`},
		"no column": {"routellm/mmlu/mmlu_anatomy.csv", "prompt,x\nq,1\n", `column "gpt-4-1106-preview": missing`},
		"one grade": {"routellm/mt-bench/judgements.jsonl", `{"question_id":81,"model":"gpt-4-1106-preview","score":9,"turn":1}`, "a grade of"},
		"turn 3":    {"routellm/mt-bench/judgements.jsonl", `{"question_id":81,"model":"gpt-4-1106-preview","score":9,"turn":3}`, "found turn 3"},
		"no JSON":   {"outcomes/gsm8k_zeroeval.jsonl.gz", "no JSON", "row 1: invalid character"},
	} {
		dir := smallRouteLLM(t)
		os.MkdirAll(filepath.Join(dir, "outcomes"), 0o755)
		if err := os.WriteFile(filepath.Join(dir, c.path), []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := ImportRouteLLM(dir, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
	_, _, _, err := ImportRouteLLM(t.TempDir(), nil)
	var advice *hint.Error
	if !errors.As(err, &advice) || !strings.Contains(advice.Hints[0], "routellm/mmlu") {
		t.Errorf("no folder: %v", err)
	}
}
