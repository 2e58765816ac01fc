package datasets_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/datasets"
)

// tempFile returns a path in a new folder and a function that removes the folder.
func tempFile(name string) (path string, remove func()) {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		log.Fatal(err)
	}
	return filepath.Join(dir, name), func() { os.RemoveAll(dir) }
}

// Write a data set of two models and read it back.
func Example() {
	path, remove := tempFile("mine.parquet")
	defer remove()

	table := &datasets.Table{
		Meta:     datasets.NewMeta(),
		SampleID: []string{"law/1", "law/2", "sums/1"},
		Task:     []string{"law", "law", "sums"},
		Prompt:   []string{"Who signs a lease?", "Name a duty of a landlord.", "Add 17 and 25."},
		Quality: []datasets.Column{
			{Name: "big", Values: []float64{1, 1, 1}},
			{Name: "small", Values: []float64{1, 0, 0}},
		},
	}
	table.Meta.Name, table.Meta.Strong, table.Meta.Weak = "mine", "big", "small"
	table.FillFromPrompts() // digests and text features
	if err := table.WriteFile(path); err != nil {
		log.Fatal(err)
	}

	file, err := datasets.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	read, err := file.Read(datasets.Select{AllModels: true, Features: true})
	if err != nil {
		log.Fatal(err)
	}
	small, _ := read.QualityOf("small")
	words, _ := read.FeatureOf("words")
	for i, id := range read.SampleID {
		fmt.Printf("%s: %v words, small model %v\n", id, words[i], small[i])
	}
	// Output:
	// law/1: 4 words, small model 1
	// law/2: 6 words, small model 0
	// sums/1: 4 words, small model 0
}

// Open a data set, list its columns, and read the quality of one model.
func ExampleOpenBytes() {
	var buf bytes.Buffer
	err := datasets.WriteColumns(&buf, []datasets.AnyColumn{
		{Name: "sample_id", Strings: []string{"a", "b"}},
		{Name: "quality:big", Floats: []float64{1, 0.5}},
		{Name: "quality:small", Floats: []float64{0, 0.5}},
	}, nil)
	if err != nil {
		log.Fatal(err)
	}

	file, err := datasets.OpenBytes("mine.parquet", buf.Bytes())
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	fmt.Println(file.Rows(), "rows, columns", file.Columns())
	fmt.Println("models:", file.Models())

	table, err := file.Read(datasets.Select{Models: []string{"big"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.Quality)

	_, err = file.Read(datasets.Select{Models: []string{"huge"}})
	fmt.Println(err)
	// Output:
	// 2 rows, columns [sample_id quality:big quality:small]
	// models: [big small]
	// [{big [1 0.5]}]
	// "mine.parquet": column "quality:huge": missing, expected the quality of model "huge"
}

// Read columns of a Parquet file that is not a data set.
func ExampleReadColumns() {
	path, remove := tempFile("latency.parquet")
	defer remove()
	file, err := os.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	err = datasets.WriteColumns(file, []datasets.AnyColumn{
		{Name: "request", Strings: []string{"r1", "r2"}},
		{Name: "seconds", Floats: []float64{0.8, 2.5}},
	}, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := file.Close(); err != nil {
		log.Fatal(err)
	}

	texts, numbers, err := datasets.ReadColumns(path, []string{"request"}, []string{"seconds"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(texts[0], numbers[0])
	// Output:
	// [r1 r2] [0.8 2.5]
}

// Import a table of the user's own.
func ExampleImportTable() {
	path, remove := tempFile("outcomes.csv")
	defer remove()
	csv := "id,question,gpt,llama\nq1,Who signs a lease?,1,0\nq2,Add 17 and 25.,1,\n"
	if err := os.WriteFile(path, []byte(csv), 0o644); err != nil {
		log.Fatal(err)
	}

	table, _, err := datasets.ImportTable(context.Background(), path, datasets.Mapping{
		Models: []datasets.ModelColumn{{Model: "gpt", Column: "gpt"}, {Model: "llama", Column: "llama"}},
		Min:    0, Max: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.SampleID, table.Quality) // an empty cell is NaN: not measured
	// Output:
	// [q1 q2] [{gpt [1 1]} {llama [0 NaN]}]
}

// Read a file of scores and put the scores into the order of a data set.
func ExampleReadScores() {
	path, remove := tempFile("scores.csv")
	defer remove()
	if err := os.WriteFile(path, []byte("sample_id,score\nb,0.1\na,0.8\n"), 0o644); err != nil {
		log.Fatal(err)
	}

	scores, err := datasets.ReadScores(path)
	if err != nil {
		log.Fatal(err)
	}
	values, err := scores.Lookup([]string{"a", "b"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(values)
	// Output:
	// [0.8 0.1]
}
