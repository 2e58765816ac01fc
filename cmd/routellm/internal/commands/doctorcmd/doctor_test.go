package doctorcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/results"
)

// examine runs doctor in an empty folder with files, and returns its document.
func examine(t *testing.T, files map[string]string, o options) (*results.Checkup, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs bytes.Buffer
	o.Format, o.root = "json", &cobra.Command{Use: "routellm"}
	failed := run(context.Background(), cmdutil.Streams{Out: &out, Err: &errs}, o)
	var doc results.Checkup
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	return &doc, failed
}

// find returns the checks of a name as text.
func find(d *results.Checkup, name string) string {
	var b strings.Builder
	for _, x := range d.Checks {
		if x.Name == name {
			b.WriteString(string(x.Status) + ": " + x.Found + " | " + x.Advice + "\n")
		}
	}
	return b.String()
}

func noVariables(t *testing.T) {
	for _, name := range []string{"OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_BASE_URL", "ROUTELLM_CONFIG"} {
		t.Setenv(name, "")
	}
}

// refuses fails the test for any request.
type refuses struct{ t *testing.T }

func (r refuses) RoundTrip(q *http.Request) (*http.Response, error) {
	r.t.Errorf("a request to %s", q.URL)
	return nil, http.ErrHandlerTimeout
}

func TestAsksNobodyWithoutBeingTold(t *testing.T) {
	noVariables(t)
	t.Setenv("OPENAI_API_KEY", "sk-secret")
	old := http.DefaultTransport
	http.DefaultTransport = refuses{t}
	defer func() { http.DefaultTransport = old }()
	doc, err := examine(t, nil, options{})
	if err != nil || find(doc, "servers") != "ok: none is named, so none was asked | \n" {
		t.Errorf("%v, %s", err, find(doc, "servers"))
	}
	if got := find(doc, "keys"); got != "ok: set: OPENAI_API_KEY | \n" {
		t.Errorf("keys: %s", got)
	}
	if got := find(doc, "settings"); !strings.HasPrefix(got, "note: no routellm.yaml") {
		t.Errorf("settings: %s", got)
	}
	doc, err = examine(t, nil, options{Servers: []string{"http://127.0.0.1:9/v1"}, Offline: true})
	if err != nil || find(doc, "server") != "" {
		t.Errorf("%v, %s", err, find(doc, "server"))
	}
}

func TestServers(t *testing.T) {
	noVariables(t)
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/v1/models" || r.Header.Get("Authorization") != "" || r.URL.RawQuery != "" {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer host.Close()
	moved := httptest.NewServer(http.RedirectHandler("http://192.0.2.1/", http.StatusFound)) // must not be followed
	defer moved.Close()
	secret := strings.Replace(host.URL, "http://", "http://me:hidden@", 1) + "/v1/?key=hidden"
	t.Setenv("OPENAI_BASE_URL", secret)
	doc, err := examine(t, nil, options{Servers: []string{moved.URL, "http://127.0.0.1:1/v1", "ftp://hidden@x", "http://%zz"}})
	if err == nil || err.Error() != "3 problems" {
		t.Errorf("error %v", err)
	}
	got := find(doc, "server")
	for _, want := range []string{"ok: OPENAI_BASE_URL: 127.0.0.1:", "status 401", "status 302", "problem: --server: 127.0.0.1:1 does not answer", "problem: --server: the URL is not valid"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "hidden") {
		t.Errorf("a secret is shown:\n%s", got)
	}
}

const table = "id,question,big,small\na,who signs,1,0\nb,add 2 and 2,1,1\n"

func TestSettings(t *testing.T) {
	noVariables(t)
	t.Setenv("DOCTOR_KEY", "sk-secret")
	serve := "serve:\n  router: length\n  threshold: 3\n  strong: big@http://127.0.0.1:1/v1\n  weak: small@http://127.0.0.1:2/v1\n"
	for name, c := range map[string]struct {
		yaml string
		want string // in the lines of the checks
		n    int    // number of problems
	}{
		"fine":            {"data: outcomes.csv\npair: [big, small]\nrouters: [length, mine=scores:scores.csv]\ngate: {policy: policy.yaml}\nprices: prices.csv\n" + serve, "ok: policy.yaml is valid", 0},
		"no data":         {"data: [outcome.csv]", "did you mean outcomes.csv?", 1},
		"other model":     {"data: outcomes.csv\npair: [big, smal]", `outcomes.csv has no model "smal" | did you mean small?`, 1},
		"unknown key":     {"dta: outcomes.csv", `routellm.yaml:1: unknown key "dta" | did you mean data?`, 1},
		"other column":    {"data: outcomes.csv\ncolumns: {prompt: questoin}", `column "questoin": missing`, 1},
		"unknown router":  {"routers: mine=scores:nothing.csv", `"nothing.csv": no such file`, 1},
		"unknown program": {"routers: \"exec:no-such-program-here --x\"", "no-such-program-here", 1},
		"policy":          {"gate: {policy: scores.csv}", "expected the keys rules", 1},
		"prices":          {"prices: policy.yaml", "policy.yaml", 1},
		"server settings": {"serve: {treshold: 3}", `unknown key "treshold" | did you mean threshold?`, 1},
		"no artifact":     {serve + "  artifact: none.json", `artifact "none.json": no such file`, 1},
		"key":             {serve + "  strong_key_env: DOCTOR_KEY", "ok: set: DOCTOR_KEY", 0},
		"no key":          {serve + "  strong_key_env: DOCTOR_NONE", `key "strong_key_env": the environment variable "DOCTOR_NONE" is not set`, 1},
	} {
		doc, _ := examine(t, map[string]string{
			"routellm.yaml": c.yaml, "outcomes.csv": table, "scores.csv": "sample_id,score\na,1\nb,2\n", "policy.yaml": "rules:\n  - mmlu.mf.apgr > 0.5\n",
			"prices.csv": "model,input,output\nbig,2.5,10\nsmall,0.1,0.4\n",
		}, options{Offline: true})
		all := ""
		for _, x := range doc.Checks {
			all += string(x.Status) + ": " + x.Found + " | " + x.Advice + "\n"
		}
		if doc.Count(results.Problem) != c.n || !strings.Contains(all, c.want) || strings.Contains(all, "sk-secret") {
			t.Errorf("%s: want %q and %d problems in\n%s", name, c.want, c.n, all)
		}
	}
}

func TestFolders(t *testing.T) {
	noVariables(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", filepath.Join(file, "below"))
	t.Setenv("TMPDIR", filepath.Join(file, "below"))
	var e examination
	e.doc = &results.Checkup{}
	e.folders()
	if doc := e.doc; !strings.HasPrefix(find(doc, "temporary"), "problem: ") || !strings.HasPrefix(find(doc, "cache"), "problem: ") {
		t.Errorf("%s%s", find(doc, "cache"), find(doc, "temporary"))
	}
	dir := t.TempDir()
	if err := writable(filepath.Join(dir, "a", "b")); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "meminfo")
	if err := os.WriteFile(path, []byte("MemTotal:  2000 kB\nMemFree: 1 kB\nMemAvailable:  500 kB\nHugePages_Total: 0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if free, total, ok := memoryOf(path); !ok || free != 512000 || total != 2048000 {
		t.Errorf("%v, %v, %v", free, total, ok)
	}
	if _, _, ok := memoryOf(path + ".none"); ok {
		t.Error("memory of a system that does not say it")
	}
}

func TestTableFits(t *testing.T) {
	noVariables(t)
	t.Chdir(t.TempDir())
	var out bytes.Buffer
	if err := run(context.Background(), cmdutil.Streams{Out: &out, Err: &out}, options{Format: "table", root: &cobra.Command{}}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if len(line) > 81 {
			t.Errorf("more than 80 columns: %s", line)
		}
	}
	if !strings.Contains(out.String(), "\n0 problems, ") {
		t.Errorf("no sum:\n%s", out.String())
	}
}
