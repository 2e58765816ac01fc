// Package live has only tests. They run the program as a process of its own, between real clients
// and real model servers on loopback, one file per subject. make test-serve runs them.
package live
