package finalanswer_test

import (
	"fmt"

	"github.com/routellm/routellm/datasets/finalanswer"
)

func ExampleReadNumber() {
	number, err := finalanswer.ReadNumber("17 + 25 = 42, and 42 - 4 = $38.00.")
	fmt.Println(number, err)
	// Output:
	// 38 <nil>
}
