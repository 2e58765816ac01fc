package registry_test

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

func Example() {
	specs, err := registry.ParseSpecs([]string{"length,judge=mf@judge"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range specs {
		r, err := registry.Open(s, registry.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s is %v, reads vectors: %v\n", s.Label, s, r.Needs().Vector)
	}
	r, err := registry.Open(specs[0], registry.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Scores(context.Background(), []routers.Prompt{routers.NewPrompt("a", "hello")}))
	// Output:
	// length is length, reads vectors: false
	// judge is mf@judge, reads vectors: true
	// [5] <nil>
}
