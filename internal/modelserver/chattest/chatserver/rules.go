package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/routellm/routellm/internal/modelserver/chattest"
)

// Rules is the file of rules.
type Rules struct {
	Key         string                    `json:"key"`         // Key is the key that requests must have
	Models      map[string]Model          `json:"models"`      // Models by name; "" answers for all others
	Prices      map[string]chattest.Price `json:"prices"`      // Prices in USD per million tokens by model: input, cached, output
	ReportCost  bool                      `json:"report_cost"` // ReportCost sends the cost of each answer to the client
	Faults      []Fault                   `json:"faults"`
	Unsupported map[string][]string       `json:"unsupported"` // Unsupported lists parameters that a model refuses
}

// Model answers by its rules, from a file, or the same each time. The first that has an answer counts.
type Model struct {
	Rules []Rule `json:"rules"`
	// Answers is a file of JSON Lines with prompt, answer and perhaps task, beside the file of rules.
	// A prompt of the file counts if it is the message or is contained in it.
	Answers    string             `json:"answers"`
	ErrorRate  float64            `json:"error_rate"`  // ErrorRate is the share of prompts that are answered wrongly
	ErrorRates map[string]float64 `json:"error_rates"` // ErrorRates are the shares by task
	Template   string             `json:"template"`    // Template is the text of an answer, with {answer} in it
	Wrong      string             `json:"wrong"`       // Wrong is the wrong answer; "" makes one from the right one
	Say        string             `json:"say"`
	DelayMS    int                `json:"delay_ms"`
}

// Rule says a text if an expression matches what the model reads. $1 stands for the first group.
type Rule struct {
	Match string `json:"match"`
	Say   string `json:"say"`
}

// Fault is a failure of some requests: every n-th, the first n attempts of each question, or a
// share of all.
type Fault struct {
	Kind       string  `json:"kind"` // 429, 500 or another status; hang, drop, cut, half, html, inside, slow
	Every      int     `json:"every"`
	First      int     `json:"first"`
	Rate       float64 `json:"rate"`
	RetryAfter int     `json:"retry_after"` // RetryAfter is in seconds
	DelayMS    int     `json:"delay_ms"`    // DelayMS is that of slow
}

// read reads a file of rules.
func read(path string) (chattest.Options, error) {
	var rules Rules
	text, err := os.ReadFile(path)
	if err != nil {
		return chattest.Options{}, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&rules); err != nil {
		return chattest.Options{}, fmt.Errorf("%s: %w", path, err)
	}
	o := chattest.Options{Key: rules.Key, Prices: rules.Prices, Report: rules.ReportCost, Unsupported: rules.Unsupported, Models: map[string]chattest.Model{}}
	for name, m := range rules.Models {
		if o.Models[name], err = m.build(filepath.Dir(path)); err != nil {
			return o, fmt.Errorf("%s: model %q: %w", path, name, err)
		}
	}
	var faults []func(chattest.Request) *chattest.Fault
	for _, f := range rules.Faults {
		build, err := f.build()
		if err != nil {
			return o, fmt.Errorf("%s: %w", path, err)
		}
		faults = append(faults, build)
	}
	o.Fault = chattest.AnyOf(faults...)
	return o, nil
}

// build returns the model.
func (m Model) build(folder string) (chattest.Model, error) {
	var expressions []*regexp.Regexp
	for _, r := range m.Rules {
		e, err := regexp.Compile(r.Match)
		if err != nil {
			return nil, err
		}
		expressions = append(expressions, e)
	}
	known := &answers{}
	if m.Answers != "" {
		var err error
		if known, err = readAnswers(filepath.Join(folder, m.Answers)); err != nil {
			return nil, err
		}
	}
	delay := time.Duration(m.DelayMS) * time.Millisecond
	return func(r chattest.Request) chattest.Answer {
		text := r.Text()
		for i, e := range expressions {
			if at := e.FindStringSubmatchIndex(text); at != nil {
				return chattest.Answer{Text: string(e.ExpandString(nil, m.Rules[i].Say, text, at)), Delay: delay}
			}
		}
		if row, ok := known.find(r.Prompt()); ok {
			return chattest.Answer{Text: m.answer(r, row), Delay: delay}
		}
		return chattest.Answer{Text: m.Say, Delay: delay}
	}, nil
}

// build returns when the fault happens.
func (f Fault) build() (func(chattest.Request) *chattest.Fault, error) {
	fault := map[string]*chattest.Fault{
		"hang": chattest.Hangs(), "drop": chattest.Drops(), "cut": chattest.Cut(), "half": chattest.HalfJSON(), "html": chattest.HTML(),
		"inside": chattest.ErrorInside(503), "slow": chattest.Slow(time.Duration(f.DelayMS) * time.Millisecond), "429": chattest.TooMany(f.RetryAfter),
	}[f.Kind]
	status := 0
	if _, err := fmt.Sscanf(f.Kind, "%d", &status); fault == nil && err == nil && status >= 400 && status <= 999 {
		fault = chattest.Fails(status)
	}
	switch {
	case fault == nil:
		return nil, fmt.Errorf("fault %q: expected a status, hang, drop, cut, half, html, inside or slow", f.Kind)
	case f.Every > 0:
		return chattest.Each(f.Every, fault), nil
	case f.First > 0:
		return chattest.First(f.First, fault), nil
	case f.Rate > 0:
		return chattest.AtRate(f.Rate, fault), nil
	}
	return nil, fmt.Errorf("fault %q: expected every, first or rate", f.Kind)
}
