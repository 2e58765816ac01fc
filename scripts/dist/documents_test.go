package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// checkDocuments installs the release as docs/install.md says, and runs the workflow of docs/gate.md.
func checkDocuments(t *testing.T, dist string) {
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	forge := publish(t, dist)
	j := newJob(t, root, version)
	commands := block(t, "docs/install.md", "## Archive", "sh")
	for old, new := range map[string]string{"VERSION=v1.0.0": "REPO=" + forge + "/someone/routellm VERSION=" + version, "_linux_amd64": "_" + strings.ReplaceAll(host, "/", "_")} {
		if !strings.Contains(commands, old) {
			t.Errorf("the commands lack %q", old)
		}
		commands = strings.ReplaceAll(commands, old, new)
	}
	if err := j.step(t, "install", commands, nil, nil); err != nil || !strings.HasSuffix(j.log, "routellm "+version+" "+host+"\n") {
		t.Errorf("%v\n%s", err, j.log)
	}
	runWorkflow(t, root, forge)
}

// runWorkflow runs the steps of the workflow in docs/gate.md against a reader's own files.
func runWorkflow(t *testing.T, root, forge string) {
	var workflow struct {
		Jobs struct {
			Gate struct {
				Steps []struct {
					Uses, Run string
					With      map[string]string
				}
			}
		}
	}
	if err := yaml.Unmarshal([]byte(block(t, "docs/gate.md", "## In GitHub Actions", "yaml")), &workflow); err != nil {
		t.Fatal(err)
	}
	j := newJob(t, root, version)
	j.env = append(j.env, "GITHUB_SERVER_URL="+forge)
	j.write(t, map[string]string{"outcomes.csv": outcomes, "policy.yaml": "rules: [outcomes.samples == 6, delta.apgr > -0.1]"})
	for _, step := range workflow.Jobs.Gate.Steps {
		var err error
		switch {
		case step.Run != "":
			err = j.step(t, "", step.Run, nil, nil)
		case strings.HasPrefix(step.Uses, "OWNER/NAME@"):
			if step.With["baseline"] != "" {
				old := filepath.Join(j.dir, filepath.Dir(step.With["baseline"]))
				if err := os.CopyFS(old, os.DirFS(filepath.Join(j.dir, filepath.Dir(step.With["results"])))); err != nil {
					t.Fatal(err)
				}
			}
			err = j.use(t, step.With)
		}
		if err != nil {
			t.Fatalf("%+v: %v\n%s", step, err, j.log)
		}
	}
	if j.outputs["gate"]["status"] != "pass" {
		t.Errorf("%v\n%s", j.outputs, j.log)
	}
}

// block returns the first block of a language below a heading of a document.
func block(t *testing.T, document, heading, language string) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "\n"+heading+"\n")
	_, rest, found := strings.Cut(rest, "```"+language+"\n")
	if !ok || !found {
		t.Fatalf("%s has no block of %s below %q", document, language, heading)
	}
	part, _, _ := strings.Cut(rest, "```")
	return part
}
