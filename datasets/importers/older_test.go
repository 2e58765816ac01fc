package importers

import "testing"

// TestOlderReleases reads what older releases of tools wrote.
func TestOlderReleases(t *testing.T) {
	for name, c := range map[string]struct {
		file, text, id string
		want           map[string]string
	}{
		"inspect": {"log.json", `{"version": 1, "status": "success", "eval": {"task": "t", "model": "m"}, "samples": [
			{"id": 1, "epoch": 1, "input": "one", "score": {"value": "C"}}]}`, "t/1", map[string]string{"quality:m": "1", "prompt": "one"}},
		"promptfoo": {"r.json", `{"results": {"version": 2, "stats": {}, "results": [
			{"provider": "acme:m", "prompt": {"raw": "one", "label": "p"}, "vars": {"a": "1"}, "success": true, "latencyMs": 20}]}}`,
			"test/0000", map[string]string{"quality:acme:m": "1", "latency_s:acme:m": "0.02", "prompt": "one"}},
	} {
		out, _, _, err := importAll(name, []string{write(t, map[string]string{c.file: c.text})}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		row := answersOf(t, out)[c.id]
		for column, want := range c.want {
			if row[column] != want {
				t.Errorf("%s: %s: %q, want %q in %v", name, column, row[column], want, row)
			}
		}
	}
}
