package importers

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
)

// helmUsual matches the statistics that are no metrics of quality.
var helmUsual = regexp.MustCompile(`^(num_|inference_|training_|finish_reason_|max_prob|logprob|predicted_index|batch_size|perplexity|log_|bits_per_byte|prompt_tokens)`)

// choose chooses metric and split by the first instances.
func (h *helmRun) choose() error {
	var names, splits []string
	err := h.in.each(h.stats, func(r record) error {
		if r.row > 1000 {
			return errEnough
		}
		for _, s := range r.Get("stats").Array() {
			name, split := strings.Clone(s.Get("name.name").Str), strings.Clone(s.Get("name.split").Str)
			if helmUsual.MatchString(name) && !slices.Contains(strings.Split(h.in.Metric, ","), name) {
				continue
			}
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
			if !slices.Contains(splits, split) {
				splits = append(splits, split)
			}
		}
		return nil
	})
	if err != nil && err != errEnough {
		return err
	}
	if h.metric, err = chooseFor(h.in, h.stats.path, h.name, "metric", h.in.Metric, names); err != nil {
		return err
	}
	h.split, err = choose(h.stats.path, "split", "split", h.in.Split, splits)
	return err
}

func (h *helmRun) visit(r record) error {
	if other := helmOther(r, "perturbation"); other != "" {
		h.in.leave(1, other)
		return nil
	}
	id, err := r.need("instance_id", "the id of the instance")
	if err != nil {
		return err
	}
	i := h.instances[id]
	if i == nil {
		i = &helmInstance{latency: math.NaN()}
	}
	i.graded = true
	g, ours, err := h.graded(r)
	if err != nil || !ours {
		return err
	}
	return h.add(g, id, i)
}

// graded returns the numbers of an instance; ours is false if it is of another split.
func (h *helmRun) graded(r record) (g datasets.Graded, ours bool, err error) {
	g = r.graded()
	found, other := false, false
	for k, s := range r.Get("stats").Array() {
		stat := r
		stat.Result = s
		to := h.stat(&g, s.Get("name.name").Str)
		if to == nil || s.Get("name.perturbation").IsObject() || s.Get("count").Exists() && s.Get("count").Num == 0 {
			continue
		}
		value, err := stat.number("mean")
		if err != nil {
			return g, false, r.err("stats.%d: %w", k, err)
		}
		if to == &g.Quality && s.Get("name.split").Str != h.split {
			other = true
			continue
		}
		*to = value
		found = found || to == &g.Quality
	}
	if other && !found {
		h.in.leave(1, "other-split instance")
		return g, false, nil
	}
	return g, true, nil
}

// stat returns where a statistic belongs, nil if nowhere.
func (h *helmRun) stat(g *datasets.Graded, name string) *float64 {
	switch name {
	case h.metric:
		return &g.Quality
	case "num_prompt_tokens":
		return &g.InputTokens
	case "num_completion_tokens", "num_output_tokens":
		return &g.OutputTokens
	}
	return nil
}

func (h *helmRun) add(g datasets.Graded, id string, i *helmInstance) error {
	g.ID, g.Task, g.Model, g.Prompt, g.LatencyS = id, h.name, h.model, i.prompt, i.latency
	if h.name != "" {
		g.ID = h.name + "/" + id
	}
	if i.failed != "" {
		g.Failed, g.Quality = i.failed, datasets.NewGraded().Quality
	}
	return h.out.Answers.Add(g)
}
