package cmdutil

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPricesFlag(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.csv")
	if err := os.WriteFile(file, []byte("model,mean_cost_usd\nbig,0.02\nsmall,0.0005\nunknown,\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	numbers, path := []float64{1, 0}, ""
	flag := PricesFlag(&numbers, &path, nil)
	if err := flag.Set("24.7,0.24"); err != nil || len(numbers) != 2 || path != "" || flag.String() != "24.7,0.24" {
		t.Errorf("%v, %q, %v", numbers, path, err)
	}
	if err := flag.Set(file); err != nil || numbers != nil || path != file || flag.String() != file {
		t.Errorf("%v, %q, %v", numbers, path, err)
	}
	for _, text := range []string{"none.csv", "1,x", filepath.Dir(file)} {
		if err := flag.Set(text); err == nil || !strings.Contains(err.Error(), "neither two numbers, STRONG,WEAK, nor a file of prices") {
			t.Errorf("%s: %v", text, err)
		}
	}
	prices, err := ReadPrices(context.Background(), file)
	if err != nil || len(prices) != 2 || prices["big"] != 20 || prices["small"] != 0.5 {
		t.Errorf("%v, %v", prices, err)
	}
}
