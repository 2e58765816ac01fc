package harness

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// Pricing says where the costs of models come from. The zero value takes measured costs alone.
type Pricing struct {
	// List has prices by name; nil without a list.
	List *pricelist.List
	// Given has prices by model, which count before those of the list.
	Given map[string]pricelist.Price
	// Aliases has the names in the list of models that are called otherwise in the data.
	Aliases map[string]string
	// Free names the models whose tokens may cost nothing. One without a measured cost costs 0.
	Free []string
	// AsOf is the day or month at which prices are to hold, "" for what the list says.
	AsOf string
	// Reprice takes prices also where a cost was measured.
	Reprice bool
	// Tokens are the tokens of a prompt and of an answer, for data without counts; nil if not given.
	Tokens *[2]float64
}

// Sources of costs in results.PriceUsed.
const (
	costMeasured = "measured"
	costGiven    = "given"
	costFree     = "free"
)

// priced reports whether prices may be used at all.
func (p Pricing) priced() bool { return p.List != nil || len(p.Given) > 0 }

// names returns the models that prices, aliases and declarations are for, sorted.
func (p Pricing) names() []string {
	all := append(slices.Collect(maps.Keys(p.Given)), p.Free...)
	all = slices.AppendSeq(all, maps.Keys(p.Aliases))
	slices.Sort(all)
	return slices.Compact(all)
}

// free reports whether a model was declared free.
func (p Pricing) free(model string) bool { return slices.Contains(p.Free, model) }

// hidden returns the warning of a command that shows costs but needs none, if costsOf fails. The
// error stays one if a cost is impossible, or if prices were given to compute costs from.
func (p Pricing) hidden(err error) (warning string, _ error) {
	if p.priced() || errors.As(err, new(impossible)) {
		return "", err
	}
	return "costs are not shown: " + err.Error(), nil
}

// price returns the price of a model's tokens.
func (p Pricing) price(model string) (pricelist.Price, results.PriceUsed, error) {
	if given, ok := p.Given[model]; ok {
		given.Key, given.AsOf = model, p.AsOf
		return given, usedPrice(model, costGiven, given), p.checkFree(model, given)
	}
	if p.List == nil {
		return pricelist.Price{}, results.PriceUsed{}, p.noPrice(model)
	}
	key := model
	if alias, ok := p.Aliases[model]; ok {
		key = alias
	}
	found, err := p.List.Find(key, p.AsOf)
	if err != nil {
		return found, results.PriceUsed{}, err
	}
	used := usedPrice(model, p.List.Path, found)
	used.SHA256 = p.List.SHA256
	return found, used, p.checkFree(model, found)
}

// noPrice returns the error of a model without a price.
func (p Pricing) noPrice(model string) error {
	err := fmt.Errorf("no cost of %q was measured, and it has no price", model)
	hints := pricingHints(model)
	names := slices.Sorted(maps.Keys(p.Given))
	if len(names) > 0 {
		hints = append(hints, "prices are given for "+text.Quoted(names, 5))
	}
	return hint.DidYouMean(hint.With(err, hints...), model, names)
}

// pricingHints says how a model gets costs in dollars.
func pricingHints(model string) []string {
	return []string{
		fmt.Sprintf("--price '%s=IN,OUT' gives its price in USD per million tokens; --prices FILE reads a list", model),
		freeHint(model),
	}
}

// freeHint says how a model is declared free.
func freeHint(model string) string {
	return fmt.Sprintf("--free '%s' declares that its answers may cost nothing", model)
}

// checkFree returns an error if a price is 0 and the model was not declared free.
func (p Pricing) checkFree(model string, price pricelist.Price) error {
	if !price.Free() || p.free(model) {
		return nil
	}
	return hint.With(fmt.Errorf("the price of %q is 0: expected a price above 0, since lists have 0 for prices that they do not know", model),
		freeHint(model), fmt.Sprintf("--price '%s=IN,OUT' gives its price", model))
}

// usedPrice describes a price for the results.
func usedPrice(model, source string, p pricelist.Price) results.PriceUsed {
	return results.PriceUsed{
		Model: model, Key: p.Key, Source: source, AsOf: p.AsOf, ByRule: p.ByRule,
		Input: results.Value(p.Input), Output: results.Value(p.Output), CachedInput: results.Value(p.CachedInput), Reasoning: results.Value(p.Reasoning),
	}
}

// noPriceUsed describes costs that come from no price.
func noPriceUsed(model, source string) results.PriceUsed {
	return results.PriceUsed{Model: model, Source: source, Input: results.Missing, Output: results.Missing, CachedInput: results.Missing, Reasoning: results.Missing}
}

// maxAge is the number of days between prices and outcomes above which a warning says so.
const maxAge = 90

// warnings returns what the user should know of the prices that costs were computed from. name
// stands for the data set, and measured is the date of its outcomes, "" if it is not known.
func (p Pricing) warnings(name, measured string, used []results.PriceUsed) (out []string) {
	estimated := 0
	old := map[string]int{}
	var dates []string
	for _, u := range used {
		_, given := p.Given[u.Model]
		price := pricelist.Price{Input: float64(u.Input), Output: float64(u.Output)}
		switch odd := price.Odd(); {
		case u.Source == costMeasured && given:
			out = append(out, fmt.Sprintf("%s: the measured cost of %q counts, and not its price: --reprice takes the price", name, u.Model))
		case odd != "":
			out = append(out, fmt.Sprintf("%s: the price of %q is %s", name, u.Model, odd))
		case u.ByRule:
			out = append(out, fmt.Sprintf("%s: %q has the price of %q, which a rule of the list says is the same model", name, u.Model, u.Key))
		}
		if u.Tokens == tokensEstimated {
			estimated++
		}
		if u.AsOf != "" && pricelist.Days(u.AsOf, measured) > maxAge {
			if old[u.AsOf]++; old[u.AsOf] == 1 {
				dates = append(dates, u.AsOf)
			}
		}
	}
	for _, date := range dates {
		out = append(out, fmt.Sprintf("%s: the prices of %s are of %s, %d days from the outcomes (%s): costs may be those of another time", name,
			text.Plural(old[date], "model"), date, int(math.Round(pricelist.Days(date, measured))), measured))
	}
	if estimated > 0 {
		out = append(out, fmt.Sprintf("%s: the costs of %s are estimated from characters, %d per token: columns input_tokens:MODEL and output_tokens:MODEL give the counts, or --tokens IN,OUT",
			name, text.Plural(estimated, "model"), charsPerToken))
	}
	return out
}
