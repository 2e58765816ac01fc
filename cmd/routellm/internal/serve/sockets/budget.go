// Package sockets shares out the files that the process may have open: each connection is one.
//
// Call [Share] for a [Budget], [Limit] to bound the connections of a listener, and [Exhausted] to
// tell this machine's own shortage from a failure of another one.
package sockets

// Budget says how many connections there may be. 0 stands for no limit.
type Budget struct {
	Files    int // files that the process may have open
	Clients  int // connections of clients
	Upstream int // connections to each model's server
}

// reserve is the least number of files for the logs, the listeners and the runtime.
const reserve = 16

// Share shares out the limit of open files among the clients, each of which has one connection, and
// a number of upstreams. If clients is above 0, it is the number of the clients' connections.
func Share(clients, upstreams int) Budget { return share(openFiles(), clients, upstreams) }

func share(files, clients, upstreams int) Budget {
	b := Budget{Files: files, Clients: clients}
	if files == 0 {
		return b
	}
	free := max(files-max(files/8, reserve), 1+upstreams)
	equal := free / (1 + upstreams)
	if clients == 0 {
		b.Clients = equal
	}
	b.Upstream = max((free-b.Clients)/upstreams, equal)
	return b
}

// Scarce reports whether the clients may have more connections than the limit of open files
// allows.
func (b Budget) Scarce() bool { return b.Files > 0 && b.Clients+reserve > b.Files }
