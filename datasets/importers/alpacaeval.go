package importers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// alpacaEval reads the annotations of AlpacaEval: a judge's preference between a model's answer
// and that of a reference model, to one instruction each.
func alpacaEval() Tool {
	return Tool{
		Name: "alpaca-eval", Title: "AlpacaEval", Gives: Answers, Uses: []string{"scorer", "errors", "skip-bad"}, bounds: [2]float64{0, 1},
		unit:    "preference over the reference 0-1",
		Files:   "annotations.json, in a folder per model and annotator",
		Reads:   "preference - 1 as quality, from 0 (the reference is better) to 1; the number of the instruction as id, dataset as task",
		Leaves:  "answers, and the judge's price and time; the reference model, whose quality is 0.5 by definition",
		Example: "routellm datasets import alpaca-eval results/ --out alpaca.parquet",
		kinds:   []kind{{name: "annotations", match: func(p *peek) bool { return p.table("instruction", "generator_1", "generator_2", "preference") }}},
		read:    readAlpacaEval,
	}
}

var alpacaColumns = []string{"instruction", "generator_1", "generator_2", "preference", "dataset", "annotator"}

func readAlpacaEval(in *input, out *Output) error {
	annotator, err := in.annotator()
	if err != nil {
		return err
	}
	a := alpaca{in: in, out: out, annotator: annotator, numbers: map[instruction]int{}, references: map[string]bool{}}
	for _, f := range in.of("annotations") {
		a.seen = map[instruction]int{}
		if err := in.scan(f, alpacaColumns, a.row); err != nil {
			return err
		}
	}
	switch names := slices.Sorted(maps.Keys(a.references)); {
	case len(names) > 1:
		return fmt.Errorf("found annotations against several reference models, %s, expected one: their preferences are not comparable", strings.Join(names, ", "))
	case len(names) == 1:
		in.Notef("quality is the preference over the reference %s, which has 0.5 by definition", names[0])
	}
	return nil
}

// annotator returns the one whose preferences count. A folder of results may hold those of
// several.
func (in *input) annotator() (string, error) {
	names := map[string]bool{}
	for _, f := range in.of("annotations") {
		err := in.scan(f, []string{"annotator"}, func(r tableRow) error {
			names[r.text("annotator")] = true
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	return choose(in.files[0].path, "annotator", "scorer", in.Scorer, slices.Sorted(maps.Keys(names)))
}

// instruction is one of the instructions of a file. A file may repeat a text.
type instruction struct {
	text string
	nth  int // number from 0 among the instructions with the same text
}

type alpaca struct {
	in         *input
	out        *Output
	annotator  string
	numbers    map[instruction]int // numbers from 0, in the order of the sorted files and their rows
	seen       map[instruction]int // times that a text was seen in the file for a model
	references map[string]bool
}

func (a *alpaca) row(r tableRow) error {
	if r.text("annotator") != a.annotator {
		a.in.leave(1, "other annotator's preference")
		return nil
	}
	g := r.graded()
	g.Prompt, g.Model, g.Task = r.text("instruction"), r.text("generator_2"), r.text("dataset")
	if strings.TrimSpace(g.Prompt) == "" || g.Model == "" {
		return a.in.skip(r.bad("instruction", g.Prompt, "an instruction and the name of a model"))
	}
	at := instruction{text: g.Model + "\x00" + g.Prompt}
	key := instruction{g.Prompt, a.seen[at]}
	a.seen[at]++
	if _, ok := a.numbers[key]; !ok {
		a.numbers[key] = len(a.numbers)
	}
	g.ID = fmt.Sprintf("%04d", a.numbers[key])
	preference, err := r.number("preference")
	switch {
	case err != nil:
		return a.in.skip(err)
	case preference == 0: // a draw in older versions
		g.Quality = 0.5
	case preference != preference:
		g.Failed = "error"
	case preference < 1 || preference > 2:
		return a.in.skip(r.bad("preference", fmt.Sprint(preference), "a number from 1 to 2"))
	default:
		g.Quality = preference - 1
	}
	a.references[r.text("generator_1")] = true
	return a.out.Answers.Add(g)
}
