package event

import (
	"podium/internal/pod/happenings"
	"podium/internal/pod/messages/clients"
)

// loadSubmissions loads what users have submitted by forms.
func (b *builder) loadSubmissions(list []happenings.Happening) (err error) {
	var numbers []int64
	for _, h := range list {
		if h.Kind == happenings.FormSubmitted {
			numbers = append(numbers, h.Message)
		}
	}
	b.submissions, err = clients.Submissions(b.tx, numbers)
	return err
}

// submitted returns the event of a submission, which names it by its own id.
func (b *builder) submitted(h happenings.Happening) []Event {
	s, ok := b.submissions[h.Message]
	if !ok {
		return nil
	}
	in := b.streams[h.Stream]
	events := one(ElementsAction, b.person(s.User), Payload{ElementsAction: &Action{
		Stream: Stream{ID: in.ID, Type: string(in.Type)}, Message: s.Message, Form: s.FormID, Values: s.Values,
	}})
	events[0].MessageID = s.ID
	return events
}
