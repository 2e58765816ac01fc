package importers

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets"
)

func helm() Tool {
	return Tool{
		Name:    "helm",
		Title:   "HELM",
		Files:   "run folders with per_instance_stats.json, scenario_state.json and run_spec.json",
		Reads:   "a metric on a split, the input, tokens and the time of the request",
		Leaves:  "completions, aggregates, perturbed instances, train trials after the first; costs, which it does not record",
		Example: "routellm datasets import helm benchmark_output/runs/v1/ --metric exact_match --split test --out mine.parquet",
		Uses:    []string{"metric", "split", "text", "errors"},
		Gives:   Answers,
		kinds: []kind{
			{name: "stats", match: func(p *peek) bool { return p.isArray() && p.has("instance_id", "stats") }},
			{name: "state", match: func(p *peek) bool { return p.is("{") && p.has("adapter_spec", "request_states") }},
			{name: "spec", companion: true, match: func(p *peek) bool { return p.is("{") && p.has("name", "adapter_spec") }},
		},
		read: readHELM,
	}
}

func readHELM(in *input, out *Output) error {
	if err := in.addBeside("stats", "scenario_state*.json"); err != nil {
		return err
	}
	if err := in.addBeside("stats", "run_spec*.json"); err != nil {
		return err
	}
	if err := in.needs("stats"); err != nil {
		return err
	}
	for _, f := range in.of("stats") {
		h := helmRun{in: in, out: out, stats: f, instances: map[string]*helmInstance{}}
		if err := h.read(); err != nil {
			return err
		}
	}
	return nil
}

// helmRun is a run: the files of a folder whose names differ only in their beginning.
type helmRun struct {
	in    *input
	out   *Output
	stats *file

	name, model string // name of the run, without the model
	instances   map[string]*helmInstance
	ids         []string // ids of instances, in the order of the file
	metric      string
	split       string
}

// helmInstance holds what the state of a run says of an instance.
type helmInstance struct {
	prompt, failed string
	latency        float64
	graded         bool
}

func (h *helmRun) read() error {
	if err := h.readSpec(); err != nil {
		return err
	}
	if err := h.readState(); err != nil {
		return err
	}
	if h.model == "" {
		return fmt.Errorf("%q: found no model, expected run_spec.json with adapter_spec.model beside it", h.stats.path)
	}
	if err := h.choose(); err != nil {
		return err
	}
	if err := h.in.each(h.stats, h.visit); err != nil {
		return err
	}
	for _, id := range h.ids {
		i := h.instances[id]
		if i.graded {
			continue
		}
		g := datasets.NewGraded()
		g.File, g.Failed = h.stats.path, "no "+h.metric
		if err := h.add(g, id, i); err != nil {
			return err
		}
	}
	return nil
}

// beside returns the run's file of another kind: in the same folder, with the same end of its name.
func (h *helmRun) beside(kind, name string) *file {
	suffix := strings.TrimPrefix(filepath.Base(h.stats.path), "per_instance_stats")
	for _, f := range h.in.of(kind) {
		if filepath.Dir(f.path) == filepath.Dir(h.stats.path) && filepath.Base(f.path) == name+suffix {
			return f
		}
	}
	return nil
}

var helmModel = regexp.MustCompile(`[:,]model(?:_deployment)?=([^,]*)`)

// readSpec finds the run's name and model: in its specification, or in the folder's name.
func (h *helmRun) readSpec() error {
	dir, err := filepath.Abs(filepath.Dir(h.stats.path))
	if err != nil {
		return err
	}
	if name := filepath.Base(dir); helmModel.MatchString(name) {
		h.name, h.model = name, helmModel.FindStringSubmatch(name)[1]
	}
	if f := h.beside("spec", "run_spec"); f != nil {
		spec, err := h.in.arrays(f, nil)
		if err != nil {
			return err
		}
		if name := spec.text("name"); name != "" {
			h.name = name
		}
		if model := spec.text("adapter_spec.model"); model != "" {
			h.model = model
		}
	}
	h.name = helmModel.ReplaceAllString(h.name, "")
	if !strings.Contains(h.name, ":") {
		h.name = strings.Replace(h.name, ",", ":", 1) // the model was the first argument
	}
	return nil
}

// readState reads inputs and times of the requests.
func (h *helmRun) readState() error {
	f := h.beside("state", "scenario_state")
	if f == nil {
		h.in.Notef("%s: no scenario_state.json beside it, so there are no prompts", h.stats.path)
		return nil
	}
	rest, err := h.in.arrays(f, map[string]visitor{"request_states": h.state})
	if model := rest.text("adapter_spec.model"); model != "" && h.model == "" {
		h.model = model
	}
	return err
}

// state reads a request. Of several for an instance, such as one per choice, the first counts.
func (h *helmRun) state(r record) error {
	id := r.text("instance.id")
	if helmOther(r, "instance.perturbation") != "" || h.instances[id] != nil {
		return nil
	}
	if h.model == "" {
		h.model = r.text("request.model")
	}
	i := &helmInstance{}
	path := "instance.input.text"
	for _, other := range []string{"instance.input", "request.prompt"} {
		if r.text(path) == "" {
			path = other
		}
	}
	var err error
	if i.prompt, err = r.prompt(path, h.in.Text); err != nil {
		return err
	}
	if i.latency, err = r.number("result.request_time"); err != nil {
		return err
	}
	if ok := r.Get("result.success"); ok.Type == gjson.False {
		i.failed = "error"
	}
	h.instances[id], h.ids = i, append(h.ids, id)
	return nil
}

// helmOther says why an instance does not count: it is a perturbed copy, or of another train trial.
func helmOther(r record, perturbation string) string {
	switch {
	case r.Get(perturbation).IsObject():
		return "perturbed instance"
	case r.Get("train_trial_index").Int() != 0:
		return "further-trial instance"
	}
	return ""
}
