package servecmd

import (
	"context"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
)

// prices reads the models' prices, nil if no file is given.
func (o *settings) prices(ctx context.Context) (prices.Table, error) {
	if o.Prices == "" {
		return nil, nil
	}
	table, err := prices.Read(ctx, o.Prices)
	if err != nil {
		return nil, err
	}
	var models []string
	for _, u := range o.Upstreams() {
		models = append(models, u.Asked())
	}
	return table, table.Need(models...)
}
