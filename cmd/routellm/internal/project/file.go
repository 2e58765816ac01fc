// Package project reads routellm.yaml, the settings of a project: its data, models, routers and
// prices, and settings of single commands. It reads no other file and knows no flag.
//
// Call [Find] for the file to read and [Parse] for its settings.
package project

import "go.yaml.in/yaml/v3"

// Name is the name of the file in the working folder.
const Name = "routellm.yaml"

// File holds the settings of a routellm.yaml. Every key may be absent. Paths are as in the file, in
// which they are relative to its folder.
type File struct {
	// Data lists data sets: files, folders, patterns such as 'part-*.csv', or built-in benchmarks.
	Data Texts `yaml:"data"`
	// Columns says what the columns of Data mean. A key is a flag of 'routellm help columns' with _
	// in place of -.
	Columns Section `yaml:"columns"`
	// Pair names the strong and the weak model. It excludes Models.
	Pair Pair `yaml:"pair"`
	// Models lists the models of a router among several, or is "all".
	Models Texts `yaml:"models"`
	// Routers lists the routers to evaluate and to compare, as in --router.
	Routers Texts `yaml:"routers"`
	// Prices says what the models' tokens cost.
	Prices Prices `yaml:"prices"`
	// Tokens is the number of tokens of a prompt and of an answer, for data that does not count them.
	Tokens Numbers `yaml:"tokens"`
	// Seed is the seed of everything that is drawn.
	Seed Text `yaml:"seed"`
	// Confidence is the confidence of intervals and guarantees: a fraction such as 0.95 or 95%.
	Confidence Text `yaml:"confidence"`
	// Resamples is the number of bootstrap resamples.
	Resamples Text `yaml:"resamples"`

	// The sections hold the settings of single commands. A key is a flag of the command with _ in
	// place of -. It takes precedence over the keys above.
	Eval      Section `yaml:"eval"`
	Compare   Section `yaml:"compare"`
	Calibrate Section `yaml:"calibrate"`
	Gate      Section `yaml:"gate"`
	Report    Section `yaml:"report"`

	// Serve holds the settings of serve, or the path of its own file.
	Serve Serve `yaml:"serve"`
}

// Section returns the settings of a command, nil if the file has none.
func (f *File) Section(command string) Section {
	switch command {
	case "eval":
		return f.Eval
	case "compare":
		return f.Compare
	case "calibrate":
		return f.Calibrate
	case "gate":
		return f.Gate
	case "report":
		return f.Report
	}
	return nil
}

// Commands lists the commands that have a section of settings.
func Commands() []string { return []string{"eval", "compare", "calibrate", "gate", "report"} }

// Text is a single value.
type Text struct {
	Value string // "" if the key is absent
	Line  int
}

// Texts is a value or a list of values.
type Texts struct {
	Values []string // nil if the key is absent
	Line   int
}

// Numbers is a list of numbers of 0 or more.
type Numbers struct {
	Values []float64 // nil if the key is absent
	Line   int
}

// Pair is a mapping of strong and weak, a list of two models, or STRONG,WEAK.
type Pair struct {
	Strong string `yaml:"strong"` // "" if the key is absent
	Weak   string `yaml:"weak"`
	Line   int    `yaml:"-"`
}

// Prices is the path of a list of prices, or a mapping of models to their prices: a list of two
// numbers, USD per million input and output tokens.
type Prices struct {
	File   string // "" if the models are listed, or the key is absent
	Models []ModelPrice
	Line   int
}

// ModelPrice is the price of one model, in USD per million tokens.
type ModelPrice struct {
	Model         string
	Input, Output float64
}

// Section is a mapping of settings, in the file's order.
type Section []Setting

// Setting is one key of a section: a value, or a list of values.
type Setting struct {
	Key    string
	Line   int
	Values []string
}

// Serve is the path of a file, or a mapping of settings as in such a file.
type Serve struct {
	File     string     // "" if the settings are here, or the key is absent
	Settings *yaml.Node // nil if a file is named, or the key is absent
	Line     int
}

// Each calls change for every value of the settings, and sets it to what change returns.
func (s Serve) Each(change func(key, value string) string) {
	if s.Settings == nil {
		return
	}
	for i := 0; i+1 < len(s.Settings.Content); i += 2 {
		key, value := s.Settings.Content[i], s.Settings.Content[i+1]
		for _, n := range append([]*yaml.Node{value}, value.Content...) {
			if n.Kind == yaml.ScalarNode {
				n.Value = change(key.Value, n.Value)
			}
		}
	}
}
