package apps

import (
	"slices"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/wording"
)

// Product is a user's subscription to a product of an application.
type Product struct {
	AppID      string `json:"appId"`
	Name       string `json:"name" doc:"Between 1 and 50 characters."`
	SKU        string `json:"sku,omitempty" doc:"At most 100 characters; the default product has none."`
	Subscribed bool   `json:"subscribed"`
	Type       string `json:"type" doc:"default or premium."`
}

// GivenProduct is a Product in a request.
type GivenProduct struct {
	AppID      string `json:"appId" maxLength:"256" doc:"The application's id, if given."`
	Name       string `json:"name" maxLength:"50" refusal:"product.name: it has between 1 and 50 characters"`
	SKU        string `json:"sku" maxLength:"100" refusal:"product.sku: it has at most 100 characters"`
	Subscribed *bool  `json:"subscribed"`
	Type       string `json:"type" maxLength:"32"`
}

// of returns the product as it is stored.
func (g GivenProduct) of(app string) Product {
	return Product{AppID: app, Name: g.Name, SKU: g.SKU, Subscribed: *g.Subscribed, Type: g.Type}
}

func (g GivenProduct) validate(app string) error {
	switch {
	case g.AppID != "" && g.AppID != app:
		return apierr.Invalid("product.appId: a product of %q is given with application %q", g.AppID, app)
	case g.Name == "" || utf8.RuneCountInString(g.Name) > 50:
		return apierr.Invalid("product.name: it has between 1 and 50 characters")
	case utf8.RuneCountInString(g.SKU) > 100:
		return apierr.Invalid("product.sku: it has at most 100 characters")
	case g.Subscribed == nil:
		return apierr.Invalid("product.subscribed: it is required")
	case g.Type != "default" && g.Type != "premium":
		return apierr.Invalid("product.type: default or premium is expected")
	}
	return wording.Changed(wording.Text{Field: "product.name", Value: g.Name}, wording.Text{Field: "product.sku", Value: g.SKU})
}

// same reports whether a and b are the same product, subscribed to or not.
func same(a, b Product) bool { return a.Name == b.Name && a.SKU == b.SKU }

// with returns a list of products in which others replace equal products or are appended.
func with(list []Product, others []Product) []Product {
	list = slices.Clone(list)
	for _, p := range others {
		if i := slices.IndexFunc(list, func(q Product) bool { return same(p, q) }); i >= 0 {
			list[i] = p
		} else {
			list = append(list, p)
		}
	}
	return list
}

// maxProducts is the most products of a user for one application.
const maxProducts = 100

func validateProducts(app string, list []GivenProduct) error {
	if len(list) > maxProducts {
		return apierr.Invalid("products: they are more than %d", maxProducts)
	}
	seen := make(map[[2]string]bool, len(list))
	for _, g := range list {
		if err := g.validate(app); err != nil {
			return err
		}
		key := [2]string{g.Name, g.SKU}
		if seen[key] {
			return apierr.Invalid("product: %q is given twice", g.Name)
		}
		seen[key] = true
	}
	return nil
}

func kept(app string, list []GivenProduct) []Product {
	var products []Product
	for _, g := range list {
		products = append(products, g.of(app))
	}
	return products
}
