package demobot

import "encoding/json"

// event is the part of a published V4Event that the bot reads.
type event struct {
	Type      string `json:"type"`
	Initiator struct {
		User user `json:"user"`
	} `json:"initiator"`
	Payload struct {
		Sent struct {
			Message message `json:"message"`
		} `json:"messageSent"`
		IM struct {
			Stream stream `json:"stream"`
		} `json:"instantMessageCreated"`
		Joined struct {
			Stream stream `json:"stream"`
			User   user   `json:"affectedUser"`
		} `json:"userJoinedRoom"`
		Action struct {
			Stream stream          `json:"stream"`
			Form   string          `json:"formId"`
			Values json.RawMessage `json:"formValues"`
		} `json:"symphonyElementsAction"`
	} `json:"payload"`
}

type user struct {
	ID          int64  `json:"userId"`
	DisplayName string `json:"displayName"`
}

type stream struct {
	ID   string `json:"streamId"`
	Type string `json:"streamType"`
}

type message struct {
	ID          string       `json:"messageId"`
	Text        string       `json:"message"` // PresentationML
	Data        string       `json:"data"`    // EntityJSON
	Stream      stream       `json:"stream"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size"`
}
