package cmdutil

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/num"
)

// PriceFlags are the flags that say what the tokens of models cost, for costs that were not
// measured. Commands embed them beside [ColumnFlags].
type PriceFlags struct {
	list    string // path of a list of prices, "" without one
	prices  ModelPrices
	aliases []string // each MODEL=KEY; only of commands without ColumnFlags
	free    []string
	asOf    string
	reprice bool
	tokens  []float64
}

// PricesHeading is the heading of the flags in a command's help.
const PricesHeading = "Prices, for costs that were not measured"

// Add adds the flags to a command. Flags that the command has defined stay as they are: see
// [PricesFlag].
func (o *PriceFlags) Add(c *cobra.Command) {
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.StringVar(&o.list, "prices", "", "`FILE` of prices per token: a table (model, input, output), or the JSON of LiteLLM, models.dev or genai-prices")
	f.Var(&o.prices, "price", "price of a model in USD per million input and output tokens, `MODEL=IN,OUT`; repeatable")
	f.StringArrayVar(&o.aliases, "alias", nil, "name of a model in --prices: `MODEL=KEY`; repeatable")
	f.StringVar(&o.asOf, "as-of", "", "`DATE` at which prices are to hold, for lists that have none, such as 2026-11-28")
	f.StringArrayVar(&o.free, "free", nil, "`MODEL` that costs nothing: its costs or prices may be 0; repeatable")
	f.BoolVar(&o.reprice, "reprice", false, "take prices also where costs were measured")
	f.Var((*Numbers)(&o.tokens), "tokens", "tokens of a prompt and of an answer, `IN,OUT`, for data that does not count them")
	AddFlagGroup(c, PricesHeading, func(group *pflag.FlagSet) {
		f.SortFlags = false
		f.VisitAll(func(x *pflag.Flag) {
			if c.Flags().Lookup(x.Name) == nil {
				group.AddFlag(x)
			}
		})
	})
}

// SetList sets the list of prices, for a command whose own flag names it.
func (o *PriceFlags) SetList(path string) { o.list = path }

// Prices returns the prices by model that flags give, for [PricesFlag].
func (o *PriceFlags) Prices() *ModelPrices { return &o.prices }

// CheckUnused returns an error if flags give prices that the command cannot use, for the reason
// given.
func (o *PriceFlags) CheckUnused(why string) error {
	if o.list != "" || len(o.prices) > 0 {
		return fmt.Errorf("prices per token are given, but %s", why)
	}
	return o.check()
}

// check refuses flags that are out of range or miss others.
func (o *PriceFlags) check() error {
	priced := o.list != "" || len(o.prices) > 0
	switch {
	case o.asOf != "" && !priced:
		return errors.New("--as-of goes with --prices or --price")
	case o.reprice && !priced:
		return errors.New("--reprice goes with --prices or --price, which replace measured costs")
	case o.tokens != nil && !priced:
		return errors.New("--tokens goes with --prices or --price, which are per token")
	case o.tokens != nil && (len(o.tokens) != 2 || !(o.tokens[0] >= 0 && o.tokens[1] >= 0) || !num.Finite(o.tokens[0]+o.tokens[1])):
		return fmt.Errorf("--tokens %s: want two numbers, IN,OUT, neither negative", (*Numbers)(&o.tokens))
	case o.asOf == "":
		return nil
	}
	if err := pricelist.CheckDate(o.asOf); err != nil {
		return fmt.Errorf("--as-of: %w", err)
	}
	return nil
}

// Pricing reads the list of prices and returns where costs come from. Call it before
// [ColumnFlags.Reading]: an --alias whose new name is in the list names a price, and renames no
// model.
func (o *PriceFlags) Pricing(ctx context.Context, columns *ColumnFlags) (p harness.Pricing, err error) {
	if err := o.check(); err != nil {
		return p, err
	}
	p = harness.Pricing{Given: maps.Clone(o.prices), Free: o.free, AsOf: o.asOf, Reprice: o.reprice}
	if o.tokens != nil {
		p.Tokens = &[2]float64{o.tokens[0], o.tokens[1]}
	}
	if o.list == "" {
		return p, nil
	}
	if p.List, err = pricelist.Read(ctx, o.list); err != nil {
		return p, err
	}
	p.Aliases, err = o.keys(p.List, columns)
	return p, err
}

// keys returns the names in the list of models that are called otherwise in the data.
func (o *PriceFlags) keys(list *pricelist.List, columns *ColumnFlags) (map[string]string, error) {
	texts := o.aliases
	if columns != nil {
		texts = append(slices.Clone(texts), columns.takeAliases(list.Has)...)
	}
	keys := map[string]string{}
	for _, text := range texts {
		model, key, ok := strings.Cut(text, "=")
		if !ok || model == "" || key == "" {
			return nil, fmt.Errorf("--alias %q: want MODEL=KEY", text)
		}
		keys[model] = key
	}
	return keys, nil
}

// takeAliases removes the aliases whose new name is one for which is is true, and returns them.
func (o *ColumnFlags) takeAliases(is func(name string) bool) (taken []string) {
	o.aliases = slices.DeleteFunc(o.aliases, func(text string) bool {
		_, name, _ := strings.Cut(text, "=")
		if is(name) {
			taken = append(taken, text)
		}
		return is(name)
	})
	return taken
}

// ModelPrices is the value of a flag with the prices of models, each MODEL=IN,OUT.
type ModelPrices map[string]pricelist.Price

// String returns the prices as a user would write them.
func (m *ModelPrices) String() string {
	var texts []string
	for _, model := range slices.Sorted(maps.Keys(*m)) {
		p := (*m)[model]
		numbers := Numbers{p.Input, p.Output}
		texts = append(texts, model+"="+numbers.String())
	}
	return strings.Join(texts, " ")
}

// Set adds the price of a model.
func (m *ModelPrices) Set(text string) error {
	model, rest, ok := cutLast(text, "=")
	var numbers Numbers
	if !ok || model == "" || numbers.Set(rest) != nil || len(numbers) != 2 {
		return fmt.Errorf("%q: want MODEL=IN,OUT, USD per million input and output tokens", text)
	}
	for _, v := range numbers {
		if !(v >= 0) || !num.Finite(v) {
			return fmt.Errorf("%q: found %v, expected a price of 0 or more", text, v)
		}
	}
	if _, again := (*m)[model]; again {
		return fmt.Errorf("%q: the model %q has a price already", text, model)
	}
	if *m == nil {
		*m = ModelPrices{}
	}
	(*m)[model] = pricelist.PerMillion(numbers[0], numbers[1])
	return nil
}

// Type returns the name of the value in help.
func (*ModelPrices) Type() string { return "price" }
