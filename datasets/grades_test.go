package datasets

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func gradeOptions() GradeOptions {
	return GradeOptions{Prompt: "prompt", Model: "model", Min: 0, Max: 10, Name: "g"}
}

func battlesText(t *Table) string {
	var b strings.Builder
	for i, id := range t.SampleID {
		fmt.Fprintf(&b, "%s %s %s:%s %s %v\n", id, t.Prompt[i], t.ModelA[i], t.ModelB[i], t.Winner[i], t.Weight[i])
	}
	return b.String()
}

func gradesText(t *Table) string {
	return fmt.Sprintf("%v %q %v", t.SampleID, t.Prompt, t.Quality)
}

func TestImportGradesForms(t *testing.T) {
	const wide = "id,prompt,m,k,n\np1,why,8,8,5.5\np2,who,,3,\np3,when,,,\np4,why,0,10,\n"
	models := []ModelColumn{{"m", "m"}, {"k", "k"}, {"nn", "n"}}
	const battles = "p1/0001 why m:k tie 1\np1/0002 why m:nn model_a 2.5\np1/0003 why k:nn model_a 2.5\np4/0001 why m:k model_b 10\n"
	o := gradeOptions()
	o.ID, o.Models, o.Battles = "id", models, true
	path := fileOf(t, "g.csv", wide)
	table, skipped, err := ImportGrades(path, o)
	if err != nil || battlesText(table) != battles || skipped.Ungraded != 2 {
		t.Fatalf("%v, %v\n%s", skipped, err, battlesText(table))
	}
	if fmt.Sprint(table.Cluster) != "[p1 p1 p1 p1]" || fmt.Sprint(table.Source) != "[g g g g]" || table.Quality != nil || !math.IsNaN(table.Meta.Max) {
		t.Errorf("clusters %v, sources %v, qualities %v", table.Cluster, table.Source, table.Quality)
	}
	if table.PromptSHA256[3] != SHA256Hex("why") || table.Features[0].Values[3] != 3 {
		t.Errorf("digests %v, features %v", table.PromptSHA256, table.Features)
	}
	o.Battles = false
	if table, skipped, err = ImportGrades(path, o); err != nil || skipped.Ungraded != 1 ||
		gradesText(table) != `[p1 p2 p4] ["why" "who" "why"] [{m [8 NaN 0]} {k [8 3 10]} {nn [5.5 NaN NaN]}]` || table.Meta.Max != 10 {
		t.Errorf("%v %v\n%s", skipped, err, gradesText(table))
	}
	if _, err := tryAll(bytesOf(t, table)); err != nil {
		t.Error(err)
	}
}

func TestImportGradesLong(t *testing.T) {
	const want = `["why" "who"] [{k [8 1]} {m [9 NaN]} {z [NaN 2]}]`
	ids := map[bool]string{true: "[p1 p2] ", false: "[row/0000001 row/0000003] "}
	for _, withID := range []bool{true, false} {
		for name, text := range map[string]string{
			"g.csv":   "prompt,model,grade,id,score\nwhy,m,9,p1,x\nwhy,k,8,p1,x\nwho,z,2,p2,x\nwho,m,,p2,x\nwho,k,true,p2,x\n",
			"g.jsonl": "{\"prompt\":[\"why\"],\"model\":\"m\",\"score\":9,\"id\":\"p1\"}\n{\"prompt\":\"why\",\"model\":\"k\",\"score\":8,\"id\":\"p1\"}\n{\"prompt\":\"who\",\"model\":\"z\",\"score\":2,\"id\":\"p2\"}\n{\"prompt\":\"who\",\"model\":\"k\",\"score\":1,\"id\":\"p2\"}\n",
		} {
			o := gradeOptions()
			if withID {
				o.ID = "id"
			}
			table, _, err := ImportGrades(fileOf(t, name, text), o)
			if err != nil || gradesText(table) != ids[withID]+want {
				t.Errorf("%s: %s, %v", name, gradesText(table), err)
			}
		}
	}
}

func TestImportGradesNested(t *testing.T) {
	o := gradeOptions()
	o.Nested, o.Battles = "g", true
	path := fileOf(t, "g.jsonl", "{\"prompt\":\"why\",\"g\":{\"z\":3,\"a\":1}}\n{\"prompt\":\"who\",\"g\":{\"b\":1,\"a\":1,\"z\":null}}\n")
	want := "row/0000001/0001 why a:z model_b 2\nrow/0000002/0001 who a:b tie 1\n"
	if table, _, err := ImportGrades(path, o); err != nil || battlesText(table) != want {
		t.Errorf("%v", err)
	}
}

func TestImportGradesRefuses(t *testing.T) {
	const long, wide = "id,prompt,model,grade\np1,why,m,1\n", "sample_id,prompt,m,k\np1,why,1,2\n"
	for text, want := range map[string]string{
		long + "p1,why,m,2\n":           `row 2, column "model": found "m", already in row 1, expected one grade per prompt and model`,
		long + "p1,who,k,2\n":           `row 2, column "prompt": found "who", expected the same prompt as for "p1" in row 1`,
		long + ",who,k,2\n":             `row 2, column "id": found "", expected the id of the prompt`,
		long + "p2,,k,2\n":              `row 2, column "prompt": found "", expected a prompt`,
		long + "p2,who,,2\n":            `row 2, column "model": found "", expected a model name`,
		long + "p2,who,k,good\n":        `row 2, column "grade": found "good", expected a finite number, true, false, or an empty cell for not graded`,
		long + "p2,who,k,NaN\n":         `row 2, column "grade": found "NaN", expected a finite number, true, false, or an empty cell for not graded`,
		long + "p2,who,k,1e308\n":       `row 2, column "grade": found "1e308", expected a finite number, true, false, or an empty cell for not graded`,
		long + "p2,who,k,11\n":          `row 2, column "grade": found 11, expected a grade from 0 to 10`,
		wide + "p2,who,-1,2\n":          `row 2, column "m": found -1, expected a grade from 0 to 10`,
		wide + "p2,who,1,x\n":           `row 2, column "k": found "x", expected a finite number, true, false, or an empty cell for not graded`,
		wide + "p1,who,1,2\n":           `row 2, column "sample_id": found "p1", already in row 1, expected a unique id`,
		wide + "p2,,1,2\n":              `row 2, column "prompt": found "", expected a prompt`,
		"prompt,m,k\nwhy,1,\n":          `no prompt has two or more grades`,
		"prompt,model,grade\nwhy,m,\n":  `no prompt has two or more grades`,
		"prompt,m\nwhy,1\n":             `column "k": missing`,
		"id,prompt,model,mark\na,b,c,d": `column "grade": missing`,
	} {
		o := gradeOptions()
		o.Battles = true
		if strings.Contains(text, "model") {
			if strings.HasPrefix(text, "id") {
				o.ID = "id"
			}
		} else {
			o.Models = []ModelColumn{{"m", "m"}, {"k", "k"}}
		}
		path := fileOf(t, "g.csv", text)
		if _, _, err := ImportGrades(path, o); err == nil || err.Error() != fmt.Sprintf("%q: %s", path, want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	o := gradeOptions()
	o.Models = []ModelColumn{{"m", "m"}, {"m", "k"}}
	if _, _, err := ImportGrades(fileOf(t, "g.csv", wide), o); err == nil || !strings.Contains(err.Error(), `model "m" has two columns`) {
		t.Error(err)
	}
}
