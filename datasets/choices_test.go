package datasets

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadChoices(t *testing.T) {
	type row struct {
		ID      string  `parquet:"sample_id"`
		Model   string  `parquet:"model"`
		Setting string  `parquet:"setting"`
		Cost    float64 `parquet:"cost_usd"`
	}
	const rows = "sample_id,model,setting,cost_usd\np,a,low,1\nq,b,low,2\nq,a,high,0\n"
	for name, text := range map[string]string{
		"d.csv":     rows,
		"d.jsonl":   `{"sample_id":"p","model":"a","setting":"low","cost_usd":1}` + "\n" + `{"sample_id":"q","model":"b","setting":"low","cost_usd":2}` + "\n" + `{"sample_id":"q","model":"a","setting":"high","cost_usd":0}`,
		"d.parquet": string(raw(t, []row{{"p", "a", "low", 1}, {"q", "b", "low", 2}, {"q", "a", "high", 0}})),
	} {
		path := fileOf(t, name, text)
		if has, err := HasChoices(path); err != nil || !has {
			t.Errorf("%s: %v, %v", name, has, err)
		}
		c, err := ReadChoices(path)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := fmt.Sprint(c.IDs(), c.Models, c.Settings); got != "[p q] [a b] [{low [0 1] [1 2] []} {high [-1 0] [0 0] []}]" {
			t.Errorf("%s: %s", name, got)
		}
	}
	digest := SHA256Hex("p")
	c, err := ReadChoices(fileOf(t, "d.csv", "prompt_sha256,decision,latency_s,training\n"+digest+",a,0.5,true\n"))
	if err != nil || !c.ByDigest() || !c.Training[0] || c.Settings[0].Latency[0] != 0.5 || c.Settings[0].Cost != nil || c.Settings[0].Name != "" {
		t.Errorf("%+v, %v", c, err)
	}
	for text, want := range map[string]bool{"sample_id,decision\n": false, "sample_id,decision,model\n": false, "sample_id,decision,cost_usd\n": true} {
		if has, err := HasChoices(fileOf(t, "d.csv", text+"a,strong,1\n")); err != nil || has != want {
			t.Errorf("%q: %v, %v", text, has, err)
		}
	}
}

func TestReadChoicesRefuses(t *testing.T) {
	a, b := SHA256Hex("a"), SHA256Hex("b")
	for want, text := range map[string]string{
		`column "model": missing`:        "sample_id,modell\np,a\n",
		`column "sample_id": missing`:    "id,model\np,a\n",
		"no rows, expected at least one": "sample_id,model\n",
		`column "model": expected the name of a model in every row; missing or invalid in row 2 ("q": "")`:     "sample_id,model\np,a\nq,\n",
		`column "setting": expected the name of a setting in every row; missing or invalid in row 1 ("p": "")`: "sample_id,model,setting\np,a,\n",
		`repeated ids: "p" (row 2)`:                  "sample_id,model\np,a\np,b\n",
		`repeated ids: "p" (row 3)`:                  "sample_id,model,setting\np,a,x\np,b,y\np,b,x\n",
		`row 1, column "sample_id"`:                  "sample_id,model\n,a\n",
		`row 2, column "prompt_sha256": found "` + b: "sample_id,model,setting,prompt_sha256\np,a,x," + a + "\np,a,y," + b + "\n",
	} {
		_, err := ReadChoices(fileOf(t, "d.csv", text))
		expectError(t, err, want, strings.Contains(want, ": missing") && !strings.Contains(want, "in every row") || strings.Contains(want, "repeated"))
	}
}

func TestCheckAmounts(t *testing.T) {
	for want, text := range map[string]string{
		`column "cost_usd": expected a number of 0 or more in every row; missing or invalid in row 1 ("p": "-1"), row 2 ("q": "")`: "sample_id,model,cost_usd\np,a,-1\nq,a,\n",
		`column "latency_s": expected a number of 0 or more in every row; missing or invalid in row 1 ("p": "NaN")`:                "sample_id,model,latency_s\np,a,NaN\n",
	} {
		c, err := ReadChoices(fileOf(t, "d.csv", text))
		if err != nil {
			t.Fatal(err)
		}
		expectError(t, c.CheckAmounts(), want, false)
	}
	c, err := ReadChoices(fileOf(t, "d.csv", "sample_id,model,cost_usd,latency_s\np,a,,1\nq,a,,2\n"))
	if err != nil || c.CheckAmounts() != nil || c.Settings[0].Cost != nil || c.Settings[0].Latency[1] != 2 {
		t.Errorf("%+v, %v, %v", c, err, c.CheckAmounts())
	}
}
