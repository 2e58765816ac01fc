// Components prints the strongly connected components of every package's files.
//
//	go run ./internal/components [-all] [PACKAGES]
//
// One file depends on another if it uses a name that the other declares at top level. Methods
// and interface methods belong to the file that declares them, so calling a method counts;
// reading a field does not. Files of one component can only be understood, or moved to another
// package, together. Start reading at [Load] and [Package.Components].
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	all := flag.Bool("all", false, "also print components of one file")
	flag.Parse()
	patterns := flag.Args()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	packages, err := Load(".", patterns...)
	if err != nil {
		fmt.Fprintln(os.Stderr, "components:", err)
		os.Exit(1)
	}
	write(os.Stdout, packages, *all)
}

// write prints each package's components, the largest first, and the uses that tie them.
func write(w io.Writer, packages []Package, all bool) {
	for _, p := range packages {
		for _, c := range p.Components() {
			if len(c) == 1 && !all {
				continue
			}
			fmt.Fprintf(w, "%s: %d files\n", p.Path, len(c))
			for _, file := range c {
				fmt.Fprintf(w, "\t%s", file)
				separator := " uses "
				for _, other := range c {
					if names := p.Uses[file][other]; len(names) > 0 {
						fmt.Fprintf(w, "%s%s (%s)", separator, other, shorten(names))
						separator = ", "
					}
				}
				fmt.Fprintln(w)
			}
		}
	}
}
