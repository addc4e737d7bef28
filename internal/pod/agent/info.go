package agent

import (
	"context"
	"net/netip"
	"net/url"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/wire"
)

var info = op.Operation[Service]{
	ID:      "getAgentInfo",
	Route:   "GET /agent/v1/info",
	Tag:     "Signals",
	Summary: "Read the version and the addresses of the Agent.",
	About:   "The SDKs call it when they start, and choose by the version how they log in.",
	Needs:   auth.Anyone,
	Handle:  op.Call((*Service).info),
}

type infoInput struct {
	Peer op.Peer
}

// Info describes the Agent: the published AgentInfo.
type Info struct {
	IPAddress  string `json:"ipAddress,omitempty" doc:"If clients name the pod by it."`
	Hostname   string `json:"hostname"`
	ServerFQDN string `json:"serverFqdn"`
	Version    string `json:"version" doc:"Agent-, the major and minor number, and more."`
	URL        string `json:"url"`
	OnPrem     bool   `json:"onPrem"`
	MT         bool   `json:"mt"`
	CommitID   string `json:"commitId,omitempty"`
}

func (s *Service) info(_ context.Context, _ auth.Caller, in infoInput) (Info, error) {
	out := Info{ServerFQDN: in.Peer.Site, URL: in.Peer.Site + "/agent", Version: wire.AgentVersion, OnPrem: true, CommitID: Revision()}
	if site, err := url.Parse(in.Peer.Site); err == nil {
		out.Hostname = site.Hostname()
	}
	if _, err := netip.ParseAddr(out.Hostname); err == nil {
		out.IPAddress = out.Hostname
	}
	return out, nil
}
