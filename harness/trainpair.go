package harness

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// goldRows is a data set and the number of its rows to train on.
type goldRows struct {
	name string
	n    int
}

// gold parses the items of Gold.
func (o TrainOptions) gold() ([]goldRows, error) {
	var out []goldRows
	for _, item := range o.Gold {
		colon := strings.LastIndexByte(item, ':') // a path may have one of its own
		n, err := strconv.Atoi(item[colon+1:])
		if colon < 1 || err != nil || n < 1 {
			return nil, fmt.Errorf("gold rows %q: expected NAME:COUNT, such as mmlu:1500", item)
		}
		out = append(out, goldRows{item[:colon], n})
	}
	return out, nil
}

// choosePair returns the models to train for: the given ones, or else those that the data sets
// name as their default pair. Only if all data sets are built in does it return the pair
// of the built-in benchmarks for data sets that name none.
func (t *gathering) choosePair(ctx context.Context, gold []goldRows) (pair results.Pair, err error) {
	o := t.options
	if o.Pair != (results.Pair{}) {
		return o.Pair, nil
	}
	names := append([]string{}, o.Data...)
	for _, g := range gold {
		names = append(names, g.name)
	}
	from, nameless := "", "" // the data set that names the pair, and one of the user's that names none
	for _, name := range names {
		own, err := t.ownPair(ctx, name)
		switch {
		case err != nil:
			return pair, err
		case own == (results.Pair{}):
			if _, builtin := benchmarks.Data(name); !builtin && nameless == "" {
				nameless = name
			}
		case from == "":
			pair, from = own, name
		case own != pair:
			return pair, hint.With(fmt.Errorf("%q and %q have different default pairs of models", from, name),
				fmt.Sprintf("name one: --pair %s or --pair %s", joined(pair), joined(own)))
		}
	}
	switch {
	case from != "":
		return pair, nil
	case nameless != "":
		return t.pairOf(ctx, nameless)
	}
	pair, err = defaultPair()
	return pair, fault.Wrap(err)
}

func joined(p results.Pair) string { return p.Strong + "," + p.Weak }

// ownPair returns the default pair that a data set names; the zero value if it names none.
func (t *gathering) ownPair(ctx context.Context, name string) (results.Pair, error) {
	f, _, err := t.in.open(ctx, name)
	if err != nil {
		return results.Pair{}, err
	}
	defer f.Close()
	if m := f.Meta(); m.Strong != "" && m.Weak != "" {
		return results.Pair{Strong: m.Strong, Weak: m.Weak}, nil
	}
	return results.Pair{}, nil
}

// pairOf returns the pair of a data set that names none, or the error about it.
func (t *gathering) pairOf(ctx context.Context, name string) (results.Pair, error) {
	f, _, err := t.in.open(ctx, name)
	if err != nil {
		return results.Pair{}, err
	}
	defer f.Close()
	return t.in.choosePair(f, results.Pair{})
}

// modelsOf lists the models that have a quality in the table.
func modelsOf(t *datasets.Table) []string {
	var names []string
	for _, c := range t.Quality {
		names = append(names, c.Name)
	}
	return names
}
