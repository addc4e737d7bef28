package groups

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/wire"
)

// sdl is the only type of groups.
const sdl = "SDL"

// Status is whether a group is active or deleted.
type Status string

// The published statuses.
const (
	Active  Status = "ACTIVE"
	Deleted Status = "DELETED"
)

// Enum returns the published values.
func (Status) Enum() []string { return []string{string(Active), string(Deleted)} }

// group is a group without its account and its members.
type group struct {
	id        wire.UserID // of its account
	company   wire.CompanyID
	name      string
	status    Status
	tag       string // of this version
	limits    limits
	created   wire.Time
	createdBy wire.UserID
	updated   wire.Time
	updatedBy wire.UserID
}

// member is an account in a group.
type member struct {
	group, user wire.UserID
	added       wire.Time
}

// changed returns the group as its next version, changed by the caller now.
func (g group) changed(tx *db.Tx, caller auth.Caller) group {
	g.tag, g.updated = newTag(), tx.Now()
	if caller.User != 0 {
		g.updatedBy = caller.User
	}
	return g
}

// newTag returns a new tag for a version of a group: a random UUID, as in published samples.
func newTag() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// publicID returns the group's id in this API. It has the published form, [owner][type][name] in
// base64, but with the number of the account instead of the name, because the name may change.
func (g group) publicID() string {
	return base64.RawURLEncoding.EncodeToString([]byte(prefix(g.company) + g.id.String() + "]"))
}

func prefix(company wire.CompanyID) string { return "[" + company.String() + "][" + sdl + "][" }

// accountOf returns the id of the account of the group with a public id; 0 if it is not the id of a
// group of the company.
func accountOf(company wire.CompanyID, public string) wire.UserID {
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(public, "="))
	if err != nil {
		return 0
	}
	number, ok := strings.CutPrefix(string(text), prefix(company))
	number, closed := strings.CutSuffix(number, "]")
	id, err := wire.ParseUserID(number)
	if err != nil || !ok || !closed || id.String() != number {
		return 0
	}
	return id
}

// find returns the group of the caller's company with a public id. It fails with NotFound.
func find(tx *db.Tx, caller auth.Caller, public string) (group, error) {
	g, err := db.One(tx, scanGroup, selectGroups+` WHERE id = $1 AND company = $2`, accountOf(caller.Company, public), caller.Company)
	if errors.Is(err, db.ErrNoRow) {
		return g, apierr.NotFound("Group not found")
	}
	return g, err
}

// locked locks a group until commit and returns it as find does.
func locked(tx *db.Tx, caller auth.Caller, public string) (group, error) {
	if err := hold(tx, accountOf(caller.Company, public)); err != nil {
		return group{}, err
	}
	return find(tx, caller, public)
}

func hold(tx *db.Tx, id wire.UserID) error { return tx.Lock(lock.DistributionList(id)) }

// subject returns the group as facts name it.
func (g group) subject() journal.Subject { return journal.Subject{ID: g.id.String(), Name: g.name} }
