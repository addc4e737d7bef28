package clients

import (
	"cmp"
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var listConversations = op.Operation[Service]{
	ID:      "listConversations",
	Route:   "GET /podium/v1/conversations",
	Tag:     "Messages",
	Summary: "List the caller's active IMs, MIMs and rooms, those with the newest messages first.",
	About: "A stream without messages counts by its creation. The unread messages are those " +
		"of others behind the caller's read mark, without a mark those since joining; at " +
		"most the newest 100 messages of a stream are counted. Rooms have a name, IMs and " +
		"MIMs at most 20 of their members.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ListUserStreams},
	Handle: op.Read((*Service).listConversations),
}

// maxCounted is how many messages of a stream are looked at for unread ones.
const maxCounted = 100

// maxShown is how many members an IM or MIM shows.
const maxShown = 20

type conversationsInput struct {
	Skip  int `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int `query:"limit" default:"50" min:"1" max:"1000"`
}

// Conversation is a stream as a person's list shows it.
type Conversation struct {
	ID       wire.StreamID  `json:"id"`
	Type     streams.Type   `json:"type"`
	Name     string         `json:"name,omitempty"`
	CrossPod bool           `json:"crossPod"`
	Members  []wire.UserID  `json:"members,omitempty"`
	Active   wire.Time      `json:"activeAt" doc:"When the last message was sent, or the stream created."`
	Last     wire.MessageID `json:"lastMessageId,omitempty"`
	Unread   int            `json:"unread"`
}

// place is where a stream is in the list.
type place struct {
	stream int64
	active wire.Time
}

func (s *Service) listConversations(tx *db.Tx, caller auth.Caller, in conversationsInput) ([]Conversation, error) {
	places, err := db.All(tx, func(row db.Row) (p place, err error) { return p, row.Scan(&p.stream, &p.active) }, `
		SELECT s.number, COALESCE((SELECT MAX(at) FROM stream_messages sent WHERE sent.stream = s.number), s.created)
		FROM stream_members m JOIN streams s ON s.number = m.stream
		WHERE m.user_id = $1 AND s.active AND s.type <> $2`, caller.User, streams.Post)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(b.active, a.active), cmp.Compare(b.stream, a.stream))
	})
	places = places[min(in.Skip, len(places)):]
	places = places[:min(in.Limit, len(places))]
	list := make([]Conversation, len(places))
	if len(places) == 0 {
		return list, nil
	}
	at := make(map[int64]int, len(places))
	numbers := make([]int64, len(places))
	for i, p := range places {
		at[p.stream], numbers[i] = i, p.stream
		list[i].Active = p.active
	}
	if err := describe(tx, caller.User, numbers, at, list); err != nil {
		return nil, err
	}
	return list, addMembers(tx, numbers, at, list)
}

// describe fills in what the list shows of streams, except their members.
func describe(tx *db.Tx, user wire.UserID, numbers []int64, at map[int64]int, list []Conversation) error {
	_, err := db.All(tx, func(row db.Row) (number int64, err error) {
		var c Conversation
		if err := row.Scan(&number, &c.ID, &c.Type, &c.Name, &c.CrossPod, &c.Last, &c.Unread); err != nil {
			return number, err
		}
		c.Active = list[at[number]].Active
		list[at[number]] = c
		return number, nil
	}, `
		SELECT s.number, s.id, s.type, s.name, s.cross_pod,
			COALESCE((SELECT id FROM stream_messages l WHERE l.stream = s.number AND l.suppressed = 0 ORDER BY l.at DESC, l.number DESC LIMIT 1), ''),
			(SELECT COUNT(*)
				FROM stream_messages n
				WHERE n.stream = s.number AND n.author <> $1 AND n.suppressed = 0 AND NOT n.silent AND n.replaced_by = ''
					AND n.at >= m.joined
					AND n.at >= COALESCE((
						SELECT at FROM stream_messages o WHERE o.stream = s.number ORDER BY o.at DESC, o.number DESC LIMIT 1 OFFSET $3), 0)
					AND n.number > COALESCE((SELECT MAX(message) FROM read_marks r WHERE r.stream = s.number AND r.user_id = $1), 0))
		FROM stream_members m JOIN streams s ON s.number = m.stream
		WHERE m.user_id = $1 AND m.stream IN ($2)`, user, numbers, maxCounted-1)
	return err
}

// addMembers adds the members of those streams that are not rooms.
func addMembers(tx *db.Tx, numbers []int64, at map[int64]int, list []Conversation) error {
	numbers = slices.DeleteFunc(numbers, func(n int64) bool { return list[at[n]].Type == streams.Room })
	if len(numbers) == 0 {
		return nil
	}
	_, err := db.All(tx, func(row db.Row) (number int64, err error) {
		var user wire.UserID
		if err = row.Scan(&number, &user); err == nil {
			if c := &list[at[number]]; len(c.Members) < maxShown {
				c.Members = append(c.Members, user)
			}
		}
		return number, err
	}, `
		SELECT stream, user_id
		FROM stream_members
		WHERE stream IN ($1)
		ORDER BY stream, user_id`, numbers)
	return err
}
