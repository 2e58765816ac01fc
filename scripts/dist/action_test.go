package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// outcomes is a table of outcomes as readers have it.
const outcomes = `id,topic,question,big,small
a1,law,may a tenant sublet without asking,1,0
a2,law,who signs,1,1
a3,sums,add 17 and 25 and take away 4,1,0
a4,sums,add 2 and 2,1,1
a5,sums,what is the eleventh prime number,0,0
a6,law,name one duty of a landlord towards a tenant,1,0
`

// action is what the tests read of action.yml.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			ID, If, Uses, Run, Shell string
			Env                      map[string]string
		}
	}
}

// job runs the steps of action.yml in bash as GitHub's runner does, in a folder of its own.
type job struct {
	dir, root string // the workspace; the checkout
	github    map[string]string
	env       []string
	outputs   map[string]map[string]string // of steps, by id
	log       string
}

// newJob begins a job. The action is at root, and was taken from a reference such as v1.2.3, or "".
func newJob(t *testing.T, root, ref string) *job {
	t.Helper()
	dir := t.TempDir()
	j := &job{dir: dir, root: root, outputs: map[string]map[string]string{}}
	j.github = map[string]string{"action_ref": ref, "action_repository": "someone/routellm", "action_path": root}
	for _, name := range []string{"GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"} {
		j.env = append(j.env, name+"="+filepath.Join(dir, name))
	}
	temp := filepath.Join(dir, "temp")
	if err := os.Mkdir(temp, 0o755); err != nil {
		t.Fatal(err)
	}
	j.env = append(j.env, "HOME="+dir, "RUNNER_TEMP="+temp, "GITHUB_ACTION_PATH="+root, "GITHUB_REPOSITORY=reader/project",
		"GOCACHE="+goEnv(t, "GOCACHE"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOFLAGS=-buildvcs=false")
	return j
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// use runs the action with inputs and returns the error of the step that failed.
func (j *job) use(t *testing.T, with map[string]string) error {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(j.root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	inputs := map[string]string{}
	for name, input := range a.Inputs {
		inputs[name] = input.Default
	}
	for name, value := range with {
		if _, ok := inputs[name]; !ok {
			t.Fatalf("action.yml has no input %q", name)
		}
		inputs[name] = value
	}
	for _, step := range a.Runs.Steps {
		if step.Uses != "" || step.If != "" && !j.holds(t, step.If, inputs) {
			continue // the Go of this machine stands for that of actions/setup-go
		}
		if step.Shell != "bash" {
			t.Errorf("step %q runs in %q", step.ID, step.Shell)
		}
		if err := j.step(t, step.ID, step.Run, step.Env, inputs); err != nil {
			return err
		}
	}
	return nil
}

// step runs one step as the runner does: bash, stopped by the first error.
func (j *job) step(t *testing.T, id, script string, env, inputs map[string]string) error {
	t.Helper()
	path := os.Getenv("PATH")
	if more, err := os.ReadFile(filepath.Join(j.dir, "GITHUB_PATH")); err == nil {
		path = strings.ReplaceAll(strings.TrimSpace(string(more)), "\n", ":") + ":" + path
	}
	c := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	c.Dir, c.Env = j.dir, append(j.env[:len(j.env):len(j.env)], "PATH="+path)
	for name, value := range env {
		c.Env = append(c.Env, name+"="+j.expand(t, value, inputs))
	}
	out, err := c.CombinedOutput()
	j.log += string(out)
	j.outputs[id] = map[string]string{}
	data, _ := os.ReadFile(filepath.Join(j.dir, "GITHUB_OUTPUT"))
	_ = os.Remove(filepath.Join(j.dir, "GITHUB_OUTPUT"))
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		j.outputs[id][name] = value
	}
	return err
}

var expression = regexp.MustCompile(`\$\{\{ ([a-z-]+)\.([a-z_-]+)(?:\.outputs\.([a-z]+))? \}\}`)

// expand replaces the expressions that action.yml uses.
func (j *job) expand(t *testing.T, text string, inputs map[string]string) string {
	text = expression.ReplaceAllStringFunc(text, func(e string) string {
		m := expression.FindStringSubmatch(e)
		switch m[1] {
		case "inputs":
			return inputs[m[2]]
		case "github":
			return j.github[m[2]]
		}
		return j.outputs[m[2]][m[3]]
	})
	if strings.Contains(text, "${{") {
		t.Errorf("the test does not know the expression %q", text)
	}
	return text
}

// holds judges a condition of the form A == 'B' or A != 'B'.
func (j *job) holds(t *testing.T, condition string, inputs map[string]string) bool {
	for _, op := range []string{" == ", " != "} {
		if left, right, ok := strings.Cut(condition, op); ok {
			return (j.expand(t, "${{ "+left+" }}", inputs) == strings.Trim(right, "'")) == (op == " == ")
		}
	}
	t.Errorf("the test does not know the condition %q", condition)
	return false
}

// write writes files into the workspace.
func (j *job) write(t *testing.T, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(j.dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// quiz is a results.json whose interval has no lower end.
const quiz = `{"schema_version": 1, "benchmarks": [{"name": "quiz", "routers": [
	{"name": "r", "scores": "live", "metrics": {"apgr": {"value": 0.6, "lo": null, "hi": 0.7}}}]}]}`

// publish serves a release as a forge does, and one that was tampered with.
func publish(t *testing.T, dist string) (address string) {
	t.Helper()
	const prefix = "/someone/routellm/releases/download/"
	files := http.NewServeMux()
	files.Handle(prefix+version+"/", http.StripPrefix(prefix+version+"/", http.FileServer(http.Dir(dist))))
	files.HandleFunc(prefix+"v0.0.2/", func(w http.ResponseWriter, r *http.Request) {
		if filepath.Base(r.URL.Path) == sums {
			fmt.Fprintf(w, "%064d  %s\n", 0, (&release{options: options{Version: "v0.0.2"}}).stem(host)+".tar.gz")
		}
	})
	server := httptest.NewServer(files)
	t.Cleanup(server.Close)
	return server.URL
}

// checkAction installs the release at dist with the action and gates with it.
func checkAction(t *testing.T, dist string) {
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	forge := "GITHUB_SERVER_URL=" + publish(t, dist)
	j := newJob(t, root, version)
	j.env = append(j.env, forge)
	if err := j.use(t, nil); err != nil || j.outputs["install"]["version"] != "routellm "+version+" "+host || j.outputs["gate"] != nil {
		t.Fatalf("%v: %v\n%s", err, j.outputs, j.log)
	}
	checkGates(t, j)

	for ref, want := range map[string]string{
		"v0.0.2": "::error title=routellm::routellm_0.0.2_" + strings.ReplaceAll(host, "/", "_") + ".tar.gz has another SHA-256 than checksums.txt says",
		"v0.0.3": "/releases/download/v0.0.3/checksums.txt cannot be fetched: is v0.0.3 a release of that repository?",
		"1.2":    "::error title=routellm::version '1.2': expected a release such as v1.2.3",
	} {
		j := newJob(t, root, "main")
		j.env = append(j.env, forge)
		err := j.use(t, map[string]string{"version": ref})
		if left := below(t, filepath.Join(j.dir, "temp")); err == nil || !strings.Contains(j.log, want) || len(left) > 0 {
			t.Errorf("%s: %v, left %q\n%s", ref, err, left, j.log)
		}
	}
}

// checkGates gates with the installed program, which a second use of the action finds.
func checkGates(t *testing.T, j *job) {
	for _, c := range []struct {
		rule, status, says string
		with               map[string]string
		ok                 bool
	}{
		{"quiz.r.apgr > 0.5", "pass", "gate: pass (1 pass)", nil, true},
		{"quiz.r.apgr > 0.7", "fail", "::error file=the policy.yaml,line=2,col=5,title=gate%3A fail%3A quiz.r.apgr > 0.7::quiz.r.apgr: 0.6, expected > 0.7\n", nil, false},
		{"quiz.r.apgr.lo > 0.5", "inconclusive", "::warning file=the policy.yaml,line=2,", nil, false},
		{"quiz.r.apgr.lo > 0.5", "inconclusive", "::warning file=the policy.yaml,line=2,", map[string]string{"allow-inconclusive": "true"}, true},
		{"quiz.r.apgr => 0.5", "error", "::error title=routellm gate::the gate could not be judged: its output says why\n", nil, false},
	} {
		j.log = ""
		_ = os.Remove(filepath.Join(j.dir, "GITHUB_STEP_SUMMARY"))
		j.write(t, map[string]string{"results.json": quiz, "the policy.yaml": "rules:\n  - " + c.rule + "\n"})
		with := map[string]string{"results": "results.json", "policy": "the policy.yaml", "junit": "gate.xml"}
		for name, value := range c.with {
			with[name] = value
		}
		err := j.use(t, with)
		if (err == nil) != c.ok || j.outputs["gate"]["status"] != c.status || !strings.Contains(j.log, c.says) || j.outputs["choose"]["from"] != "path" {
			t.Errorf("%s: %v, %v\n%s", c.rule, err, j.outputs, j.log)
		}
		summary, _ := os.ReadFile(filepath.Join(j.dir, "GITHUB_STEP_SUMMARY"))
		if strings.HasPrefix(string(summary), "## gate: "+c.status) == (c.status == "error") {
			t.Errorf("%s: the summary is %q", c.rule, summary)
		}
	}
}

// TestActionBuildsItsSource uses the action from a branch, where nothing is published.
func TestActionBuildsItsSource(t *testing.T) {
	if os.Getenv("ROUTELLM_DIST") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_DIST=1 or make test-dist runs it")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	j := newJob(t, root, "main")
	j.write(t, map[string]string{"results.json": quiz, "policy.yaml": "rules: [quiz.r.apgr > 0.5]"})
	if err := j.use(t, map[string]string{"results": "results.json"}); err != nil || j.outputs["gate"]["status"] != "pass" || j.outputs["install"]["version"] != "routellm main "+host {
		t.Errorf("%v: %v\n%s", err, j.outputs, j.log)
	}
}
