package admin_test

import (
	"fmt"
	"sync"
	"testing"

	"podium/podtest"
)

// creation returns a body that creates a service account.
func creation(name, email string) map[string]any {
	return map[string]any{"userAttributes": map[string]any{
		"accountType": "SYSTEM", "userName": name, "emailAddress": email, "displayName": name,
	}}
}

// TestOneOfManyTakesAName checks that of concurrent calls that create an account with one name, or
// one address, exactly one succeeds, and the others are told why.
func TestOneOfManyTakesAName(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		for what, body := range map[string]func(i int) map[string]any{
			"name": func(i int) map[string]any {
				return creation([]string{"Race", "RACE", "race", "ｒａｃｅ"}[i%4], fmt.Sprintf("race-%d@acme.example", i))
			},
			"address": func(i int) map[string]any {
				return creation(fmt.Sprint("racer-", i), []string{"Raced@acme.example", "raced@ACME.example"}[i%2])
			},
		} {
			var group sync.WaitGroup
			var mu sync.Mutex
			statuses := map[int]int{}
			for i := range 12 {
				group.Go(func() {
					a := admin.Post("/pod/v2/admin/user/create", body(i))
					mu.Lock()
					defer mu.Unlock()
					statuses[a.Status]++
				})
			}
			group.Wait()
			if statuses[200] != 1 || statuses[400] != 11 {
				t.Errorf("the same %s: %v", what, statuses)
			}
		}
	})
}

// TestUpdatesAtOnce checks that concurrent changes of different attributes all apply.
func TestUpdatesAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, target := p.Bot("acme-admin"), p.Bot("target")
		path := fmt.Sprintf("/pod/v2/admin/user/%d/update", target.ID)
		attributes := []string{"title", "department", "division", "location", "workPhoneNumber", "mobilePhoneNumber", "smsNumber", "twoFactorAuthPhone"}
		var group sync.WaitGroup
		for _, name := range attributes {
			group.Go(func() { admin.Post(path, map[string]any{name: "new " + name}).Want(200) })
		}
		group.Wait()
		var got struct{ UserAttributes map[string]any }
		admin.Get(fmt.Sprintf("/pod/v2/admin/user/%d", target.ID)).Want(200).Into(&got)
		for _, name := range attributes {
			if got.UserAttributes[name] != "new "+name {
				t.Errorf("%s is %v", name, got.UserAttributes[name])
			}
		}
	})
}

// TestNoMassAssignment checks that a request cannot set what answers show beside the attributes, in
// any version or at any level of the body.
func TestNoMassAssignment(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		forged := map[string]any{
			"id": 7, "ID": 7, "company": 191, "Company": 191, "status": "DISABLED", "Status": "DISABLED", "suspended": true, "Suspended": true,
			"suspendedUntil": 4102444800000, "suspensionReason": "forged", "created": 7, "createdDate": 7, "createdBy": "7", "CreatedBy": 7,
			"updated": 7, "lastUpdatedDate": 7, "lastLoginDate": 7, "lastPasswordReset": 7, "deactivatedDate": 7, "version": 7, "Version": 7,
			"bootstrap": true, "Bootstrap": true, "features": []any{}, "apps": []int{1}, "groups": []int{1}, "disclaimers": []int{1},
			"avatar": map[string]any{"size": "500", "url": "x"}, "username_folded": "alice",
		}
		roles := map[string]any{"roles": []string{"SUPER_ADMINISTRATOR", "USER_PROVISIONING"}, "Roles": []string{"USER_PROVISIONING"}}
		with := func(maps ...map[string]any) map[string]any {
			all := map[string]any{}
			for _, m := range maps {
				for k, v := range m {
					all[k] = v
				}
			}
			return all
		}
		for _, version := range []string{"v1", "v2"} {
			name := "forger-" + version
			attributes := creation(name, name+"@acme.example")["userAttributes"].(map[string]any)
			body := with(forged, map[string]any{
				"userAttributes": with(forged, roles, attributes), "userSystemInfo": with(forged, roles), "user": with(forged, roles),
			})
			var made detail
			admin.Post("/pod/"+version+"/admin/user/create", body).Want(200).Into(&made)
			made.honest(t, admin, name)
			var changed detail
			update := with(forged, roles, map[string]any{"userSystemInfo": with(forged, roles), "userAttributes": with(forged, roles, map[string]any{"userName": "forged"})})
			admin.Post(fmt.Sprintf("/pod/%s/admin/user/%d/update", version, made.UserSystemInfo.ID), update).Want(200).Into(&changed)
			changed.honest(t, admin, name)
			if changed.UserSystemInfo.ID != made.UserSystemInfo.ID {
				t.Errorf("%s: the id changed", name)
			}
		}
	})
}

type detail struct {
	UserAttributes map[string]any
	UserSystemInfo struct {
		ID                             int64
		Status, CreatedBy              string
		Suspended                      bool
		SuspendedUntil, LastLoginDate  int64
		CreatedDate, LastUpdatedDate   int64
		DeactivatedDate, PasswordReset int64
	}
	Roles []string
}

// honest checks that an account has none of the values that a client may not set.
func (d detail) honest(t *testing.T, admin *podtest.User, name string) {
	t.Helper()
	i := d.UserSystemInfo
	if i.ID>>36 != 190 || i.Status != "ENABLED" || i.CreatedBy != fmt.Sprint(admin.ID) || i.Suspended || i.SuspendedUntil != 0 || i.LastLoginDate != 0 ||
		i.CreatedDate < 1_000_000 || i.LastUpdatedDate < 1_000_000 || i.DeactivatedDate != 0 || i.PasswordReset != 0 {
		t.Errorf("%s: %+v", name, i)
	}
	if len(d.Roles) != 1 || d.Roles[0] != "INDIVIDUAL" {
		t.Errorf("%s has the roles %v", name, d.Roles)
	}
	if d.UserAttributes["userName"] != name || d.UserAttributes["displayName"] != name {
		t.Errorf("%s: %v", name, d.UserAttributes)
	}
}
