package fit

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/routellm/routellm/harness"
)

func TestTry(t *testing.T) {
	data := os.Getenv("FIT_DATA")
	if data == "" {
		t.Skip("try")
	}
	o := Default()
	o.Data = data
	o.Note = func(s string) { t.Log(s) }
	r, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []any{r.Document} {
		j, _ := json.MarshalIndent(b, "", " ")
		os.WriteFile("/tmp/h/fit/tmp/fit.json", j, 0o644)
	}
	_ = harness.TestPart
}
