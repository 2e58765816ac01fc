package importers

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/text"
)

// lmEvalRun is a file of samples with what its rows do not say.
type lmEvalRun struct {
	file        *file
	task, model string
}

// lmEvalRuns finds the task and the model of each file of samples.
func lmEvalRuns(in *input) (runs []run[lmEvalRun], err error) {
	models, err := lmEvalModels(in)
	if err != nil {
		return nil, err
	}
	var guessed []string
	for _, f := range in.of("samples") {
		task, stamp := filepath.Base(f.path), ""
		if m := lmEvalSamples.FindStringSubmatch(task); m != nil {
			task, stamp = m[1], m[2]
		}
		dir := filepath.Dir(f.path)
		model := in.Model
		for _, key := range []string{dir + "\x00" + stamp, dir} {
			if model == "" {
				model = models[key]
			}
		}
		if model == "" {
			if task, model, err = lmEvalGuess(in, f, task); err != nil {
				return nil, err
			}
			guessed = append(guessed, fmt.Sprintf("%s in %s", model, f.path))
		}
		runs = append(runs, run[lmEvalRun]{group: task + "\x00" + model, stamp: stamp, path: f.path, value: lmEvalRun{f, task, model}})
	}
	if len(guessed) > 0 {
		in.Notef("without results_*.json, models are named like the folder or the file: %s; --model NAME sets the name", text.Sample(guessed))
	}
	return runs, nil
}

// lmEvalModels returns the models of the results that are given or lie beside the samples, by
// folder and time, and by folder where it has only one.
func lmEvalModels(in *input) (map[string]string, error) {
	if err := in.addBeside("samples", "results_*.json"); err != nil {
		return nil, err
	}
	models := map[string]string{}
	for _, f := range in.of("results") {
		doc, err := in.arrays(f, nil)
		if err != nil {
			return nil, err
		}
		model := lmEvalModel(doc)
		dir, stamp := filepath.Dir(f.path), ""
		if m := lmEvalResults.FindStringSubmatch(filepath.Base(f.path)); m != nil {
			stamp = m[1]
		}
		models[dir+"\x00"+stamp] = model
		if old, ok := models[dir]; ok && old != model {
			model = ""
		}
		models[dir] = model
	}
	return models, nil
}

// lmEvalModel returns the model in a file of results; in older ones only the arguments have it, as
// "pretrained=org/name,...".
func lmEvalModel(doc record) string {
	if name := doc.text("model_name"); name != "" {
		return name
	}
	args := doc.Get("config.model_args")
	for _, key := range []string{"pretrained", "model"} {
		if name := args.Get(key).Str; args.IsObject() && name != "" {
			return name
		}
		for _, arg := range strings.Split(args.Str, ",") {
			if name, ok := strings.CutPrefix(arg, key+"="); ok {
				return name
			}
		}
	}
	return ""
}

// lmEvalGuess names the model of samples without results: by the part of the file's name in which
// it differs from another file of the same documents, else by the folder, whose "__" stands for "/".
func lmEvalGuess(in *input, f *file, name string) (task, model string, err error) {
	hash, err := lmEvalFirstHash(in, f)
	if err != nil {
		return "", "", err
	}
	for _, other := range in.of("samples") {
		m := lmEvalSamples.FindStringSubmatch(filepath.Base(other.path))
		if m == nil || m[1] == name || filepath.Dir(other.path) != filepath.Dir(f.path) {
			continue
		}
		h, err := lmEvalFirstHash(in, other)
		if err != nil {
			return "", "", err
		}
		common := commonParts(name, m[1])
		if rest := strings.TrimPrefix(name, common+"_"); h == hash && common != "" && rest != name {
			return common, unsanitised(rest), nil
		}
	}
	dir, err := filepath.Abs(filepath.Dir(f.path))
	return name, unsanitised(filepath.Base(dir)), err
}

func unsanitised(name string) string { return strings.ReplaceAll(name, "__", "/") }

// lmEvalFirstHash returns what tells the first document of a file from others.
func lmEvalFirstHash(in *input, f *file) (hash string, err error) {
	err = in.each(f, func(r record) error {
		if hash = r.text("doc_hash"); hash == "" {
			hash = r.Get("doc").Raw
		}
		// Two tasks may ask the same questions, but they ask in other words or grade otherwise.
		hash += "\x00" + r.Get("arguments").Raw + "\x00" + r.Get("metrics").Raw
		return errEnough
	})
	if err == errEnough {
		err = nil
	}
	return hash, err
}

// commonParts returns the parts between underscores with which both names begin.
func commonParts(a, b string) string {
	x, y := strings.Split(a, "_"), strings.Split(b, "_")
	n := 0
	for n < min(len(x), len(y)) && x[n] == y[n] {
		n++
	}
	return strings.Join(slices.Clip(x[:n]), "_")
}
