package agent

import (
	"context"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/wire"
)

// Status is whether a part works.
type Status string

// The published statuses.
const (
	Up   Status = "UP"
	Down Status = "DOWN"
)

// Enum returns the published values.
func (Status) Enum() []string { return []string{string(Up), string(Down)} }

var health = op.Operation[Service]{
	ID:      "getAgentHealth",
	Route:   "GET /agent/v3/health",
	Tag:     "System",
	Summary: "Report that the Agent runs.",
	Needs:   auth.Anyone,
	Handle:  op.Call((*Service).health),
}

var extendedHealth = op.Operation[Service]{
	ID:      "getAgentExtendedHealth",
	Route:   "GET /agent/v3/health/extended",
	Tag:     "System",
	Summary: "Report the health of what the Agent needs.",
	About:   "Answers 503 with the same body if a part does not work. All parts need the database.",
	Needs:   auth.Anyone,
	Also:    []int{503},
	Handle:  op.Call((*Service).extendedHealth),
}

type nothing struct{}

// Health is the health of the Agent: the published V3Health.
type Health struct {
	Status   Status               `json:"status"`
	Version  string               `json:"version,omitempty"`
	Services map[string]Component `json:"services,omitempty"`
	Users    map[string]Component `json:"users,omitempty"`
}

// Component is the health of a part.
type Component struct {
	AuthType string `json:"authType,omitempty" doc:"Of an account: RSA."`
	Status   Status `json:"status"`
	Version  string `json:"version,omitempty"`
	Message  string `json:"message,omitempty" doc:"What is wrong."`
}

func (s *Service) health(context.Context, auth.Caller, nothing) (Health, error) {
	return Health{Status: Up}, nil
}

// unreachable is what is wrong if the database does not answer.
const unreachable = "The database cannot be reached"

func (s *Service) extendedHealth(ctx context.Context, _ auth.Caller, _ nothing) (op.Status[Health], error) {
	part := Component{Status: Up, Version: wire.AgentNumber}
	account := Component{Status: Up, AuthType: "RSA"}
	code := 200
	if s.DB.Ping(ctx) != nil {
		part.Status, part.Message, code = Down, unreachable, 503
		account.Status, account.Message = Down, unreachable
	}
	return op.Status[Health]{Code: code, Value: Health{
		Status: part.Status, Version: wire.AgentNumber,
		Services: map[string]Component{"pod": part, "key_manager": part, "datafeed": part},
		Users:    map[string]Component{"agentservice": account, "ceservice": account},
	}}, nil
}
