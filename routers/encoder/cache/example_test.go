package cache_test

import (
	"context"
	"fmt"
	"os"

	"github.com/routellm/routellm/routers/encoder"
	"github.com/routellm/routellm/routers/encoder/cache"
)

// The second call asks the encoder for the new text alone.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	static, err := encoder.Static()
	if err != nil {
		fmt.Println(err)
		return
	}
	vectors, err := cache.Open(dir, static.Identity().SHA256)
	if err != nil {
		fmt.Println(err)
		return
	}
	e := cache.Wrap(static, vectors)
	e.Progress = func(done, total int) { fmt.Printf("requested %d of %d\n", done, total) }
	for _, texts := range [][]string{{"one", "two"}, {"two", "three", "one"}} {
		if _, err := e.Encode(context.Background(), texts); err != nil {
			fmt.Println(err)
			return
		}
	}
	// Output:
	// requested 2 of 2
	// requested 1 of 1
}
