package wire

// The version of the published Agent whose behaviour Podium has. The SDKs read it from
// AgentVersion, and choose by it how they log in.
const (
	AgentNumber  = "25.8.1"
	AgentVersion = "Agent-" + AgentNumber + "-Podium"
)
