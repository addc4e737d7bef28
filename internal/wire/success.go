package wire

// Success is the answer of operations that return no data. The SDKs discard it; people read it in
// consoles.
type Success struct {
	Format  string `json:"format" doc:"How the message is written: always TEXT."`
	Message string `json:"message" doc:"A sentence for people."`
}

// Done returns a Success with a message.
func Done(message string) Success { return Success{Format: "TEXT", Message: message} }
