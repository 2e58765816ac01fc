package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWorkflows checks action.yml, our workflows and those that readers copy from the documents:
// against GitHub's schemas, and with actionlint, which also knows expressions and the shell.
func TestWorkflows(t *testing.T) {
	if os.Getenv("ROUTELLM_DIST") != "1" {
		t.Skip("skipped: needs Python packages, ROUTELLM_DIST=1 or make test-dist runs it")
	}
	python := pythonWith(t, "check_jsonschema")
	t.Chdir("../..")
	workflows, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil || len(workflows) < 4 {
		t.Fatalf("%d workflows: %v", len(workflows), err)
	}
	workflows = append(workflows, copied(t, "docs/gate.md")...)
	lint := append([]string{"tool", "-modfile=scripts/tools/go.mod", "actionlint", "-shellcheck=", "-pyflakes="}, workflows...)
	if out, err := exec.Command("go", lint...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if python == "" {
		t.Skip("skipped: no check-jsonschema")
	}
	for schema, files := range map[string][]string{"vendor.github-workflows": workflows, "vendor.github-actions": {"action.yml"}} {
		args := append([]string{"-m", "check_jsonschema", "--builtin-schema", schema}, files...)
		if out, err := exec.Command(python, args...).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// copied writes the workflows of a document to files and returns their names.
func copied(t *testing.T, document string) (names []string) {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for i, part := range strings.Split(string(text), "```yaml\n")[1:] {
		block, _, _ := strings.Cut(part, "```")
		if !strings.Contains(block, "jobs:") {
			continue
		}
		name := filepath.Join(dir, strings.ReplaceAll(document, "/", "-")+string(rune('0'+i))+".yml")
		if err := os.WriteFile(name, []byte(block), 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		t.Fatalf("%s has no workflow", document)
	}
	return names
}
