// Package wholeway has only tests. They run the program as a process of its own, from a file of
// prompts to a router that serves: answer, grade, judge, fit, serve, and the log. make test-whole
// runs them.
package wholeway
