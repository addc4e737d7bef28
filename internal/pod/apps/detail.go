package apps

import (
	"bytes"
	"encoding/json"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/wire"
)

// Detail is an application as administrators see and write it: the published ApplicationDetail. In
// a request, absent or null members stay unchanged; an empty text removes an optional attribute.
type Detail struct {
	ApplicationInfo    *Info              `json:"applicationInfo"`
	IconURL            *string            `json:"iconUrl" maxLength:"2048" doc:"Begins with https://."`
	Description        *string            `json:"description" maxLength:"2048"`
	AllowOrigins       *string            `json:"allowOrigins" maxLength:"2048" doc:"The domains that the application's front end may be embedded in."`
	Permissions        []auth.Permission  `json:"permissions" maxItems:"100" doc:"Published names, or own names of upper-case letters, digits and underscores."`
	Cert               *string            `json:"cert" maxLength:"65536" doc:"A certificate or an RSA public key in PEM; not together with authenticationKeys."`
	AuthenticationKeys *Keys              `json:"authenticationKeys"`
	Notification       *Notification      `json:"notification"`
	Properties         []DetailedProperty `json:"properties" maxItems:"1000" doc:"Settings that the application's front end reads."`
}

// Info is what identifies an application.
type Info struct {
	AppID     *string `json:"appId" maxLength:"256" refusal:"appId: it has between 1 and 256 characters" doc:"Between 1 and 256 characters; generated if absent."`
	Name      *string `json:"name" maxLength:"50" refusal:"name: it has between 1 and 50 characters" doc:"Between 1 and 50 characters."`
	AppURL    *string `json:"appUrl" maxLength:"2048" doc:"Begins with https://."`
	Domain    *string `json:"domain" maxLength:"2048" doc:"The host of appUrl, or a domain above it."`
	Publisher *string `json:"publisher" maxLength:"2048"`
}

// Keys holds the RSA keys with which an application logs in.
type Keys struct {
	Current  *DetailedKey `json:"current"`
	Previous *DetailedKey `json:"previous" doc:"The previous key, valid until its expirationDate."`
}

// DetailedKey is a key, or an action on one.
type DetailedKey struct {
	Key            *string    `json:"key" maxLength:"16384" doc:"An RSA public key in PEM."`
	ExpirationDate *wire.Time `json:"expirationDate,omitempty" doc:"Until when a previous key is valid."`
	Action         *string    `json:"action,omitempty" maxLength:"32" doc:"In requests: SAVE or REVOKE for the current key, REVOKE or EXTEND for the previous one."`
}

// Notification is the application's callback.
type Notification struct {
	URL    *string `json:"url" maxLength:"2048"`
	APIKey *Text   `json:"apiKey" maxLength:"2048" doc:"Sent to the URL in the header X-API-KEY."`
}

// DetailedProperty is a setting that the application's front end reads.
type DetailedProperty struct {
	Key   string `json:"key" maxLength:"1024" doc:"Unique, at most 1024 characters."`
	Value *Text  `json:"value" maxLength:"4096" doc:"At most 4096 characters; may be empty."`
}

// Text is a text that some clients send as a number, as the published samples do.
type Text string

// UnmarshalJSON accepts a string or a number.
func (t *Text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && (data[0] == '-' || (data[0] >= '0' && data[0] <= '9')) {
		*t = Text(bytes.TrimSpace(data))
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// apply returns the application with the values of the request.
func (d Detail) apply(a App) (App, error) {
	if info := d.ApplicationInfo; info != nil {
		replace(&a.Name, info.Name)
		replace(&a.URL, info.AppURL)
		replace(&a.Domain, info.Domain)
		replace(&a.Publisher, info.Publisher)
	}
	replace(&a.IconURL, d.IconURL)
	replace(&a.Description, d.Description)
	replace(&a.AllowOrigins, d.AllowOrigins)
	replace(&a.Certificate, d.Cert)
	if n := d.Notification; n != nil {
		replace(&a.NotificationURL, n.URL)
		replace(&a.NotificationKey, (*string)(n.APIKey))
	}
	if d.Permissions != nil {
		a.Permissions = nil
		seen := make(map[auth.Permission]bool, len(d.Permissions))
		for _, p := range d.Permissions { // a duplicate counts once
			if !seen[p] {
				seen[p] = true
				a.Permissions = append(a.Permissions, p)
			}
		}
		a.ActsUnnamed = a.ActsUnnamed && !a.namesActAsUser()
	}
	if d.Properties != nil {
		a.Properties = nil
		for _, p := range d.Properties {
			if p.Value == nil {
				return a, apierr.Invalid("properties: the value of %s is missing", p.Key)
			}
			a.Properties = append(a.Properties, Property{Key: p.Key, Value: string(*p.Value)})
		}
	}
	if strings.TrimSpace(a.Publisher) == "" {
		return a, apierr.Invalid("publisher: it is required")
	}
	return a, a.Validate()
}

func replace(value, with *string) {
	if with != nil {
		*value = *with
	}
}

// detail returns an application and its keys as clients see them.
func (a App) detail(keys []Key) Detail {
	d := Detail{
		ApplicationInfo: &Info{
			AppID: &a.ID, Name: &a.Name, AppURL: given(a.URL), Domain: given(a.Domain), Publisher: given(a.Publisher),
		},
		IconURL: given(a.IconURL), Description: given(a.Description), AllowOrigins: given(a.AllowOrigins),
		Permissions: append([]auth.Permission{}, a.Permissions...), Cert: given(a.Certificate),
		Properties: make([]DetailedProperty, len(a.Properties)),
	}
	for i, p := range a.Properties {
		d.Properties[i] = DetailedProperty{Key: p.Key, Value: (*Text)(&p.Value)}
	}
	if a.NotificationURL != "" || a.NotificationKey != "" {
		d.Notification = &Notification{URL: given(a.NotificationURL), APIKey: (*Text)(given(a.NotificationKey))}
	}
	if len(keys) > 0 {
		d.AuthenticationKeys = &Keys{}
		if k := in(keys, Current); k.PEM != "" {
			d.AuthenticationKeys.Current = &DetailedKey{Key: &k.PEM}
		}
		if k := in(keys, Previous); k.PEM != "" {
			d.AuthenticationKeys.Previous = &DetailedKey{Key: &k.PEM, ExpirationDate: &k.Expires}
		}
	}
	return d
}

// given returns a pointer to a text, or nil for an empty text.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
