package cascade_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/cascade"
)

// Each threshold on the scores of the small model's answers is an operating point. Who passes it on
// pays for both models.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "answers.csv")
	if err := os.WriteFile(path, []byte("sample_id,score:small\na,0.9\nb,0.2\n"), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	c, err := cascade.Open(path, []string{"small", "large"})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := c.ForPool(routers.Pool{Models: []string{"large", "small"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	decided, err := p.(routers.PoolDecider).Decide(context.Background(), []routers.Prompt{{ID: "a"}, {ID: "b"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	outcomes := pool.Outcomes{
		Quality: pool.Matrix{Columns: 2, Values: []float64{1, 1, 1, 0}},
		Cost:    pool.Matrix{Columns: 2, Values: []float64{10, 1, 10, 1}},
	}
	s, err := pool.NewDecided(outcomes, decided, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range s.Path(nil).Vertices {
		fmt.Printf("cost %v, quality %v\n", v.Cost, v.Quality)
	}
	// Output:
	// cost 1, quality 0.5
	// cost 6, quality 1
	// cost 11, quality 1
}
