package apps

import (
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var listAppUsers = op.Operation[Service]{
	ID:      "findAppUsers",
	Route:   "GET /v5/users/apps/{groupAppId}",
	Tag:     "Apps",
	Summary: "List the users of the calling application, page by page.",
	About: "With installed=true, lists the users for whom it is installed; with " +
		"installed=false, those who only see it in the store; without it, both. Omits " +
		"disabled accounts. Pages are sorted by userId. Pages read one after another fit " +
		"together and show the total of the first, whatever changes meanwhile.",
	Needs:  auth.AnApp,
	Also:   []int{404},
	Handle: op.Read((*Service).listAppUsers),
}

type appUsersInput struct {
	App       string   `path:"groupAppId" maxLength:"256"`
	Installed *bool    `query:"installed"`
	Page      int      `query:"page" default:"0" min:"0" max:"1000000000"`
	Size      int      `query:"size" default:"100" min:"1" max:"1000"`
	Sort      []string `query:"sort" maxItems:"10" maxLength:"64"`
}

// AppUsers is a page of the users of an application.
type AppUsers struct {
	Users []AppUser `json:"users"`
	Page  PageMeta  `json:"page"`
}

// AppUser is a user's entitlement to the application.
type AppUser struct {
	UserID  wire.UserID   `json:"userId"`
	Enable  bool          `json:"enable"`
	Listed  bool          `json:"listed"`
	Product *Subscription `json:"product,omitempty" doc:"The product of the user's subscription, or else the user's first product."`
}

// Subscription is a product as the application sees it.
type Subscription struct {
	Name       string `json:"name"`
	Type       string `json:"type"`
	Subscribed bool   `json:"subscribed"`
}

// PageMeta describes a page's place among the others.
type PageMeta struct {
	Size          int    `json:"size" doc:"The largest number of users of a page."`
	Number        int    `json:"number" doc:"From 0."`
	TotalElements int64  `json:"totalElements"`
	TotalPages    int    `json:"totalPages"`
	First         bool   `json:"first"`
	Last          bool   `json:"last"`
	HasNext       bool   `json:"hasNext"`
	HasPrevious   bool   `json:"hasPrevious"`
	Sort          []Sort `json:"sort"`
}

// Sort is an order of pages.
type Sort struct {
	Property  string    `json:"property"`
	Direction Direction `json:"direction"`
}

// Direction is the direction of an order.
type Direction string

// The directions.
const (
	ascending  Direction = "ASC"
	descending Direction = "DESC"
)

// Enum returns the published values.
func (Direction) Enum() []string { return []string{string(ascending), string(descending)} }

func (in appUsersInput) Validate() error {
	_, err := in.direction()
	return err
}

// direction parses the parameter sort: userId, or userId,asc, or userId,desc.
func (in appUsersInput) direction() (Direction, error) {
	direction := ascending
	for i, word := range in.Sort {
		switch {
		case i == 0 && strings.EqualFold(word, "userId"):
		case i == 1 && strings.EqualFold(word, string(ascending)):
		case i == 1 && strings.EqualFold(word, string(descending)):
			direction = descending
		default:
			return "", apierr.Invalid("Invalid value for sort: userId, perhaps with ,asc or ,desc, is expected")
		}
	}
	return direction, nil
}

func (s *Service) listAppUsers(tx *db.Tx, caller auth.Caller, in appUsersInput) (AppUsers, error) {
	a, err := Find(tx, caller.Company, in.App)
	if err != nil {
		return AppUsers{}, unknown(err)
	}
	if a.ID != caller.App {
		return AppUsers{}, apierr.Forbidden("an application sees its own users, not those of %q", a.ID)
	}
	direction, err := in.direction()
	if err != nil {
		return AppUsers{}, err
	}
	w := walk{company: a.Company, app: a.ID, installed: installedAs(in.Installed), direction: direction, size: in.Size}
	place, known := s.walks.at(w, in.Page, tx.Now())
	q := audience{tx: tx, app: a, walk: w}
	if !known {
		place = spot{skip: int64(in.Page) * int64(in.Size)}
		if place.total, err = q.count(); err != nil {
			return AppUsers{}, err
		}
	}
	list, err := q.page(place, in.Size+1)
	if err != nil {
		return AppUsers{}, err
	}
	more := len(list) > in.Size
	if more {
		list = list[:in.Size]
		s.walks.put(w, in.Page+1, spot{after: list[len(list)-1].UserID, total: place.total, at: tx.Now()})
	}
	return AppUsers{Users: list, Page: PageMeta{
		Size: in.Size, Number: in.Page, TotalElements: place.total, TotalPages: int((place.total + int64(in.Size) - 1) / int64(in.Size)),
		First: in.Page == 0, Last: !more, HasNext: more, HasPrevious: in.Page > 0,
		Sort: []Sort{{Property: "userId", Direction: direction}},
	}}, nil
}
