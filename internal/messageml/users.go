package messageml

import (
	"strconv"

	"podium/internal/messageml/jsontree"
	"podium/internal/messageml/xmltree"
)

// lookUp asks once for all users that the message may mention, so that building it asks nothing.
func (b *builder) lookUp(root *xmltree.Node) error {
	if b.options.Users == nil {
		return nil
	}
	var ids []int64
	var emails []string
	entities := make(map[string]bool)
	collect(root, func(n *xmltree.Node) bool {
		switch {
		case n.Name == "mention":
			if id, err := parseLong(n.Attribute("uid")); err == nil {
				ids = append(ids, id)
			} else if hasAttribute(n, "email") {
				emails = append(emails, n.Attribute("email"))
			}
		case n.Name == "div" || n.Name == "span":
			if isEntity(n.Attribute("class")) {
				entities[n.Attribute("data-entity-id")] = true
			}
		}
		return true
	})
	ids = b.mentionedIn(entities, ids)
	if len(ids) == 0 && len(emails) == 0 {
		return nil
	}
	var err error
	b.users, err = b.options.Users(ids, emails)
	return err
}

// mentionedIn appends the users that entries of the names mention, wherever in the data they are.
func (b *builder) mentionedIn(names map[string]bool, ids []int64) []int64 {
	if len(names) == 0 {
		return ids
	}
	found := make(map[string][]jsontree.Value)
	findMembers(b.data, names, found)
	for _, members := range found {
		for _, member := range members {
			object, ok := member.(*jsontree.Object)
			if !ok || object.Text("type") != mentionType {
				continue
			}
			if value, ok := identity(object); ok {
				ids = append(ids, mentionID(value))
			}
		}
	}
	return ids
}

// mentionID reads a user's id; what is no number counts as 0.
func mentionID(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// knows reports whether a user of the address was found.
func (b *builder) knows(email string) bool {
	_, ok := b.users.ByEmail[email]
	return ok
}
