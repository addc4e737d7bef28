package barriers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"podium/podtest"
)

// manager is an account that manages the distribution lists of Acme.
type manager struct {
	url, token string
}

func newManager(p *podtest.Pod) manager {
	return manager{p.URL, p.Bot("lists", "GROUP_MANAGER").AccessToken("profile-manager")}
}

// call calls an operation on distribution lists.
func (m manager) call(method, path string, body any) (status int, answer []byte, err error) {
	data, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequest(method, m.url+"/profile-manager/v1/groups"+path, bytes.NewReader(data))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+m.token)
	request.Header.Set("If-Match", "*")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	var got bytes.Buffer
	_, err = got.ReadFrom(response.Body)
	return response.StatusCode, got.Bytes(), err
}

// known holds the ids of a distribution list: for its managers, and for rooms.
type known struct {
	id      string
	account int64
}

// made sets the ids from the answer to the list's creation.
func (k *known) made(answer []byte) error {
	var made struct {
		ID      string
		Profile struct {
			ID int64 `json:",string"`
		}
	}
	if err := json.Unmarshal(answer, &made); err != nil {
		return fmt.Errorf("%w: %s", err, answer)
	}
	k.id, k.account = made.ID, made.Profile.ID
	return nil
}

// listBody returns the body that creates a distribution list with members.
func listBody(name string, members ...int64) map[string]any {
	list := []map[string]int64{}
	for _, id := range members {
		list = append(list, map[string]int64{"memberId": id, "memberTenant": 190})
	}
	return map[string]any{
		"type": "SDL", "ownerType": "TENANT", "ownerId": 190, "name": name, "profile": map[string]string{"displayName": name}, "members": list,
	}
}

// memberBody returns the body that adds an account to a distribution list.
func memberBody(id int64) map[string]any {
	return map[string]any{"member": map[string]int64{"memberId": id, "memberTenant": 190}}
}
