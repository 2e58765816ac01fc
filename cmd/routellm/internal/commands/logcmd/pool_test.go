package logcmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// poolRecord is a line of a log of serve among several models.
func poolRecord(i int, asked, answered string, models ...string) string {
	var said []string
	for k, m := range models {
		said = append(said, fmt.Sprintf(`{"model":%q,"quality":0.%d,"cost":%g}`, m, 9-k, 0.01/float64(k+1)))
	}
	return fmt.Sprintf(`{"schema_version":2,"time":"2026-01-02T03:04:05Z","id":"%032x","endpoint":"chat","prompt_sha256":"%064x","chars":9,"router":"linear","model":%q,`+
		`"score":null,"threshold":null,"axis":"cost","lambda":20,"models":[%s],"microseconds":5,"reason":"score","propensity":0.9,"answered_model":%q,"status":200,"latency_s":1,"input_tokens":10,"output_tokens":5,"cost_usd":0.25}`,
		i, i, asked, strings.Join(said, ","), answered)
}

// convert runs log on the lines.
func convert(t *testing.T, by string, lines ...string) (out, path string, err error) {
	t.Helper()
	dir := t.TempDir()
	log, path := filepath.Join(dir, "d.jsonl"), filepath.Join(dir, "t.parquet")
	if err := os.WriteFile(log, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var text, notes strings.Builder
	c := New(cmdutil.Streams{Out: &text, Err: &notes})
	c.SetArgs([]string{log, "--out", path, "--by", by})
	c.SilenceUsage, c.SilenceErrors = true, true
	err = c.Execute()
	return text.String() + notes.String(), path, err
}

// TestPoolSummary sums up by model.
func TestPoolSummary(t *testing.T) {
	got, _, err := convert(t, "request",
		poolRecord(1, "small", "small", "large", "small"), poolRecord(2, "large", "small", "large", "small"), poolRecord(3, "large", "large", "large", "small"),
		poolRecord(4, "large", "large"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"3 rows", "left out 1 request without a score", "large               2", "small               2", "all                 4", "1.00"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if strings.Contains(got, "strong") || strings.Contains(got, "neither") {
		t.Errorf("names sides:\n%s", got)
	}
}

// TestPoolColumns writes the predictions of each model.
func TestPoolColumns(t *testing.T) {
	_, path, err := convert(t, "prompt", poolRecord(1, "small", "small", "small", "large"), poolRecord(2, "large", "small", "large", "small"))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"lambda", "score:large", "cost:small", "decision"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("no column %q", want)
		}
	}
	for _, odd := range []string{"threshold", "always"} {
		if strings.Contains(string(raw), odd) {
			t.Errorf("a column %q", odd)
		}
	}
}

// TestPoolMixed refuses decisions among other models, or between two, in one table.
func TestPoolMixed(t *testing.T) {
	pair := `{"schema_version":2,"time":"2026-01-02T03:04:05Z","id":"a","endpoint":"chat","prompt_sha256":"b","router":"linear","model":"big","decision":"strong","score":1,"threshold":0,"propensity":1,"status":200}`
	for want, lines := range map[string][]string{
		"between the models large, medium, but in earlier rows between large, small": {poolRecord(1, "small", "small", "large", "small"), poolRecord(2, "large", "large", "large", "medium")},
		"between the models strong and weak, but in earlier rows between large":      {poolRecord(1, "small", "small", "large", "small"), pair},
	} {
		if _, _, err := convert(t, "request", lines...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected %s", err, want)
		}
	}
}
