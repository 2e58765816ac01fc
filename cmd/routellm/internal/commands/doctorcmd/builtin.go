package doctorcmd

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// trained lists the built-in routers that have weights.
var trained = []string{"mf", "sw_ranking", "knn", "subject"}

// builtin checks the data and the models in the program, and which prompts were pulled.
func (e *examination) builtin(ctx context.Context) {
	rows, err := readBuiltin(ctx)
	e.addError("data", fmt.Sprintf("built in: %s (%s)", strings.Join(benchmarks.AllNames(), ", "), rows), err)
	digests, err := digestsOf(trained)
	e.addError("models", "built in: "+digests, err)
	var pulled, missing []string
	for _, name := range benchmarks.Names() {
		if harness.HasText(name) {
			pulled = append(pulled, name)
		} else {
			missing = append(missing, name)
		}
	}
	switch {
	case len(missing) == 0:
		e.add("prompts", results.OK, "pulled: "+strings.Join(pulled, ", "), "")
	default:
		e.add("prompts", results.Note, "not pulled: "+strings.Join(missing, ", "), "only routers that read a benchmark's text need them: routellm datasets pull "+missing[0])
	}
}

// readBuiltin reads the qualities of all built-in data sets, and counts the rows.
func readBuiltin(ctx context.Context) (string, error) {
	rows := 0
	for _, name := range benchmarks.AllNames() {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		data, _ := benchmarks.Data(name)
		f, err := datasets.OpenBytes(name, data)
		if err != nil {
			return "", err
		}
		t, err := f.Read(datasets.Select{AllModels: true})
		if err != nil {
			return "", err
		}
		rows += t.Rows()
	}
	return text.Plural(rows, "row"), nil
}

// digestsOf opens routers and returns the first digits of their weights' digests.
func digestsOf(names []string) (string, error) {
	routers, err := harness.Open(names, harness.RouterOptions{})
	if err != nil {
		return "", err
	}
	var out []string
	for _, r := range routers {
		id, err := harness.IdentityOf(r)
		if err != nil {
			return "", err
		}
		out = append(out, fmt.Sprintf("%s %.8s", r.Spec.Label, id.SHA256))
	}
	return strings.Join(out, ", "), nil
}

// optional says which optional parts this build and this machine have.
func (e *examination) optional() {
	if e.python {
		e.programs()
	}
	live := "not in this build: bert has embedded scores of the benchmarks only"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-tags" && strings.Contains(s.Value, "onnx") {
				live = "in this build: bert:DIR scores any prompts"
			}
		}
	}
	e.add("ONNX", results.Note, live, "")
}
