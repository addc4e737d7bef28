package wire

// Success is the answer of operations that have nothing to tell but that they
// are done. The SDKs discard it; people read it in consoles.
type Success struct {
	Format  string `json:"format" doc:"How the message is written: always TEXT."`
	Message string `json:"message" doc:"A sentence for people."`
}

// Done is a Success with a message.
func Done(message string) Success { return Success{Format: "TEXT", Message: message} }
