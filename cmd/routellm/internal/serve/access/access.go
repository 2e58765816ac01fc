// Package access decides who may use the server: clients with a key, pages of allowed sites, and,
// where there are no keys, requests under a name of this machine. It also lists the headers that
// carry credentials, and reads files with keys.
//
// Call [New] for a [Policy], then [Policy.Admit] for each request; [Client] returns the name of
// the key that let a request in.
package access

import (
	"net/http"
	"slices"

	"github.com/rs/cors"
)

// Options are the rules of a [Policy].
type Options struct {
	Clients []Key    // keys that clients may present; if empty, clients need none
	Metrics []Key    // keys that open the metrics alone; if empty, those of the clients do
	AnyHost bool     // where clients need no key, let them in under every host name
	Hosts   []string // further host names, beside this machine's, under which they are let in
	Origins []string // origins whose pages may use the server, or "*" for all; see [CheckOrigin]
}

// Policy says which requests may come in. It is safe for concurrent use.
type Policy struct {
	clients, metrics keyTable
	anyHost          bool
	hosts            []string
	browsers         *http.CrossOriginProtection // nil lets the pages of every site in
	cors             *cors.Cors                  // nil without Origins
}

// New returns a policy. It skips origins that [CheckOrigin] refuses.
func New(o Options) *Policy {
	p := &Policy{clients: tableOf(o.Clients), metrics: tableOf(o.Metrics), anyHost: o.AnyHost}
	for _, host := range o.Hosts {
		p.hosts = append(p.hosts, hostOf(host))
	}
	p.allowOrigins(o.Origins)
	return p
}

// Refusal says why a request may not come in.
type Refusal int

// The reasons for a refusal.
const (
	None       Refusal = iota
	OtherSite          // a browser sends it for a page of another site
	OtherHost          // its host name is none of this machine's, as in DNS rebinding
	MissingKey         // it has no key
	WrongKey           // its key is unknown
)

// Admit decides about a request to the API. client is the name of its key, or "" if clients need
// none.
func (p *Policy) Admit(r *http.Request) (client string, why Refusal) {
	if why := p.page(r); why != None {
		return "", why
	}
	return p.clients.find(r)
}

// AdmitMetrics decides about a request for the metrics at the API's address.
func (p *Policy) AdmitMetrics(r *http.Request) Refusal {
	if len(p.metrics.names) == 0 {
		_, why := p.Admit(r)
		return why
	}
	if why := p.page(r); why != None {
		return why
	}
	return p.AdmitScrape(r)
}

// AdmitScrape decides about a request for the metrics at an address of their own, where it needs
// a key only if there are keys for the metrics alone.
func (p *Policy) AdmitScrape(r *http.Request) Refusal {
	_, why := p.metrics.find(r)
	return why
}

// page refuses what a browser sends for pages that may not use the server.
func (p *Policy) page(r *http.Request) Refusal {
	if p.browsers != nil && p.browsers.Check(r) != nil {
		return OtherSite
	}
	if len(p.clients.names) == 0 && !p.anyHost && !p.knows(r.Host) {
		return OtherHost
	}
	return None
}

// knows reports whether a request's Host is a name under which clients without keys are let in.
// Otherwise a site could point a name of its own at this machine, so that browsers take its
// requests for ones within the same site.
func (p *Policy) knows(authority string) bool {
	return IsLoopback(authority) || slices.Contains(p.hosts, hostOf(authority))
}
