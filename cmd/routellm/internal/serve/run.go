package serve

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// ErrCut reports that requests were still under way when the drain timeout ended.
var ErrCut = errors.New("requests were cut off: they were not answered within drain_timeout")

// Run answers on a listener until ctx is done. Then it goes on for DrainDelay, in which /ready is
// 503, closes the listener, and waits up to DrainTimeout for the requests under way. For each
// signal on reload it calls load and takes the settings that it returns; if load fails, the old
// settings stay. Run returns [ErrCut] if it had to cut requests off.
func (s *Server) Run(ctx context.Context, ln net.Listener, reload <-chan os.Signal, load func() (Settings, error)) error {
	s.warn(s.state.Load().Settings)
	ended := make(chan error, 2)
	metrics := s.startMetrics(ended)
	defer metrics.Close()
	server := s.start(s.bounded(ln), ended)
	stop, over := ctx.Done(), (<-chan time.Time)(nil)
	for {
		select {
		case err := <-ended:
			return err
		case <-reload:
			s.reload(load)
		case <-stop:
			stop, over = nil, s.leave()
		case <-over:
			return s.drain(server)
		}
	}
}

// leave announces the end to load balancers, which may send requests until they notice, and
// returns a channel on which the time comes at which the listener is to be closed.
func (s *Server) leave() <-chan time.Time {
	delay := s.state.Load().DrainDelay
	s.leaving.Store(true)
	if delay > 0 {
		s.log.Info("leaving: requests are taken for a while, and /ready is 503", "delay", delay)
	}
	return time.After(delay)
}

func (s *Server) reload(load func() (Settings, error)) {
	old := s.state.Load().Settings
	set, err := load()
	if err == nil {
		err = s.Reload(set)
	}
	if err != nil {
		s.metrics.reloads.WithLabelValues("failed").Inc()
		s.log.Error("not reloaded: the old settings stay in force", "error", err)
		return
	}
	s.metrics.reloads.WithLabelValues("done").Inc()
	s.log.Info("reloaded", set.inForce()...)
	s.warn(set)
	if fixed(set.Config) != fixed(old.Config) || (set.TLSCert != "") != s.secure {
		s.log.Warn("the addresses, the use of TLS, max_connections and the log settings change only with a restart")
	}
}

// fixed returns the settings that change only with a restart.
func fixed(c config.Config) any {
	return [...]any{c.Listen, c.MetricsListen, c.MaxConnections, c.Log, c.LogMaxMB, c.LogKeep}
}

// drain waits for the requests under way and cuts off those that take longer than
// DrainTimeout.
func (s *Server) drain(server *http.Server) error {
	limit := s.state.Load().DrainTimeout
	s.log.Info("draining", "limit", limit)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Shutdown(ctx) // it looks every half second: what was open then may have ended
	}
	if errors.Is(err, context.DeadlineExceeded) {
		s.cut.Store(true)
		err = errors.Join(ErrCut, server.Close())
		s.calls.Wait() // until they are in the decision log
	}
	return err
}
