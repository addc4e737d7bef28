package agent

import (
	"context"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/wire"
)

var healthV1 = op.Operation[Service]{
	ID:         "getAgentHealthV1",
	Route:      "GET /agent/v1/HealthCheck",
	Tag:        "System",
	Summary:    "Report whether the Agent reaches the pod and the key manager.",
	Needs:      auth.Anyone,
	Deprecated: true,
	Handle:     op.Call((*Service).healthV1),
}

var healthV2 = op.Operation[Service]{
	ID:      "getAgentHealthV2",
	Route:   "GET /agent/v2/HealthCheck",
	Tag:     "System",
	Summary: "Report whether each part of the Agent works.",
	About: "A flag makes the answer 503, with the same body, if the part that it names does " +
		"not work. Whether messages can be encrypted is answered only with a session.",
	Needs:      auth.Anyone,
	Also:       []int{503},
	Deprecated: true,
	Handle:     op.Call((*Service).healthV2),
}

// HealthV1 is the published V1HealthCheckResponse.
type HealthV1 struct {
	Pod        bool    `json:"podConnectivity"`
	PodError   *string `json:"podConnectivityError"`
	KeyManager bool    `json:"keyManagerConnectivity"`
	KeysError  *string `json:"keyManagerConnectivityError"`
	Version    string  `json:"version"`
}

// HealthV2 is the published V2HealthCheckResponse. Errors are null where a part works.
type HealthV2 struct {
	Pod             bool    `json:"podConnectivity"`
	PodError        *string `json:"podConnectivityError"`
	KeyManager      bool    `json:"keyManagerConnectivity"`
	KeyManagerError *string `json:"keyManagerConnectivityError"`
	Encrypts        *bool   `json:"encryptDecryptSuccess,omitempty"`
	EncryptError    *string `json:"encryptDecryptError"`
	Firehose        bool    `json:"firehoseConnectivity"`
	FirehoseError   *string `json:"firehoseConnectivityError"`
	Datafeed        bool    `json:"datafeedConnectivity"`
	DatafeedError   *string `json:"datafeedConnectivityError"`
	Agent           bool    `json:"agentServiceUser"`
	AgentError      *string `json:"agentServiceUserError"`
	CE              bool    `json:"ceServiceUser"`
	CEError         *string `json:"ceServiceUserError"`
	PodVersion      string  `json:"podVersion"`
	AgentVersion    string  `json:"agentVersion"`
	DatafeedVersion string  `json:"datafeedVersion"`
}

type healthV2Input struct {
	Token      string `header:"sessionToken" maxLength:"16384"`
	Any        bool   `query:"failOnAny" default:"false"`
	Pod        bool   `query:"failOnPodConnectivity" default:"false"`
	KeyManager bool   `query:"failOnKeyManagerConnectivity" default:"false"`
	Datafeed   bool   `query:"failOnDatafeedConnectivity" default:"false"`
	Agent      bool   `query:"failOnAgentServiceUser" default:"false"`
	Encrypts   bool   `query:"failOnEncryptDecryptSuccess" default:"false"`
	CE         bool   `query:"failOnCeServiceUser" default:"false" doc:"It has no effect."`
	Firehose   bool   `query:"showFirehoseErrors" default:"false" doc:"It has no effect."`
}

// fails reports whether a flag asks about what does not work.
func (in healthV2Input) fails(works bool, encrypts *bool) bool {
	return !works && (in.Any || in.Pod || in.KeyManager || in.Datafeed || in.Agent || in.Encrypts) ||
		encrypts != nil && !*encrypts && (in.Any || in.Encrypts)
}

func (s *Service) healthV1(ctx context.Context, _ auth.Caller, _ nothing) (HealthV1, error) {
	works, wrong := s.works(ctx)
	return HealthV1{Pod: works, PodError: wrong, KeyManager: works, KeysError: wrong, Version: wire.AgentNumber}, nil
}

func (s *Service) healthV2(ctx context.Context, caller auth.Caller, in healthV2Input) (op.Status[HealthV2], error) {
	works, wrong := s.works(ctx)
	out := HealthV2{
		Pod: works, PodError: wrong, KeyManager: works, KeyManagerError: wrong, Firehose: works, FirehoseError: wrong,
		Datafeed: works, DatafeedError: wrong, Agent: works, AgentError: wrong, CE: works, CEError: wrong,
		PodVersion: wire.AgentNumber, AgentVersion: wire.AgentNumber, DatafeedVersion: wire.AgentNumber,
	}
	if in.Token != "" {
		live := s.Live(ctx, caller.Company, in.Token)
		out.Encrypts = &live
	}
	code := 200
	if in.fails(works, out.Encrypts) {
		code = 503
	}
	return op.Status[HealthV2]{Code: code, Value: out}, nil
}

// works reports whether the database answers, and what is wrong if it does not.
func (s *Service) works(ctx context.Context) (works bool, wrong *string) {
	if s.DB.Ping(ctx) == nil {
		return true, nil
	}
	text := unreachable
	return false, &text
}
